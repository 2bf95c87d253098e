/** What the sandbox writes down, one JSON line each. Its whole memory is these lines, applied in order. */

export const kinds = ['authorise', 'void', 'capture', 'refund', 'reserve', 'release', 'ship', 'recall'] as const
export type Kind = (typeof kinds)[number]

/** The operation that takes back, by the same key, what another one did. */
export const undoOf: { readonly [kind in Kind]?: Kind } = {
  authorise: 'void',
  capture: 'refund',
  reserve: 'release',
  ship: 'recall',
}

export interface LineQuantity {
  readonly line: number
  readonly sku: string
  readonly quantity: number
}

export interface Parcel {
  readonly id: string
  readonly lines: readonly LineQuantity[]
}

/** What changed in the world: only entries with an effect are in the ledger. */
export interface Effect {
  /** Decimal, in units of `currency`. */
  readonly amount?: string
  readonly currency?: string
  readonly quantities?: readonly LineQuantity[]
  readonly parcels?: readonly Parcel[]
  readonly backorder?: readonly LineQuantity[]
}

export type Answer = Readonly<Record<string, unknown>>

/** An operation that was performed, or an undo that found nothing to take back (no `effect`) and bars its key. */
export interface DoneEntry {
  readonly type: 'done'
  readonly kind: Kind
  readonly key: string
  readonly organisation: string
  readonly orderNo: string
  readonly at: string
  /** Tells whether the same key comes back with the same body. */
  readonly fingerprint: string
  readonly answer: Answer
  readonly effect?: Effect
}

/** A fact on its way to the order system. */
export interface OutgoingFact {
  readonly id: string
  readonly organisation: string
  readonly orderNo: string
  readonly type: string
  readonly at: string
  readonly data: Readonly<Record<string, unknown>>
  /** 0 when the callback is lost, 2 when it is doubled. */
  readonly copies: number
  readonly notBefore: string
}

export interface ArrivedEntry {
  readonly type: 'arrived'
  /** The key of the reservation that this completes. */
  readonly key: string
  readonly organisation: string
  readonly orderNo: string
  readonly at: string
  readonly quantities: readonly LineQuantity[]
  readonly fact: OutgoingFact
}

export interface DeliveredEntry {
  readonly type: 'delivered'
  readonly parcel: string
  readonly at: string
  readonly fact: OutgoingFact
}

export interface PaidEntry {
  readonly type: 'paid'
  readonly fact: OutgoingFact
}

/** The order system has taken the fact, or refused it for good. */
export interface SentEntry {
  readonly type: 'sent'
  readonly fact: string
  readonly status: number
}

export type Entry = DoneEntry | ArrivedEntry | DeliveredEntry | PaidEntry | SentEntry
