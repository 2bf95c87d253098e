import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import type { Order } from '../order/order.ts'
import type { Random } from './random.ts'

/** Amounts on both sides of 10,000 CNY, one to four lines. Of a return everything that was bought comes back. */
export function madeUpOrder(definition: CompiledDefinition, random: Random, index: number): Order {
  const lines = Array.from({ length: random.whole(1, 4) }, (_, line) => ({
    line: line + 1,
    sku: `SKU-${line + 1}`,
    quantity: random.whole(1, 5),
    unitPriceMinor: random.whole(100, 400_000),
  }))
  const total = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0)
  const ceilings = lines.map(({ sku, quantity }) => ({ sku, quantity }))
  return {
    organisation: 'main',
    orderNo: `S-${index + 1}`,
    customer: { id: 'c-1', name: 'Simulated' },
    currency: 'CNY',
    exponent: 2,
    lines,
    charges: [],
    attributes: {},
    placedBy: 'shop',
    ...(definition.flow === 'return'
      ? { returnOf: { orderNo: `O-${index + 1}`, ceilings, refundableMinor: total } }
      : {}),
  }
}
