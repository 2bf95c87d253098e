import type { CallStep } from '../../definition/compiled-definition.ts'
import { isLate } from '../clock/ladder.ts'
import { raise } from '../clock/people.ts'
import { failure } from '../clock/raised-evidence.ts'
import { cancelOrder } from '../effects/compensate.ts'
import { fireAfterCheck } from '../inputs/take-check.ts'
import { undoFailed } from '../inputs/take-undo.ts'
import type { CallState } from '../state.ts'
import { failToReview } from '../steps/review.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'

/** The call has had its time: it is cancelled, and the step fails without waiting for what becomes of it. */
export function giveUp(turn: Turn, call: CallState): void {
  const { step: id, round, kind } = call
  emit(turn, 'call.cancelling', { step: id, round, kind, because: 'gave_up' }, 'clock')
  const step = stepNamed(turn.definition, id)
  if (step === undefined) return
  const message = `${call.operation} did not succeed by ${call.giveUpAt}`
  if (kind === 'undo') return undoFailed(turn, call, 'gave_up', message)
  if (kind === 'check') return fireAfterCheck(turn, id)
  if (step.kind !== 'call' || stepState(turn, id).state !== 'active') return
  // While the clock was away the call could not come back either: that alone cancels nothing.
  if (isLate(call.giveUpAt, turn.at)) failToReview(turn, step, 'gave_up', message)
  else failStep(turn, step, 'gave_up', message, false)
}

/** What the step says of a call that did not come off. */
export function failStep(turn: Turn, step: CallStep, code: string, message: string, notDone: boolean): void {
  switch (step.onFailure) {
    case 'review':
      return failToReview(turn, step, code, message)
    case 'cancel':
      raise(turn, { kind: 'failed', step: step.id, owner: step.owner, evidence: failure(step, code, message) })
      return cancelOrder(turn, `"${step.id}" failed: ${message}`, step)
    case 'continue': {
      // Something that may have been done after all is not skipped over.
      if (!notDone || stepState(turn, step.id).effect !== 'none') return failToReview(turn, step, code, message)
      raise(turn, { kind: 'failed', step: step.id, owner: step.owner, evidence: failure(step, code, message) })
      emit(turn, 'step.skipped', { step: step.id, round: stepState(turn, step.id).round, because: 'failure' })
      return
    }
    default:
      step.onFailure satisfies never
  }
}
