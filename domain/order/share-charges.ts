import type { Charge, Order } from './order.ts'
import type { Part } from './successor.ts'

/**
 * Shares an order's charges out among its parts: each part bears tax, shipping fee and discount by the value of its
 * goods (where the goods cost nothing, by their number), in whole minor units, rounded towards nothing; what is left of
 * each charge goes to the last part. So the sum is exact, charge by charge.
 */
export function shareCharges(order: Order, parts: readonly Pick<Part, 'lines'>[]): Charge[][] {
  const weights = weightsOf(order, parts)
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  const shared: Charge[][] = parts.map(() => [])
  for (const { type, amountMinor } of order.charges) {
    let left = amountMinor
    parts.forEach((_, index) => {
      const isLast = index === parts.length - 1
      const share = isLast ? left : Number((BigInt(amountMinor) * weights[index]!) / whole)
      left -= share
      if (share !== 0) shared[index]!.push({ type, amountMinor: share })
    })
  }
  return shared
}

function weightsOf(order: Order, parts: readonly Pick<Part, 'lines'>[]): bigint[] {
  const weigh = (worth: (line: number) => number) =>
    parts.map(({ lines }) =>
      lines.reduce((sum, { line, quantity }) => sum + BigInt(quantity) * BigInt(worth(line)), 0n),
    )
  const byValue = weigh(line => order.lines[line - 1]?.unitPriceMinor ?? 0)
  return byValue.some(weight => weight > 0n) ? byValue : weigh(() => 1)
}
