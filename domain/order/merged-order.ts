import type { Charge, Order, OrderLine } from './order.ts'

/** What one order brings into a merged one: what is left of its lines, and its charges. */
export interface Share {
  readonly lines: readonly Omit<OrderLine, 'line'>[]
  readonly charges: readonly Charge[]
}

/** One order of several: its lines and charges are those of all, the rest is as in the first. */
export function mergedOrder(first: Order, orderNo: string, shares: Readonly<Record<string, Share>>): Order {
  const { returnOf: _returnOf, splitFrom: _splitFrom, mergedFrom: _mergedFrom, ...same } = first
  const all = Object.values(shares)
  return {
    ...same,
    orderNo,
    lines: all.flatMap(({ lines }) => lines).map((line, index) => ({ line: index + 1, ...line })),
    charges: all.flatMap(({ charges }) => charges),
    mergedFrom: Object.keys(shares),
  }
}
