import type { ShipmentBody } from './body.ts'
import type { TrackedParcel } from './book.ts'
import type { LineQuantity } from './entry.ts'
import type { Outcome } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { parcelsWanted, splitParcels } from './split-parcels.ts'

export function createShipment(body: ShipmentBody, reference: string): Outcome {
  const parcels = splitParcels(body.lines, parcelsWanted(body.lines, body.parcels), reference)
  return {
    answer: { reference, lines: body.lines, parcels },
    effect: { quantities: body.lines, parcels },
  }
}

/** Calls the parcels back that are still on their way; refused once every one of them has been handed over. */
export function recallParcels(shipped: readonly TrackedParcel[], reference: string): Outcome {
  const recalled = shipped.filter(parcel => parcel.status === 'in_transit').map(({ id, lines }) => ({ id, lines }))
  if (shipped.length > 0 && recalled.length === 0) {
    throw new Refusal(409, 'already_delivered', 'every parcel of this shipment has been delivered')
  }
  const lines = sumOfLines(recalled.flatMap(parcel => parcel.lines))
  const answer = { reference, lines, parcels: recalled }
  return recalled.length > 0 ? { answer, effect: { quantities: lines, parcels: recalled } } : { answer }
}

function sumOfLines(parts: readonly LineQuantity[]): LineQuantity[] {
  const sums = new Map<number, LineQuantity>()
  for (const part of parts) {
    sums.set(part.line, { ...part, quantity: part.quantity + (sums.get(part.line)?.quantity ?? 0) })
  }
  return [...sums.values()]
}
