import type { Charge, Order } from './order.ts'

// Loaded by each order's workflow: no schema library may enter this file.

/** An order that comes in the place of another one, as far as it is not as that one was. */
export interface Part {
  readonly orderNo: string
  readonly lines: readonly { readonly line: number; readonly sku: string; readonly quantity: number }[]
  readonly charges: readonly Charge[]
}

/** A part as an order of its own: its lines are counted from 1 again. */
export function partOrder(order: Order, { orderNo, lines, charges }: Part): Order {
  const { returnOf: _returnOf, splitFrom: _splitFrom, mergedFrom: _mergedFrom, ...same } = order
  return {
    ...same,
    orderNo,
    lines: lines.map(({ line, sku, quantity }, index) => ({
      line: index + 1,
      sku,
      quantity,
      unitPriceMinor: order.lines[line - 1]?.unitPriceMinor ?? 0,
    })),
    charges,
    splitFrom: order.orderNo,
  }
}

/** The number of the n-th order that comes of one, if nobody says another. */
export function partNumber(orderNo: string, n: number): string {
  return `${orderNo.slice(0, 60)}-${n}`
}
