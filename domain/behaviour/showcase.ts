import { calendarSchema } from '../calendar/calendar-definition.ts'
import { compileCalendar } from '../calendar/compile-calendar.ts'
import { compileDefinition } from '../definition/compile-definition.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import { definitionSchema } from '../definition/definition-schema.ts'
import type { Order } from '../order/order.ts'

/* The process and the order that the behaviour table is about: one step of each status, one after the other. */

const always = ['00:00-24:00']
const calendar = calendarSchema.parse({
  id: 'always',
  title: { en: 'Always', zh: '总是' },
  timeZone: 'UTC',
  weekly: { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always },
  horizon: '2099-12-31',
})

const ladder = (fallback: string) => [
  { after: '1d', remind: 'owner' },
  { after: '3d', fallback },
]
const call = (id: string, status: string, operation: string, undo: string) => {
  const retry = { giveUpAfter: '1h' }
  return { id, kind: 'call', status, do: operation, undo, owner: 'role:finance', retry, onFailure: 'review' }
}

const definition = definitionSchema.parse({
  process: 'showcase',
  version: 1,
  title: { en: 'Showcase', zh: '示例' },
  owner: 'zhao',
  calendar: 'always',
  flow: 'outbound',
  review: { owner: 'role:order-desk', ladder: [{ after: '4h', escalate: 'role:ops-manager', every: '1d' }] },
  on: {
    'payment.received': 'review',
    'payment.refused': 'review',
    'stock.reserved': 'record',
    'stock.short': 'review',
    'shipment.shipped': 'record',
    'shipment.lost': 'review',
    'customer.cancelled': 'cancel',
    'supplier.confirmed': 'ignore',
    'supplier.delayed': 'record',
    'goods.received': 'ignore',
    'invoice.matched': 'ignore',
  },
  holds: {
    customer: { owner: 'role:order-desk', blocks: { steps: 'all', commands: ['approve'] }, ladder: ladder('review') },
  },
  steps: [
    { id: 'approval', kind: 'task', status: 'pending_approval', owner: 'role:sales', ladder: ladder('cancel') },
    call('payment', 'pending_payment', 'payment.authorise', 'payment.void'),
    {
      ...call('stock', 'pending_stock', 'inventory.reserve', 'inventory.release'),
      partial: { mode: 'wait', ladder: ladder('review') },
    },
    call('shipment', 'pending_shipment', 'shipment.create', 'shipment.recall'),
    {
      id: 'signing',
      kind: 'wait',
      status: 'in_transit',
      fact: 'shipment.delivered',
      irreversible: true,
      owner: 'role:logistics',
      ladder: ladder('review'),
    },
  ],
})

/** With a holiday that was not known when the orders of the table were placed. */
export const newerCalendar = compileCalendar({ ...calendar, holidays: [{ date: '2026-03-03' }] })

export const showcase: CompiledDefinition = compileDefinition(definition, { always: compileCalendar(calendar) })

/** In which people are given longer. */
export const newerShowcase: CompiledDefinition = compileDefinition(
  {
    ...definition,
    version: 2,
    review: { ...definition.review!, ladder: [{ after: '6h', escalate: 'role:ops-manager', every: '1d' }] },
  },
  { always: compileCalendar(calendar) },
)

export const showcaseOrder: Order = {
  organisation: 'main',
  orderNo: 'SO-1',
  customer: { id: 'c1', name: 'Ada' },
  currency: 'CNY',
  exponent: 2,
  lines: [{ line: 1, sku: 'A', quantity: 2, unitPriceMinor: 500 }],
  charges: [],
  attributes: {},
  placedBy: 'sun',
}
