import type { Answer, Effect } from './entry.ts'

/** What an operation comes to: its answer, and its effect when it has one. */
export interface Outcome {
  readonly answer: Answer
  readonly effect?: Effect
}
