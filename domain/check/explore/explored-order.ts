import type { Flow } from '../../definition/compiled-definition.ts'
import type { Directory } from '../../directory.ts'
import type { Order } from '../../order/order.ts'

/** The order that is explored: two lines of two units each, and for a return what it gives back. */
export function exploredOrder(flow: Flow, directory: Directory, organisation: string): Order {
  const lines = ['a', 'b'].map((sku, index) => ({ line: index + 1, sku, quantity: 2, unitPriceMinor: 1000 }))
  return {
    organisation,
    orderNo: 'explored',
    customer: { id: 'c', name: 'c' },
    currency: 'CNY',
    exponent: 2,
    lines,
    charges: [],
    attributes: {},
    placedBy: directory.people.find(person => person.organisation === organisation)?.id ?? 'somebody',
    ...(flow === 'return'
      ? {
          returnOf: {
            orderNo: 'original',
            ceilings: lines.map(({ sku, quantity }) => ({ sku, quantity })),
            refundableMinor: 4000,
          },
        }
      : {}),
  }
}
