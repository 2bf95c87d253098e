import type { CompiledDefinition, Step } from '../../definition/compiled-definition.ts'
import { beginStep, complete, isHeld } from '../advance.ts'
import type { Command } from '../command.ts'
import { beginUndo, cancelOrder, irreversibleStep, rewindTo } from '../compensate.ts'
import type { Refusal } from '../input.ts'
import { tell } from '../people.ts'
import { closeReviews, failToReview } from '../review.ts'
import type { OrderState, StepPhase } from '../state.ts'
import { comesBefore, descendantsOf } from '../step-graph.ts'
import { emit, stepState, type Turn } from '../turn.ts'
import { refuse } from './take-command.ts'
import { transfer } from './take-notice.ts'

/** The step that a command is about: the one it names, or the only one it can be about. */
export function targetStep(definition: CompiledDefinition, state: OrderState, command: Command): string | undefined {
  if ('step' in command && command.step !== undefined) return command.step
  return candidates(definition, state, command.type)[0]?.id
}

function candidates(definition: CompiledDefinition, state: OrderState, type: Command['type']): Step[] {
  const inPhase = (...phases: StepPhase[]) =>
    definition.steps.filter(step => phases.includes(state.steps[step.id]?.state ?? 'waiting'))
  switch (type) {
    case 'approve':
    case 'reject':
      return inPhase('active').filter(step => step.kind === 'task')
    case 'transfer':
    case 'send_back':
      return inPhase('active', 'partial', 'failed')
    case 'retry':
      return definition.steps.filter(step => {
        const current = state.steps[step.id]
        return current?.state === 'failed' || current?.state === 'partial' || current?.undoFailed
      })
    case 'hold':
    case 'release':
    case 'cancel':
      return []
    default:
      return type satisfies never
  }
}

/** The step, if there is exactly one that the command fits. */
function chosen(turn: Turn, type: Command['type'], named: string | undefined): Step | Refusal {
  const fitting = candidates(turn.definition, turn.state, type)
  if (named === undefined) {
    if (fitting.length === 1) return fitting[0]!
    if (fitting.length === 0) return refuse('not_applicable', `the order has no step to ${type} now`)
    return refuse('invalid', `say which step: ${fitting.map(step => step.id).join(' or ')}`, 'step')
  }
  const step = fitting.find(candidate => candidate.id === named)
  return step ?? refuse('not_applicable', `"${named}" is ${stepState(turn, named).state}: nothing to ${type} there`)
}

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
  if (step.onReject === 'cancel') {
    cancelOrder(turn, `"${step.id}" was rejected`)
    return
  }
  if (step.onReject === 'review') {
    failToReview(turn, step, 'rejected', `"${step.id}" was rejected`)
    return
  }
  return goBack(turn, step, step.onReject.send_back)
}

export function sendBack(turn: Turn, named: string | undefined, to: string): Refusal | undefined {
  if (named !== undefined) {
    const step = chosen(turn, 'send_back', named)
    return 'ok' in step ? step : goBack(turn, step, to)
  }
  const from = candidates(turn.definition, turn.state, 'send_back').find(
    step => step.id === to || comesBefore(turn.definition, to, step.id),
  )
  if (from === undefined) return refuse('not_applicable', `no step that is under way comes after "${to}"`)
  return goBack(turn, from, to)
}

function goBack(turn: Turn, from: Step, to: string): Refusal | undefined {
  if (turn.state.compensation !== null) return refuse('not_applicable', 'the order is being undone')
  if (to !== from.id && !comesBefore(turn.definition, to, from.id)) {
    return refuse('not_applicable', `"${to}" does not come before "${from.id}"`, 'to')
  }
  const undone = [to, ...descendantsOf(turn.definition, to)]
  const past = irreversibleStep(turn.definition, turn.state, undone)
  if (past !== undefined) return refuse('not_applicable', `"${past}" has been done and cannot be undone`, 'to')
  rewindTo(turn, to)
  return
}

export function transferTo(turn: Turn, named: string | undefined, to: string): Refusal | undefined {
  const step = chosen(turn, 'transfer', named)
  if ('ok' in step) return transferReview(turn, named, to) ?? step
  const review = Object.entries(turn.state.reviews).find(([, other]) => other.step === step.id)
  const subject = review === undefined ? `step:${step.id}` : `review:${review[0]}`
  transfer(turn, subject, to)
  tell(turn, { subject, target: 'owner', owner: to, about: 'transfer' })
  return
}

/** A review of the whole order has no step of its own. */
function transferReview(turn: Turn, named: string | undefined, to: string): undefined {
  const review = Object.entries(turn.state.reviews).find(([, other]) => other.scope === 'order')
  if (named !== undefined || review === undefined) return
  transfer(turn, `review:${review[0]}`, to)
  tell(turn, { subject: `review:${review[0]}`, target: 'owner', owner: to, about: 'transfer' })
  return
}

/** Begins a failed step again: under the same key while it is not known to have been undone. */
export function retry(turn: Turn, named: string | undefined): Refusal | undefined {
  const step = chosen(turn, 'retry', named)
  if ('ok' in step) return step
  const current = stepState(turn, step.id)
  const { round } = current
  const data = { step: step.id, round }
  if (Object.values(turn.state.calls).some(call => call.step === step.id)) {
    return refuse('not_applicable', `what became of the last call of "${step.id}" is not known yet`)
  }
  if (current.undoFailed) {
    if (step.kind === 'task' || step.undo === undefined) {
      return refuse('not_applicable', `"${step.id}" cannot be undone; release the review to accept it`)
    }
    closeReviews(turn, 'retry', review => review.step === step.id)
    emit(turn, 'step.retried', { ...data, what: 'undo' })
    beginUndo(turn, step.id)
    return
  }
  if (turn.state.compensation !== null) return refuse('not_applicable', 'the order is being undone')
  if (isHeld(turn, step.id)) return refuse('not_applicable', `a hold keeps "${step.id}" from being begun`)
  if (current.state === 'partial') return goBack(turn, step, step.id)
  closeReviews(turn, 'retry', review => review.step === step.id)
  if (current.effect === 'done' && step.kind === 'call') {
    // It came off after all, too late: there is nothing to do again.
    emit(turn, 'step.retried', { ...data, what: 'accept' })
    complete(turn, step, 'call')
    return
  }
  emit(turn, 'step.retried', { ...data, what: 'begin' })
  beginStep(turn, step)
  return
}
