import { createHash } from 'node:crypto'
import { heartbeat } from '@temporalio/activity'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import { toDecimal } from '../domain/money/money.ts'
import type { Order } from '../domain/order/order.ts'
import { partNumber } from '../domain/order/successor.ts'
import { canonicalJson } from '../store/json-text.ts'
import type { OrderRow } from '../store/orders.ts'
import type { BeginOrdersInput } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'

type Needed = Pick<ActivityDependencies, 'store' | 'orders'>

/**
 * Begins the orders that come in the place of one: first all of their rows, then their workflows. A number that
 * somebody else has taken since it was chosen gives way to the next free one. Done again, it finds what it has done.
 */
export function beginOrders({ store, orders }: Needed) {
  return async (input: BeginOrdersInput): Promise<{ readonly orders: readonly string[] }> => {
    const begun: { readonly definition: CompiledDefinition; readonly order: Order }[] = []
    for (const order of input.orders) {
      begun.push(await insert(store, input.definition, order))
      heartbeat()
    }
    for (const start of begun) {
      const { organisation, orderNo } = start.order
      await orders.start(start)
      await store.markStarted(organisation, orderNo, new Date().toISOString())
      heartbeat()
    }
    return { orders: begun.map(({ order }) => order.orderNo) }
  }
}

async function insert(store: Needed['store'], definition: CompiledDefinition, order: Order) {
  for (let n = 0; ; n += 1) {
    const orderNo = n === 0 ? order.orderNo : partNumber(order.orderNo, n)
    const start = { definition, order: { ...order, orderNo } }
    const content = contentOf(definition, start.order)
    const contentHash = createHash('sha256').update(canonicalJson(content)).digest('hex')
    const insertion = await store.insertOrder({
      organisation: order.organisation,
      orderNo,
      contentHash,
      content,
      processId: definition.id,
      processVersion: definition.version,
      startInput: start,
      placedBy: order.placedBy,
      customerId: order.customer.id,
      skus: [...new Set(order.lines.map(({ sku }) => sku))],
      createdAt: new Date().toISOString(),
    })
    if (insertion.inserted || isSame(insertion.existing, contentHash)) return start
  }
}

function isSame(row: OrderRow, contentHash: string): boolean {
  return row.contentHash === contentHash
}

/** As a request would have said it, and where it comes from: so that nobody else places the same order. */
function contentOf(definition: CompiledDefinition, order: Order): Record<string, unknown> {
  const { orderNo, customer, currency, exponent, lines, charges, attributes, splitFrom, mergedFrom } = order
  return {
    orderNo,
    process: definition.id,
    customer,
    currency,
    lines: lines.map(({ sku, quantity, unitPriceMinor }) => ({
      sku,
      quantity,
      unitPrice: toDecimal(unitPriceMinor, exponent),
    })),
    charges: charges.map(({ type, amountMinor }) => ({ type, amount: toDecimal(Math.abs(amountMinor), exponent) })),
    attributes,
    returnOf: null,
    ...(splitFrom && { splitFrom }),
    ...(mergedFrom && { mergedFrom }),
  }
}
