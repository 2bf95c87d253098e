import type { Refusal } from '../input.ts'
import type { Review } from '../state.ts'
import { closeReviews } from '../steps/review.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'
import { holdsFor } from './judge-command.ts'
import { refuse } from './refuse.ts'
import { giveUpMerge } from './release-merge.ts'

/** Ends a hold, or a review of the whole order: a person has looked, and the order goes on. */
export function release(turn: Turn, which: string | undefined): Refusal | undefined {
  const [hold] = holdsFor(turn.state, which)
  if (hold !== undefined) {
    emit(turn, 'hold.released', { hold: hold[0] })
    return
  }
  const found = Object.entries(turn.state.reviews).find(([id, other]) =>
    which === undefined ? isReleasable(turn, other) : which === id || which === `review:${id}`,
  )
  if (found === undefined) {
    return refuse('not_applicable', 'the order has no such hold, and no review that can be released')
  }
  const [id, review] = found
  if (!isReleasable(turn, review)) {
    return refuse('not_applicable', `the review of "${review.step}" ends by retry, send_back or cancel`)
  }
  emit(turn, 'review.closed', { review: id, because: 'released' })
  if (review.code === 'merge_unanswered') giveUpMerge(turn)
  if (review.step === undefined) return
  emit(turn, 'step.retried', { step: review.step, round: stepState(turn, review.step).round, what: 'keep' })
  closeReviews(turn, 'released', other => other.step === review.step)
  return
}

/** A failed step is not released: it is retried, sent back or cancelled. What cannot be undone can be accepted. */
function isReleasable(turn: Turn, review: Review): boolean {
  if (review.step === undefined) return true
  const step = stepNamed(turn.definition, review.step)
  return review.code === 'undo_failed' && (step?.kind === 'task' || step?.undo === undefined)
}
