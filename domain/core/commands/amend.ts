import type { Step } from '../../definition/compiled-definition.ts'
import { explain } from '../../expression/expression.ts'
import type { Changes } from '../../order/order-request.ts'
import { cancelUnwanted } from '../effects/cancel-unwanted.ts'
import { rewindOver } from '../effects/compensate.ts'
import { irreversibleStep } from '../effects/irreversible.ts'
import { outstandingLines, overpaidMinor } from '../effects/outstanding.ts'
import { raiseOverpaid, resolveOverpaid } from '../effects/overpaid.ts'
import type { Refusal } from '../input.ts'
import { expressionContext } from '../order-context.ts'
import type { OrderState } from '../state.ts'
import { complete } from '../steps/complete-step.ts'
import { passOver } from '../steps/pass-over.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'
import { type AmendPlan, planAmend } from './amend-plan.ts'
import { amendedState, amendmentOf, changesNothing, wantedOf } from './amended-order.ts'
import { refuse } from './refuse.ts'

/**
 * Changes what was asked for. What has been done and does not fit any more is taken back by its key and done anew in
 * a new round; what has become due reopens; what fits stays as it is.
 */
export function amend(turn: Turn, changes: Changes): Refusal | undefined {
  if (turn.state.compensation !== null) return refuse('not_applicable', 'the order is being undone')
  const amended = amendmentOf(turn.state, changes)
  if (!amended.ok) return refuse('invalid', amended.reason, amended.field)
  const { before, after } = amended
  if (changesNothing(after)) return refuse('not_applicable', 'the order is like this already', 'changes')
  const was = turn.state
  const will = amendedState(was, after)
  const refusal = whyNotLess(will)
  if (refusal !== undefined) return refusal
  const plan = planAmend(turn.definition, was, will)
  const obstacle = whyNot(turn, plan)
  if (obstacle !== undefined) return obstacle
  emit(turn, 'order.amended', { before, after })
  follow(turn, plan, will)
  settleMoney(turn, plan, owedAfter(was, will))
  return
}

/** What has left cannot be made undone by wishing for less. */
function whyNotLess(will: OrderState): Refusal | undefined {
  for (const line of will.lines) {
    const gone = Math.max(line.shipped, line.delivered, line.returned)
    if (wantedOf(line) >= gone) continue
    const verb = line.returned > line.shipped ? 'come back' : 'been shipped'
    return refuse(
      'below_shipped',
      `${gone} of ${line.sku} (line ${line.line}) have ${verb} already: fewer cannot be asked for`,
      'changes.lines',
    )
  }
  if (will.lines.some(line => wantedOf(line) > 0)) return
  return refuse('not_applicable', 'nothing would be left of the order: cancel it instead', 'changes.lines')
}

function whyNot(turn: Turn, { concerned, undo, reopen }: AmendPlan): Refusal | undefined {
  const { state, definition } = turn
  const calls = Object.values(state.calls).filter(call => call.kind !== 'check')
  // A run does further calls without asking the order again.
  const open = calls.find(call => undo.includes(call.step) || (definition.runs && call.kind === 'do'))
  if (open !== undefined) {
    return refuse(
      'call_in_flight',
      `what becomes of "${open.step}" (${open.operation}) is not known yet: ask again then`,
    )
  }
  const past = irreversibleStep(definition, state)
  if (past !== undefined && undo.length + reopen.length > 0) {
    return refuse('irreversible', `"${past}" has been done and cannot be undone`, 'changes')
  }
  const stuck = concerned.find(step => cannotComeBack(step, stepState(turn, step.id).effect))
  return stuck && refuse('irreversible', `what "${stuck.id}" did cannot be taken back`, 'changes')
}

function cannotComeBack(step: Step, effect: string): boolean {
  if (effect === 'kept') return true
  return (effect === 'done' || effect === 'unknown') && (step.kind === 'task' || step.undo === undefined)
}

function follow(turn: Turn, { undo, reopen, passOver: over }: AmendPlan, will: OrderState): void {
  for (const step of over) {
    const values = step.when === undefined ? {} : explain(step.when, expressionContext(will)).values
    passOver(turn, step, { because: 'condition', values })
  }
  for (const step of reopen) {
    const { round } = stepState(turn, step.id)
    emit(turn, 'step.reopened', { step: step.id, round: step.kind === 'task' ? round + 1 : round })
  }
  if (undo.length > 0) return rewindOver(turn, undo)
  cancelUnwanted(turn)
  // The rest of a reservation may be wanted no more.
  for (const step of turn.definition.steps) {
    if (stepState(turn, step.id).state !== 'partial') continue
    if (outstandingLines(turn.definition, turn.state, 'reserve').length === 0) complete(turn, step, 'part')
  }
}

function settleMoney(turn: Turn, { undo }: AmendPlan, overpaid: number): void {
  const captures = undo.map(id => stepNamed(turn.definition, id)).some(isCapture)
  if (overpaid > 0 && !captures) raiseOverpaid(turn, overpaid)
  resolveOverpaid(turn)
}

/** What an amend makes the order owe to its customer. A return takes its money from the original order. */
function owedAfter(was: OrderState, will: OrderState): number {
  const owed = was.order.returnOf === undefined ? overpaidMinor(will) : 0
  return owed > overpaidMinor(was) ? owed : 0
}

function isCapture(step: Step | undefined): boolean {
  return step?.kind === 'call' && step.effect === 'capture'
}
