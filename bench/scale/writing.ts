import type { OrderState } from '../../domain/core/state.ts'
import { project } from '../../domain/view/projection.ts'
import type { Store } from '../../store/open-store.ts'
import { sales } from '../made-up-journals.ts'
import { type OrderTemplate, orderTemplates, placeholders } from './order-templates.ts'

export interface Written {
  readonly orders: number
  readonly appends: number
  readonly entries: number
  readonly seconds: number
}

/** As calls, decisions and facts come: a few events each time. */
const eventsAnAppend = 3
const atOnce = 8
const modelCount = 50
let orderNumbers = 0

type Writable = Pick<Store, 'insertOrder' | 'append'>

/** Places orders and appends to their journals as fast as the store takes it, until told to stop. */
export function startWriting(store: Writable): { stop: () => Promise<Written> } {
  const models = orderTemplates(Date.now(), { closed: modelCount, open: 1 }).closed
  const begun = performance.now()
  let [orders, appends, entries, stopped] = [0, 0, 0, false]
  const write = async () => {
    while (!stopped) {
      orderNumbers += 1
      const model = numbered(models[orderNumbers % models.length]!, String(orderNumbers).padStart(8, '0'))
      const { order } = model.projection.state
      await store.insertOrder({
        ...{ organisation: order.organisation, orderNo: order.orderNo, contentHash: '', content: order },
        ...{ processId: sales.id, processVersion: sales.version, startInput: { definition: sales, order } },
        ...{ placedBy: order.placedBy, customerId: order.customer.id, skus: order.lines.map(({ sku }) => sku) },
        createdAt: new Date().toISOString(),
      })
      orders += 1
      for (let from = 0; from < model.events.length && !stopped; from += eventsAnAppend) {
        const events = model.events.slice(from, from + eventsAnAppend)
        await store.append({ organisation: order.organisation, orderNo: order.orderNo, events }, (previous, fresh) =>
          project(sales, previous as OrderState | null, fresh),
        )
        appends += 1
        entries += events.length
      }
    }
  }
  const writers = Promise.all(Array.from({ length: atOnce }, write))
  return {
    async stop() {
      stopped = true
      await writers
      return { orders, appends, entries, seconds: (performance.now() - begun) / 1000 }
    },
  }
}

function numbered(template: OrderTemplate, number: string): OrderTemplate {
  const { orderNo, customer } = placeholders
  const text = JSON.stringify(template).replaceAll(orderNo, `W-${number}`).replaceAll(customer, `C-${number}`)
  return JSON.parse(text) as OrderTemplate
}
