import type { CallOutcome } from '../../call.ts'
import { effectOf } from '../../operation.ts'
import { raise, resolveExceptions } from '../clock/people.ts'
import { undoEffect, undoProblem } from '../effects/undo-effect.ts'
import type { CallState } from '../state.ts'
import { closeReviews, openReview } from '../steps/review.ts'
import { emit, stepState, type Turn } from '../turn.ts'

/** An undo has come back. */
export function takeUndo(turn: Turn, call: CallState, outcome: CallOutcome): void {
  const { step: id, round } = call
  if (!outcome.ok) {
    const { code, message, certainty } = outcome
    emit(turn, 'call.failed', { step: id, round, kind: 'undo', code, message, certainty })
    if (call.cancelling === undefined) undoFailed(turn, call, code, message)
    return
  }
  const effect = undoEffect(effectOf(call.operation), stepState(turn, id), turn.state)
  const problem = undoProblem(effect, outcome.result)
  if (problem !== undefined) {
    const failure = { ok: false, code: 'bad_result', message: problem, certainty: 'unknown' } as const
    return takeUndo(turn, call, failure)
  }
  const { reference } = outcome.result
  emit(turn, 'call.succeeded', {
    step: id,
    round,
    kind: 'undo',
    ...(reference === undefined ? {} : { reference }),
    effect,
  })
  closeReviews(turn, 'undone', review => review.step === id && review.code === 'undo_failed')
  resolveExceptions(turn, id)
}

export function undoFailed(turn: Turn, call: CallState, code: string, message: string): void {
  const expected = `${call.operation} takes back what "${call.step}" had done`
  const evidence = { expected, seen: message, operation: call.operation, key: call.key, code, message }
  raise(turn, { kind: 'failed', step: call.step, owner: turn.definition.review.owner, evidence })
  openReview(turn, { step: call.step, code: 'undo_failed', message })
}
