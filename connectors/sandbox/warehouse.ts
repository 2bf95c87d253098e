import type { GoodsBody } from './body.ts'
import type { LineQuantity } from './entry.ts'
import type { Outcome } from './outcome.ts'
import { Refusal } from './refusal.ts'

/** Never in stock, whatever the faults. */
const neverInStock = 'NOSTOCK'

/** Reserves what there is: of a sku that is short, half. What is missing goes on backorder. */
export function reserveStock(body: GoodsBody, isShort: (sku: string) => boolean, reference: string): Outcome {
  const available = ({ sku, quantity }: LineQuantity): number => {
    if (sku.includes(neverInStock)) return 0
    return isShort(sku) ? Math.floor(quantity / 2) : quantity
  }
  const reserved = body.lines.map(line => ({ ...line, quantity: available(line) }))
  const missing = body.lines.map((line, index) => ({ ...line, quantity: line.quantity - reserved[index]!.quantity }))
  const quantities = reserved.filter(line => line.quantity > 0)
  const backorder = missing.filter(line => line.quantity > 0)
  if (quantities.length === 0) throw new Refusal(409, 'out_of_stock', 'nothing of this order is in stock')
  return {
    answer: { reference, lines: quantities, backorder },
    effect: { quantities, ...(backorder.length > 0 ? { backorder } : {}) },
  }
}

export function releaseStock(reserved: readonly LineQuantity[], reference: string): Outcome {
  const answer = { reference, lines: reserved }
  return reserved.length > 0 ? { answer, effect: { quantities: reserved } } : { answer }
}
