/** What the check refuses a definition for: stable codes, for people and programs to go by. */
export const problemCodes = [
  'yaml',
  'unknown_key',
  'bad_value',
  'bad_duration',
  'duplicate_step',
  'unknown_step',
  'unknown_calendar',
  'unknown_permissions',
  'unknown_status',
  'unknown_command',
  'unknown_operation',
  'status_taken',
  'cycle',
  'after_missing',
  'send_back',
  'unreachable',
  'owner_missing',
  'owner_unknown',
  'owner_unreachable',
  'target_unknown',
  'target_unreachable',
  'ladder_missing',
  'ladder_unused',
  'ladder_order',
  'ladder_mixed',
  'ladder_open',
  'ladder_tail',
  'transfer_unused',
  'fallback_release',
  'fallback_continue',
  'fallback_cancel',
  'review_missing',
  'review_not_repeating',
  'give_up_missing',
  'on_failure_missing',
  'undo_missing',
  'undo_mismatch',
  'partial_unused',
  'bad_expression',
  'fact_missing',
  'fact_unused',
  'release_nobody',
  'nobody_may',
  'no_way_out',
  'nobody_confirms',
  'silence_raised',
  'silence',
  'limbo',
  'no_end',
  'never_completed',
  'too_large',
  'unproven',
] as const

export type ProblemCode = (typeof problemCodes)[number]

export interface Problem {
  readonly code: ProblemCode
  /** Where in the definition. */
  readonly path: readonly PropertyKey[]
  /** Id of the step that it is about; null: the definition as a whole. */
  readonly step: string | null
  /** One sentence that says what to change. */
  readonly mend: string
  /** How an order gets there: what happens, one after the other. */
  readonly trail?: readonly string[]
}
