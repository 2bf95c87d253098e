import type { CallStep, Step, WaitStep } from '../definition/compiled-definition.ts'
import { type ExpressionContext, evaluate, explain } from '../expression/expression.ts'
import { doInput, nothingToDo } from './call-input.ts'
import { applyEarly, goOnCompensating } from './compensate.ts'
import { beginClock, pauseClock, resumeClock, subjectOf } from './ladder.ts'
import { isSettled, outstandingLines, outstandingMinor } from './outstanding.ts'
import { resolveExceptions, tell } from './people.ts'
import { closeReviews, failToReview, isStopped, openReview } from './review.ts'
import type { OrderState } from './state.ts'
import { emit, stepState, type Turn } from './turn.ts'

/** Everything that follows by itself from what has just happened: steps entered, undos begun, the order closed. */
export function advance(turn: Turn): void {
  if (turn.state.closed !== null) return
  goOnCompensating(turn)
  if (turn.state.closed === null && turn.state.compensation === null) {
    moveSteps(turn)
    closeIfFinished(turn)
  }
  if (turn.state.closed === null) syncClocks(turn)
}

/** Enters the steps that are ready; a wait may be over without a fact, because lines were cancelled. */
function moveSteps(turn: Turn): void {
  let moved = true
  while (moved) {
    const { seq } = turn.state
    for (const step of turn.definition.steps) {
      if (isReady(turn, step)) enterStep(turn, step)
      else if (step.kind === 'wait' && stepState(turn, step.id).state === 'active') completeWait(turn, step)
    }
    moved = turn.state.seq !== seq
  }
}

function isReady(turn: Turn, step: Step): boolean {
  const { state } = turn
  if (state.steps[step.id]?.state !== 'waiting' || isStopped(state) || isHeld(turn, step.id)) return false
  return step.after.every(id => {
    const before = state.steps[id]?.state
    return before === 'done' || before === 'skipped'
  })
}

export function isPaused(turn: Pick<Turn, 'definition' | 'state'>, step: string): boolean {
  return isStopped(turn.state) || isHeld(turn, step)
}

export function isHeld(turn: Pick<Turn, 'definition' | 'state'>, step: string): boolean {
  return Object.values(turn.state.holds).some(hold => {
    const blocked = turn.definition.holds[hold.type]?.blocksSteps
    return blocked === 'all' || blocked?.includes(step)
  })
}

function enterStep(turn: Turn, step: Step): void {
  const { round } = stepState(turn, step.id)
  if (step.when !== undefined) {
    const context = expressionContext(turn.state)
    const due = evaluate(step.when, context)
    if (!due.ok) {
      failToReview(turn, step, 'condition_failed', `its entry condition cannot be evaluated: ${due.reason}`)
      return
    }
    if (!due.value) {
      const { values } = explain(step.when, context)
      emit(turn, 'step.skipped', { step: step.id, round, because: 'condition', values })
      // What it would have waited for has come all the same.
      takeEarlyFacts(turn, step)
      return
    }
  }
  beginStep(turn, step)
}

/** Begins a step whose time has come: again, too, when a person retries it. */
export function beginStep(turn: Turn, step: Step): void {
  const { round, owner, effect } = stepState(turn, step.id)
  const calendar = turn.definition.calendars[step.calendar]!
  switch (step.kind) {
    case 'task':
      emit(turn, 'step.entered', { step: step.id, round, owner, clock: beginClock(step.ladder, calendar, turn.at) })
      tell(turn, { subject: `step:${step.id}`, target: 'owner', owner, about: 'entered' })
      return
    case 'call': {
      const input = doInput(turn.definition, turn.state, step)
      if (nothingToDo(input, step)) {
        if (effect === 'unknown') return failToReview(turn, step, 'unknown_outcome', 'it is not known what was done')
        emit(turn, 'step.skipped', { step: step.id, round, because: 'condition', values: { outstanding: '0' } })
        return
      }
      emit(turn, 'step.entered', { step: step.id, round, owner, clock: null })
      // What could not be taken back in the round before is not done twice.
      if (effect === 'kept' && step.effect === 'none') complete(turn, step, 'call')
      else beginCall(turn, step, input)
      return
    }
    case 'wait':
      emit(turn, 'step.entered', { step: step.id, round, owner, clock: beginClock(step.ladder, calendar, turn.at) })
      takeEarlyFacts(turn, step)
      completeWait(turn, step)
      return
    default:
      step satisfies never
  }
}

function takeEarlyFacts(turn: Turn, step: Step): void {
  if (step.kind !== 'wait') return
  for (const fact of turn.state.earlyFacts) if (fact.type === step.fact) applyEarly(turn, fact, step)
}

function beginCall(turn: Turn, step: CallStep, input: ReturnType<typeof doInput>): void {
  const { round } = stepState(turn, step.id)
  const { order } = turn.state
  emit(turn, 'call.started', {
    step: step.id,
    round,
    kind: 'do',
    operation: step.do,
    key: `${order.organisation}/${order.orderNo}/${step.id}/${round}`,
    giveUpAt: new Date(Date.parse(turn.at) + step.retry.giveUpAfterMs).toISOString(),
    input,
  })
}

export function complete(turn: Turn, step: Step, how: 'approved' | 'call' | 'fact' | 'part'): void {
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

/** A hold stops the clocks of the steps it blocks, a review of the whole order those of all steps; its own goes on. */
export function syncClocks(turn: Turn): void {
  for (const [subject, clock] of Object.entries(turn.state.clocks)) {
    if (!subject.startsWith('step:') || clock.checking) continue
    const shouldPause = isPaused(turn, subject.slice('step:'.length))
    if (shouldPause === (clock.paused ?? false)) continue
    const { ladder, calendar } = subjectOf(turn.definition, turn.state, subject)
    const change = shouldPause ? pauseClock : resumeClock
    emit(turn, shouldPause ? 'clock.paused' : 'clock.resumed', {
      subject,
      clock: change(ladder, calendar, clock, turn.at),
    })
  }
}

function closeIfFinished(turn: Turn): void {
  const { state } = turn
  if (state.compensation !== null || Object.keys(state.reviews).length > 0 || Object.keys(state.holds).length > 0)
    return
  if (Object.keys(state.calls).length > 0) return
  const finished = Object.values(state.steps).every(step => step.state === 'done' || step.state === 'skipped')
  if (!finished) return
  const unknown = Object.keys(state.steps).find(id => state.steps[id]?.effect === 'unknown')
  if (isSettled(state) && unknown === undefined) {
    emit(turn, 'order.closed', { status: 'completed' })
    return
  }
  const left = unknown === undefined ? 'not every line has come to its end' : `what "${unknown}" did is not known`
  openReview(turn, { code: 'unsettled', message: `every step is done, but ${left}` })
}

export function expressionContext(state: OrderState): ExpressionContext {
  const { order } = state
  return {
    order: {
      orderNo: order.orderNo,
      organisation: order.organisation,
      currency: order.currency,
      exponent: order.exponent,
      totalMinor: orderTotal(state),
      lines: order.lines,
      attributes: order.attributes,
      customer: order.customer,
    },
  }
}

function orderTotal(state: OrderState): number {
  const lines = state.order.lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0)
  return state.order.charges.reduce((sum, charge) => sum + charge.amountMinor, lines)
}
