import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import type { Fact } from '../../fact.ts'
import type { LineState, OrderState } from '../state.ts'
import type { FactEffect } from './fact-effect.ts'
import { outstandingLines } from './outstanding.ts'

const stages: Readonly<Record<string, 'reserve' | 'ship'>> = {
  'stock.reserved': 'reserve',
  'supplier.confirmed': 'reserve',
  'shipment.shipped': 'ship',
}

/**
 * A warehouse or carrier also reports what a call of the order has asked it for: that is the same goods once more, and
 * moves nothing. Undefined: no call of the process does this, so the fact speaks for itself. Not ok: it is reported
 * although no call has done it, nor may have.
 */
export function evidenceOfCall(definition: CompiledDefinition, state: OrderState, fact: Fact): FactEffect | undefined {
  const stage = stages[fact.type]
  const steps = definition.steps.filter(step => step.kind === 'call' && step.effect === stage)
  if (stage === undefined || steps.length === 0) return undefined
  const mayHave = steps.some(
    ({ id }) =>
      state.steps[id]?.effect === 'unknown' ||
      Object.values(state.calls).some(call => call.step === id && call.kind === 'do'),
  )
  if (mayHave || isBooked(definition, state, fact, stage)) return { ok: true }
  return { ok: false, problem: `${fact.type} is reported, but no call of this order has done it` }
}

function isBooked(
  definition: CompiledDefinition,
  state: OrderState,
  { parcel, lines }: Fact,
  stage: 'reserve' | 'ship',
): boolean {
  if (parcel !== undefined && state.parcels[parcel] !== undefined) return true
  const booked = (line: LineState) => (stage === 'reserve' ? line.reserved : line.shipped)
  if (lines === undefined) {
    return state.lines.some(line => booked(line) > 0) && outstandingLines(definition, state, stage).length === 0
  }
  const inAll = (sku: string) => state.lines.reduce((sum, line) => (line.sku === sku ? sum + booked(line) : sum), 0)
  return lines.every(({ sku, quantity }) => quantity <= inAll(sku))
}
