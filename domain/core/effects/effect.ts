import type { LineQuantity } from '../../call.ts'
import type { AppliedEffect } from '../events/event.ts'
import type { LineState, MoneyState, OrderState, ParcelState } from '../state.ts'

/* What an effect does to the quantities and the money. Whether it may happen is judged before (effect-of.ts). */

export interface Ledger {
  readonly lines: readonly LineState[]
  readonly money: MoneyState
  readonly parcels: Readonly<Record<string, ParcelState>>
}

type Quantity = 'reserved' | 'shipped' | 'delivered' | 'returned' | 'cancelled'

export function applyEffect<T extends Ledger>(ledger: T, applied: AppliedEffect): T {
  const { amountMinor: amount = 0, lines = [], parcels = [], implied = [] } = applied
  const money = ledger.money
  switch (applied.effect) {
    case 'none':
      return ledger
    case 'authorise':
      return { ...ledger, money: { ...money, authorisedMinor: money.authorisedMinor + amount } }
    case 'void':
      return { ...ledger, money: { ...money, authorisedMinor: money.authorisedMinor - amount } }
    case 'capture':
      return { ...ledger, money: { ...money, capturedMinor: money.capturedMinor + amount } }
    case 'refund':
      return { ...ledger, money: { ...money, refundedMinor: money.refundedMinor + amount } }
    case 'pay':
      return {
        ...ledger,
        money: {
          ...money,
          authorisedMinor: money.authorisedMinor + amount,
          capturedMinor: money.capturedMinor + amount,
        },
      }
    case 'reserve':
      return { ...ledger, lines: add(ledger.lines, 'reserved', lines, 1) }
    case 'release':
      return { ...ledger, lines: add(ledger.lines, 'reserved', lines, -1) }
    case 'ship':
      return {
        ...ledger,
        lines: add(ledger.lines, 'shipped', lines, 1).map(impliedBefore),
        parcels: { ...ledger.parcels, ...marked(parcels, 'shipped') },
      }
    case 'recall':
      return {
        ...ledger,
        lines: add(add(ledger.lines, 'shipped', lines, -1), 'reserved', implied, -1),
        parcels: { ...ledger.parcels, ...marked(parcels, 'recalled') },
      }
    case 'deliver':
      return {
        ...ledger,
        lines: add(ledger.lines, 'delivered', lines, 1).map(impliedBefore),
        parcels: { ...ledger.parcels, ...marked(parcels, 'delivered') },
      }
    case 'lose':
      return { ...ledger, parcels: { ...ledger.parcels, ...marked(parcels, 'lost') } }
    case 'write_off': {
      // What is lost for good was neither reserved nor shipped for anybody: nobody gets it, and it is not wanted again.
      const shipped = add(add(ledger.lines, 'shipped', lines, -1), 'reserved', lines, -1)
      return {
        ...ledger,
        lines: add(shipped, 'cancelled', lines, 1),
        parcels: { ...ledger.parcels, ...marked(parcels, 'written_off') },
      }
    }
    case 'return':
      return { ...ledger, lines: add(ledger.lines, 'returned', lines, 1) }
    default:
      return applied.effect satisfies never
  }
}

/** Goods that leave without having been reserved count as reserved as long as they are away. */
export function withImplied(shipped: AppliedEffect, before: readonly LineState[]): AppliedEffect {
  const implied = (shipped.lines ?? []).flatMap(({ line, sku, quantity }) => {
    const { reserved = 0, shipped: away = 0 } = before.find(other => other.line === line) ?? {}
    const missing = Math.min(quantity, away + quantity - reserved)
    return missing > 0 ? [{ line, sku, quantity: missing }] : []
  })
  return implied.length === 0 ? shipped : { ...shipped, implied }
}

export function cancelLines(state: OrderState, lines: readonly LineQuantity[]): OrderState {
  return { ...state, lines: add(state.lines, 'cancelled', lines, 1) }
}

function add(
  lines: readonly LineState[],
  field: Quantity,
  quantities: readonly LineQuantity[],
  sign: 1 | -1,
): readonly LineState[] {
  if (quantities.length === 0) return lines
  const byLine = new Map<number, number>()
  for (const { line, quantity } of quantities) byLine.set(line, (byLine.get(line) ?? 0) + sign * quantity)
  return lines.map(line => {
    const change = byLine.get(line.line)
    return change === undefined ? line : { ...line, [field]: line[field] + change }
  })
}

/** What was delivered had been shipped, and reserved, also where no step of the process tells so. */
function impliedBefore(line: LineState): LineState {
  if (line.shipped >= line.delivered && line.reserved >= line.shipped) return line
  const shipped = Math.max(line.shipped, line.delivered)
  return { ...line, shipped, reserved: Math.max(line.reserved, shipped) }
}

function marked(
  parcels: readonly { readonly id: string; readonly lines: readonly LineQuantity[] }[],
  state: ParcelState['state'],
): Record<string, ParcelState> {
  return Object.fromEntries(parcels.map(parcel => [parcel.id, { lines: parcel.lines, state }]))
}
