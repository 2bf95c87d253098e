/** What a workflow asks of a connector, and what came of it. Plain JSON: it travels through Temporal's history. */

/** A sku with a whole number of units. `line` is the line's number within the order, from 1. */
export interface LineQuantity {
  readonly line: number
  readonly sku: string
  readonly quantity: number
}

/** A parcel as the carrier names it, with what is in it. */
export interface Parcel {
  readonly id: string
  readonly lines: readonly LineQuantity[]
}

/** One call of a connector's operation. `key` is its idempotency key, `organisation/orderNo/step/round`. */
export interface CallRequest {
  readonly operation: string
  readonly key: string
  readonly organisation: string
  readonly orderNo: string
  readonly step: string
  readonly round: number
  /** What the operation is about; which of them are present depends on the operation's effect. Money in minor units. */
  readonly input: {
    readonly currency?: string
    readonly exponent?: number
    readonly amountMinor?: number
    readonly lines?: readonly LineQuantity[]
    readonly parcels?: readonly Parcel[]
    readonly customer?: { readonly id: string; readonly name: string }
    readonly attributes?: Readonly<Record<string, unknown>>
  }
}

/** What the outside system did; what is absent means all that was asked. */
export interface CallResult {
  readonly reference?: string
  readonly amountMinor?: number
  readonly lines?: readonly LineQuantity[]
  readonly parcels?: readonly Parcel[]
}

/** `unknown`: it may have been done. `not_done`: the outside system said that it was not. */
export type Certainty = 'not_done' | 'unknown'

export type CallOutcome =
  | { readonly ok: true; readonly result: CallResult }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly certainty: Certainty }

/** Of a call that was withdrawn before it could begin. */
export const neverBegun: CallOutcome = {
  ok: false,
  code: 'never_begun',
  message: 'withdrawn before it was begun',
  certainty: 'not_done',
}
