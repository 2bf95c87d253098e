import type { OrderState, Review } from '../core/state.ts'

/** Why a person must look into it: what should have been, and what was. */
export interface ReviewEvidence {
  readonly expected: string | null
  readonly seen: string
  readonly since: string
  /** What went wrong last at its step. */
  readonly lastError: string | null
}

/** From the exception that was raised with the review, where there is one. */
export function reviewEvidence(state: OrderState, review: Review): ReviewEvidence {
  const raised = Object.values(state.exceptions)
    .filter(({ step, kind }) => step === review.step && (kind === 'failed' || kind === 'mismatch'))
    .sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1))[0]
  const error = review.step === undefined ? undefined : state.steps[review.step]?.error
  return {
    expected: raised?.evidence.expected ?? null,
    seen: raised?.evidence.seen ?? review.message,
    since: raised?.evidence.since ?? review.openedAt,
    lastError: error ?? null,
  }
}
