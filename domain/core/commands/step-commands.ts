import type { Step } from '../../definition/compiled-definition.ts'
import { isHeld } from '../clock/pause.ts'
import { cancelOrder, rewindOver, rewindTo } from '../effects/compensate.ts'
import { irreversibleStep } from '../effects/irreversible.ts'
import type { Refusal } from '../input.ts'
import { stepsFor } from '../inputs/steps-for.ts'
import { beginStep } from '../steps/begin-step.ts'
import { doInput, nothingToDo } from '../steps/call-input.ts'
import { complete } from '../steps/complete-step.ts'
import { closeReviews, failToReview, isStopped } from '../steps/review.ts'
import { comesBefore, descendantsOf } from '../steps/step-graph.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'
import { chosen } from './chosen-step.ts'
import { refuse } from './refuse.ts'

export function approve(turn: Turn, named: string | undefined): Refusal | undefined {
  const step = chosen(turn, 'approve', named)
  if ('ok' in step) return step
  complete(turn, step, 'approved')
  return
}

export function reject(turn: Turn, named: string | undefined): Refusal | undefined {
  const step = chosen(turn, 'reject', named)
  if ('ok' in step) return step
  if (step.kind !== 'task') return refuse('not_applicable', `"${step.id}" is no task`)
  const rejected = `"${step.id}" was rejected`
  const back = typeof step.onReject === 'string' ? undefined : step.onReject.send_back
  const refusal = back === undefined ? undefined : whyNotBack(turn, step, back)
  if (refusal !== undefined) return refusal
  emit(turn, 'step.rejected', { step: step.id, round: stepState(turn, step.id).round })
  if (back !== undefined) rewindTo(turn, back)
  else if (step.onReject === 'cancel') cancelOrder(turn, rejected, step)
  else failToReview(turn, step, 'rejected', rejected)
  return
}

export function sendBack(turn: Turn, named: string | undefined, to: string): Refusal | undefined {
  if (named !== undefined) {
    const step = chosen(turn, 'send_back', named)
    return 'ok' in step ? step : goBack(turn, step, to)
  }
  const underWay = stepsFor(turn.definition, turn.state, 'send_back')
  const from = underWay.find(step => step.id === to || comesBefore(turn.definition, to, step.id))
  // Where every step is done and the order is in review, it goes back from its end.
  const target = underWay.length === 0 && isStopped(turn.state) ? stepNamed(turn.definition, to) : undefined
  const step = from ?? target
  if (step === undefined) return refuse('not_applicable', `no step that is under way comes after "${to}"`)
  return goBack(turn, step, to)
}

function goBack(turn: Turn, from: Step, to: string): Refusal | undefined {
  const refusal = whyNotBack(turn, from, to)
  if (refusal === undefined) rewindTo(turn, to)
  return refusal
}

function whyNotBack(turn: Turn, from: Step, to: string): Refusal | undefined {
  if (turn.state.compensation !== null) return refuse('not_applicable', 'the order is being undone')
  if (to !== from.id && !comesBefore(turn.definition, to, from.id)) {
    return refuse('not_applicable', `"${to}" does not come before "${from.id}"`, 'to')
  }
  const undone = [to, ...descendantsOf(turn.definition, to)]
  const past = irreversibleStep(turn.definition, turn.state, undone)
  if (past !== undefined) return refuse('not_applicable', `"${past}" has been done and cannot be undone`, 'to')
  const open = Object.values(turn.state.calls).find(
    call => call.kind === 'do' && undone.includes(call.step) && stepNamed(turn.definition, call.step)?.irreversible,
  )
  if (open !== undefined) return refuse('not_applicable', `what becomes of "${open.step}" is not known yet`, 'to')
  return
}

/** Begins a failed step again: under the same key while it is not known to have been undone. */
export function retry(turn: Turn, named: string | undefined): Refusal | undefined {
  const step = chosen(turn, 'retry', named)
  if ('ok' in step) return step
  const current = stepState(turn, step.id)
  const { round } = current
  const data = { step: step.id, round }
  if (Object.values(turn.state.calls).some(call => call.step === step.id && call.kind !== 'check')) {
    return refuse('not_applicable', `what became of the last call of "${step.id}" is not known yet`)
  }
  if (current.undoFailed) {
    if (step.kind === 'task' || step.undo === undefined) {
      return refuse('not_applicable', `"${step.id}" cannot be undone; release the review to accept it`)
    }
    closeReviews(turn, 'retry', review => review.step === step.id)
    emit(turn, 'step.retried', { ...data, what: 'undo' })
    return
  }
  if (turn.state.compensation !== null) return refuse('not_applicable', 'the order is being undone')
  if (isHeld(turn, step.id)) return refuse('not_applicable', `a hold keeps "${step.id}" from being begun`)
  // Of two steps that failed and stop everything, one has to begin: their reviews cannot be released.
  if (Object.values(turn.state.reviews).some(review => review.scope === 'order' && review.step === undefined)) {
    return refuse('not_applicable', 'the whole order is in review: release that first')
  }
  if (current.state === 'partial') return beginAnew(turn, step)
  if (current.effect === 'done' && step.kind === 'call') {
    // It came off after all: too late, or only a part of it, and then what was done is undone first.
    const isAll =
      step.effect === 'none' || step.irreversible || nothingToDo(doInput(turn.definition, turn.state, step), step)
    if (!isAll) return beginAnew(turn, step)
    emit(turn, 'step.retried', { ...data, what: 'accept' })
    complete(turn, step, 'call')
    return
  }
  closeReviews(turn, 'retry', review => review.step === step.id)
  emit(turn, 'step.retried', { ...data, what: 'begin' })
  beginStep(turn, step)
  return
}

/** What came after it goes back with it; where that cannot be undone, the step alone. */
function beginAnew(turn: Turn, step: Step): Refusal | undefined {
  const refusal = goBack(turn, step, step.id)
  const past = irreversibleStep(turn.definition, turn.state, descendantsAndSelf(turn, step))
  if (refusal === undefined || past === undefined || past === step.id) return refusal
  rewindOver(turn, [step.id])
  return
}

function descendantsAndSelf(turn: Turn, { id }: Step): string[] {
  return [id, ...descendantsOf(turn.definition, id)]
}
