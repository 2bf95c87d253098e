// Loaded by each order's workflow: no schema library may enter this file.

/** An order as it is asked for: content only, nothing of what has become of it. Money in minor units of its currency. */
export interface Order {
  readonly organisation: string
  readonly orderNo: string
  readonly customer: { readonly id: string; readonly name: string; readonly [more: string]: unknown }
  readonly currency: string
  /** Decimal digits of the currency (ISO 4217). */
  readonly exponent: number
  readonly lines: readonly OrderLine[]
  readonly charges: readonly Charge[]
  readonly attributes: Readonly<Record<string, unknown>>
  readonly placedBy: string
  /** A return: the order it gives back, and how much of it may be given back at most. */
  readonly returnOf?: ReturnOf
  /** The order that this one is a part of. */
  readonly splitFrom?: string
  /** The orders that have become this one. */
  readonly mergedFrom?: readonly string[]
}

export interface OrderLine {
  /** From 1, in the order they were given. */
  readonly line: number
  readonly sku: string
  readonly quantity: number
  readonly unitPriceMinor: number
}

export interface Charge {
  readonly type: 'tax' | 'shipping_fee' | 'discount'
  /** A discount is negative. */
  readonly amountMinor: number
}

export interface ReturnOf {
  readonly orderNo: string
  readonly ceilings: readonly { readonly sku: string; readonly quantity: number }[]
  readonly refundableMinor: number
}

/** What the whole order costs, in minor units, charges included. */
export function totalMinor(order: Pick<Order, 'lines' | 'charges'>): number {
  const lines = order.lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0)
  return order.charges.reduce((sum, charge) => sum + charge.amountMinor, lines)
}
