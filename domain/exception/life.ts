import type { Evidence, ExceptionOutcome, ExceptionStatus } from './kind.ts'

/*
 * From raised to closed: what people and the clock may do with an exception, and what it means that its cause is seen
 * once more. Pure: the store keeps what is decided here, together with its entry in the history.
 */

export interface Standing {
  readonly status: ExceptionStatus
  readonly outcome: ExceptionOutcome | null
  readonly evidence: Evidence
}

export type LifeCommand =
  | { readonly type: 'acknowledge' }
  | { readonly type: 'resolve'; readonly outcome: ExceptionOutcome }
  | { readonly type: 'reopen' }

/** `unchanged`: it is so already, and whoever asks again is answered the same. */
export type LifeVerdict =
  | { readonly ok: true; readonly unchanged: boolean }
  | { readonly ok: false; readonly why: string }

export function judgeLife(exception: Standing, command: LifeCommand): LifeVerdict {
  const { status, outcome } = exception
  switch (command.type) {
    case 'acknowledge':
      if (status === 'resolved') return refuse('it is resolved; reopen it first')
      return { ok: true, unchanged: status === 'acknowledged' }
    case 'resolve':
      if (status !== 'resolved') return { ok: true, unchanged: false }
      if (outcome === command.outcome) return { ok: true, unchanged: true }
      return refuse(`it is resolved as ${outcome}; reopen it to resolve it as ${command.outcome}`)
    case 'reopen':
      if (status !== 'resolved') return refuse(`it is ${status}, not resolved`)
      return { ok: true, unchanged: false }
    default:
      return command satisfies never
  }
}

/** `kept`: it is counted, and stays resolved. */
export type Sighting = 'counted' | 'reopened' | 'kept'

/**
 * Its cause is there (still, or again). What a person called no fault or accepted stays resolved for as long as it
 * looks the same; whatever was fixed and is seen again was not.
 */
export function seenAgain(exception: Standing, evidence: Evidence): Sighting {
  if (exception.status !== 'resolved') return 'counted'
  const settled = exception.outcome === 'accepted' || exception.outcome === 'false_positive'
  return settled && sameEvidence(exception.evidence, evidence) ? 'kept' : 'reopened'
}

/** Since when something is so does not change what it is. */
export function sameEvidence(one: Evidence, other: Evidence): boolean {
  return textOf({ ...one, since: '' }) === textOf({ ...other, since: '' })
}

function refuse(why: string): LifeVerdict {
  return { ok: false, why }
}

/** As JSON with its keys in order: a store gives them back in another one. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
