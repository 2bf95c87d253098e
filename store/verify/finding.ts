/**
 * What somebody may have done to a journal:
 * - `changed`: an entry is not what was written
 * - `missing`: an entry is not there, the last ones of an order or all of them included
 * - `inserted`: an entry is there that nolimbo did not write
 * - `reordered`: an entry stands where another one was written
 * - `projection`: what is shown of an order is not what its journal says
 * - `ledger`: a seal is changed or missing, or is not the one that was expected
 */
export type FindingKind = 'changed' | 'missing' | 'inserted' | 'reordered' | 'projection' | 'ledger'

export interface Finding {
  readonly kind: FindingKind
  readonly organisation: string
  /** Null: it is about the ledger of the organisation. */
  readonly orderNo: string | null
  /** Of the entry, or the number of the seal; null: it is about the whole order. */
  readonly seq: number | null
  readonly detail: string
}
