import { overpaidMinor } from '../effects/outstanding.ts'
import { raiseOverpaid } from '../effects/overpaid.ts'
import type { Refusal } from '../input.ts'
import { completeWait } from '../steps/complete-step.ts'
import { closeReviews } from '../steps/review.ts'
import { emit, stepState, type Turn } from '../turn.ts'
import type { Override } from './override.ts'
import { refuse } from './refuse.ts'

/**
 * Goods that are lost for good, beside others that have arrived: nobody gets them any more, and the order may end
 * without them. What was paid for them is owed to the customer.
 */
export function writeOff(turn: Turn, { status, evidence, data }: Override): Refusal | undefined {
  if (turn.state.compensation !== null) return refuse('not_applicable', 'the order is being undone')
  const parcels = Object.entries(turn.state.parcels)
    .filter(([id, parcel]) => parcel.state === 'lost' && (data?.parcel === undefined || data.parcel === id))
    .map(([id, { lines }]) => ({ id, lines: lines.map(line => ({ ...line })) }))
  if (parcels.length === 0) return refuse('not_applicable', 'no such parcel of this order is lost', 'data.parcel')
  const lines = turn.state.lines.flatMap(({ line, sku, shipped, delivered }) => {
    const inside = parcels.flatMap(parcel => parcel.lines).filter(other => other.line === line)
    const quantity = Math.min(
      shipped - delivered,
      inside.reduce((sum, other) => sum + other.quantity, 0),
    )
    return quantity > 0 ? [{ line, sku, quantity }] : []
  })
  const left = turn.state.lines.some(
    line => line.ordered - line.cancelled > (lines.find(other => other.line === line.line)?.quantity ?? 0),
  )
  if (!left) return refuse('not_applicable', 'nothing would be left of the order: cancel it instead')
  emit(turn, 'override.made', { status, evidence, effect: { effect: 'write_off', lines, parcels } })
  if (!Object.values(turn.state.parcels).some(parcel => parcel.state === 'lost')) {
    closeReviews(turn, 'written off', review => review.code === 'shipment.lost')
  }
  const overpaid = overpaidMinor(turn.state)
  if (overpaid > 0) raiseOverpaid(turn, overpaid)
  for (const step of turn.definition.steps) {
    if (step.kind === 'wait' && stepState(turn, step.id).startedSeq > 0) completeWait(turn, step)
  }
  return
}
