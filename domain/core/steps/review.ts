import type { Step } from '../../definition/compiled-definition.ts'
import { beginClock } from '../clock/ladder.ts'
import { raise, tell } from '../clock/people.ts'
import { failure } from '../clock/raised-evidence.ts'
import type { OrderState } from '../state.ts'
import { emit, stepState, type Turn } from '../turn.ts'

/** Hands the order, or one step of it, to a person: the review's owner is told, and told again until it is decided. */
export function openReview(
  turn: Turn,
  review: { step?: string; code: string; message: string; scope?: 'step' | 'order' },
): void {
  const known = Object.values(turn.state.reviews).some(
    other => other.code === review.code && other.step === review.step,
  )
  if (known) return
  const { owner, ladder } = turn.definition.review
  const id = `${turn.state.counted.reviews + 1}`
  const calendar = turn.definition.calendars[turn.definition.calendar]!
  emit(turn, 'review.opened', {
    review: id,
    ...review,
    scope: review.scope ?? (review.step === undefined ? 'order' : 'step'),
    owner,
    clock: beginClock(ladder, calendar, turn.at),
  })
  tell(turn, { subject: `review:${id}`, target: 'owner', owner, about: 'review' })
}

/** A step that failed and that a person must now decide about. */
export function failToReview(turn: Turn, step: Step, code: string, message: string): void {
  const current = stepState(turn, step.id)
  emit(turn, 'step.failed', { step: step.id, round: current.round, code, message })
  const { owner } = turn.definition.review
  raise(turn, { kind: 'failed', step: step.id, owner, evidence: failure(step, code, message) })
  openReview(turn, { step: step.id, code, message, scope: step.stopsAll ? 'order' : 'step' })
}

export function closeReviews(
  turn: Turn,
  because: string,
  matches: (review: OrderState['reviews'][string]) => boolean,
): void {
  for (const [id, review] of Object.entries(turn.state.reviews)) {
    if (matches(review)) emit(turn, 'review.closed', { review: id, because })
  }
}

/** A review of the whole order stops everything but the calls under way. */
export function isStopped(state: OrderState): boolean {
  return Object.values(state.reviews).some(review => review.scope === 'order')
}
