import type { ArrivedEntry, DoneEntry, Kind, LineQuantity } from './entry.ts'

/** One thing that took effect. Money has `amount` and `currency`, goods have `quantities`, a parcel its `id` too. */
export interface LedgerEntry {
  readonly orderNo: string
  readonly organisation: string
  readonly key: string
  readonly at: string
  readonly id?: string
  readonly amount?: string
  readonly currency?: string
  readonly quantities?: readonly LineQuantity[]
}

const listOf = {
  authorise: 'authorisations',
  void: 'voids',
  capture: 'captures',
  refund: 'refunds',
  reserve: 'reservations',
  release: 'releases',
  ship: 'parcels',
  recall: 'recalls',
} as const satisfies Record<Kind, string>

export type Ledger = Record<(typeof listOf)[Kind], LedgerEntry[]>

/** What took effect, in the order in which it did. An undo that found nothing to take back is not here. */
export function ledgerOf(entries: readonly (DoneEntry | ArrivedEntry)[]): Ledger {
  const ledger: Ledger = {
    authorisations: [],
    voids: [],
    captures: [],
    refunds: [],
    reservations: [],
    releases: [],
    parcels: [],
    recalls: [],
  }
  for (const entry of entries) {
    const { orderNo, organisation, key, at } = entry
    const whose = { orderNo, organisation, key, at }
    if (entry.type === 'arrived') {
      ledger.reservations.push({ ...whose, quantities: entry.quantities })
    } else if (entry.effect && entry.kind === 'ship') {
      for (const { id, lines } of entry.effect.parcels ?? []) ledger.parcels.push({ ...whose, id, quantities: lines })
    } else if (entry.effect) {
      const { amount, currency, quantities } = entry.effect
      ledger[listOf[entry.kind]].push({
        ...whose,
        ...(amount === undefined ? { quantities } : { amount, currency }),
      })
    }
  }
  return ledger
}
