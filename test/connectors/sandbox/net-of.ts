import type { Ledger, LedgerEntry } from '../../../connectors/sandbox/ledger.ts'
import { toMinor } from '../../../domain/money/money.ts'

/** What holds in the outside world: done, and not taken back. Amounts in minor units, quantities by sku. */
export interface Net {
  readonly authorisedMinor: number
  readonly capturedMinor: number
  readonly reserved: Readonly<Record<string, number>>
  readonly shipped: Readonly<Record<string, number>>
}

export function netOf(ledger: Ledger): Net {
  return {
    authorisedMinor: minor(ledger.authorisations) - minor(ledger.voids),
    capturedMinor: minor(ledger.captures) - minor(ledger.refunds),
    reserved: units(ledger.reservations, ledger.releases),
    shipped: units(ledger.parcels, ledger.recalls),
  }
}

export const nothing: Net = { authorisedMinor: 0, capturedMinor: 0, reserved: {}, shipped: {} }

/** Of currencies with two digits. */
function minor(entries: readonly LedgerEntry[]): number {
  return entries.reduce((sum, { amount = '0' }) => {
    const parsed = toMinor(amount, 2)
    if (!parsed.ok) throw new RangeError(parsed.reason)
    return sum + parsed.minor
  }, 0)
}

function units(done: readonly LedgerEntry[], undone: readonly LedgerEntry[]): Record<string, number> {
  const bySku = new Map<string, number>()
  for (const [entries, sign] of [
    [done, 1],
    [undone, -1],
  ] as const) {
    for (const { sku, quantity } of entries.flatMap(({ quantities = [] }) => quantities)) {
      bySku.set(sku, (bySku.get(sku) ?? 0) + sign * quantity)
    }
  }
  return Object.fromEntries([...bySku].filter(([, quantity]) => quantity !== 0))
}
