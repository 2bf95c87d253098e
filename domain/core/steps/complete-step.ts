import type { Step, WaitStep } from '../../definition/compiled-definition.ts'
import { resolveExceptions } from '../clock/people.ts'
import { outstandingLines, outstandingMinor } from '../effects/outstanding.ts'
import { emit, stepState, type Turn } from '../turn.ts'
import { closeReviews } from './review.ts'

export function complete(turn: Turn, step: Step, how: 'approved' | 'call' | 'fact' | 'part' | 'override'): void {
  emit(turn, 'step.completed', { step: step.id, round: stepState(turn, step.id).round, how })
  for (const call of Object.values(turn.state.calls)) {
    if (call.step !== step.id || call.kind !== 'check' || call.cancelling !== undefined) continue
    emit(turn, 'call.cancelling', { step: step.id, round: call.round, kind: 'check', because: 'withdrawn' })
  }
  closeReviews(turn, 'completed', review => review.step === step.id)
  resolveExceptions(turn, step.id)
}

/** A wait is over once the world has reported all of it, also where a person has been asked about it meanwhile. */
export function completeWait(turn: Turn, step: WaitStep): void {
  const { state } = stepState(turn, step.id)
  if ((state === 'active' || state === 'failed') && hasHappened(turn, step)) complete(turn, step, 'fact')
}

function hasHappened(turn: Turn, step: WaitStep): boolean {
  const { definition, state } = turn
  const { effect } = stepState(turn, step.id)
  const reported = effect === 'done' || effect === 'kept'
  switch (step.fact) {
    case 'payment.received':
      return outstandingMinor(state, 'pay') === 0
    case 'stock.reserved':
    case 'supplier.confirmed':
      return outstandingLines(definition, state, 'reserve').length === 0
    case 'shipment.shipped':
      return outstandingLines(definition, state, 'ship').length === 0
    case 'shipment.delivered':
      if (state.lines.every(line => line.cancelled === line.ordered)) return true
      return reported && outstandingLines(definition, state, 'deliver').length === 0
    case 'goods.received':
      return outstandingLines(definition, state, state.flow === 'return' ? 'return' : 'deliver').length === 0
    default:
      return reported || stepFactSeen(turn, step)
  }
}

/** A fact that moves neither goods nor money happens once. */
function stepFactSeen(turn: Turn, step: WaitStep): boolean {
  return turn.events.some(
    event =>
      (event.type === 'fact.received' && event.data.step === step.id && event.data.handling === 'taken') ||
      (event.type === 'fact.applied' && event.data.step === step.id),
  )
}
