import type { LineQuantity } from '../../call.ts'
import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import type { Effect } from '../../operation.ts'
import type { LineState, OrderState } from '../state.ts'

/* What is still to be done: by line, and in money. */

type Stage = 'reserve' | 'ship' | 'deliver' | 'return'

/** What of each line can still go through a stage, lines with nothing left out. */
export function outstandingLines(definition: CompiledDefinition, state: OrderState, stage: Stage): LineQuantity[] {
  const left = (line: LineState): number => {
    const wanted = line.ordered - line.cancelled
    switch (stage) {
      case 'reserve':
        return wanted - line.reserved
      case 'ship':
        return (provides(definition, state, 'reserve') ? line.reserved : wanted) - line.shipped
      case 'deliver':
        return (provides(definition, state, 'ship') ? line.shipped : wanted) - line.delivered
      case 'return':
        return (state.flow === 'return' ? wanted : line.delivered) - line.returned
    }
  }
  return state.lines
    .map(line => ({ line: line.line, sku: line.sku, quantity: left(line) }))
    .filter(({ quantity }) => quantity > 0)
}

/** What can still be cancelled of each line: nothing has been done with it, or it has been taken back. */
export function untouchedLines(state: OrderState): LineQuantity[] {
  return state.lines
    .map(({ line, sku, ordered, cancelled, reserved, shipped, delivered, returned }) => ({
      line,
      sku,
      quantity: ordered - cancelled - Math.max(reserved, shipped, delivered, returned),
    }))
    .filter(({ quantity }) => quantity > 0)
}

const providers: Readonly<Record<'reserve' | 'ship', { effect: Effect; facts: readonly string[] }>> = {
  reserve: { effect: 'reserve', facts: ['stock.reserved', 'supplier.confirmed'] },
  ship: { effect: 'ship', facts: ['shipment.shipped'] },
}

/**
 * Whether a step of the process takes the lines through this stage; if none does, or the order has gone on without it,
 * the next stage implies it: what is charged is also sent, and what was handed over otherwise is still to arrive.
 */
function provides(definition: CompiledDefinition, { steps }: OrderState, stage: 'reserve' | 'ship'): boolean {
  const { effect, facts } = providers[stage]
  return definition.steps.some(
    step =>
      ((step.kind === 'call' && step.effect === effect) || (step.kind === 'wait' && facts.includes(step.fact))) &&
      steps[step.id]?.state !== 'skipped',
  )
}

/** What the customer has to pay for what has not been cancelled, charges included; nothing if all is cancelled. */
export function payableMinor(state: OrderState): number {
  let total = 0
  let units = 0
  state.lines.forEach((line, index) => {
    const wanted = line.ordered - line.cancelled
    units += wanted
    total += wanted * (state.order.lines[index]?.unitPriceMinor ?? 0)
  })
  if (units === 0) return 0
  return Math.max(
    0,
    state.order.charges.reduce((sum, charge) => sum + charge.amountMinor, total),
  )
}

/** What a money operation is about now, in minor units. */
export function outstandingMinor(state: OrderState, effect: 'authorise' | 'capture' | 'refund' | 'pay'): number {
  const { authorisedMinor, capturedMinor, refundedMinor } = state.money
  const payable = payableMinor(state)
  switch (effect) {
    case 'authorise':
      return Math.max(0, payable - (authorisedMinor - refundedMinor))
    case 'capture':
      return Math.max(0, Math.min(payable - (capturedMinor - refundedMinor), authorisedMinor - capturedMinor))
    case 'refund':
      return Math.max(0, Math.min(payable, capturedMinor - refundedMinor))
    case 'pay':
      return Math.max(0, payable - (capturedMinor - refundedMinor))
  }
}

/** What was paid, and not paid back, beyond what the order costs. */
export function overpaidMinor(state: OrderState): number {
  return Math.max(0, state.money.capturedMinor - state.money.refundedMinor - payableMinor(state))
}

/** Whether every line has come to an end in the process's flow, and a return's money has gone back. */
export function isSettled(state: OrderState): boolean {
  switch (state.flow) {
    case 'none':
      return true
    case 'outbound':
    case 'inbound':
      return state.lines.every(line => line.delivered + line.cancelled === line.ordered)
    case 'return':
      return state.lines.every(line => line.returned + line.cancelled === line.ordered)
  }
}
