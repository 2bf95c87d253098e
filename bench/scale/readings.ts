import { sql } from 'kysely'
import { Random } from '../../domain/simulate/random.ts'
import type { Db } from '../../store/database.ts'

/** What is asked of the API again and again. */
export interface Reading {
  readonly name: string
  /** Who asks: a person of the demo. */
  readonly as: string
  /** The same for the same number. */
  readonly path: (index: number) => string
}

const organisation = 'main'
const known = 500
const day = 86_400_000

/** Everything that people and backends ask of orders, with values that occur, and some that do not. */
export async function readings(db: Db, nowMs: number): Promise<readonly Reading[]> {
  const all = await someOrders(db, 'true')
  const open = await someOrders(db, 'closed_at is null')
  const of = (list: readonly Known[], index: number) => list[index % list.length]!
  const time = (ms: number) => encodeURIComponent(new Date(ms).toISOString())
  const whenever = (index: number) => nowMs - new Random(index).whole(1, 600) * day
  const list = (name: string, query: (index: number) => string): Reading => ({
    name: `list: ${name}`,
    as: 'qin',
    path: index => `/api/orders?${query(index)}`,
  })
  const cursor = await middleCursor(db)
  const those = ['luo', 'he', 'mei', 'wu', 'fang', 'ling'] as const
  return [
    list('newest', () => ''),
    list('page in the middle', () => `cursor=${cursor}`),
    list('200 newest', () => 'limit=200'),
    ...['completed', 'cancelled', 'in_transit', 'manual_review', 'voided'].map(status =>
      list(`status=${status}`, () => `status=${status}`),
    ),
    ...['signing', 'approval', 'capture'].map(step => list(`step=${step}`, () => `step=${step}`)),
    ...['role:logistics', 'role:order-desk', 'fang'].map(owner => list(`owner=${owner}`, () => `owner=${owner}`)),
    list('overdue=true', () => 'overdue=true'),
    list('overdue=true, owner', () => 'overdue=true&owner=role:logistics'),
    list('overdue=false', () => 'overdue=false'),
    list('provisional=true', () => 'provisional=true'),
    list('process=sales', () => 'process=sales'),
    list('process=purchase', () => 'process=purchase'),
    list('customer', index => `customer=${of(all, index).customerId}`),
    list('customer, status', index => `customer=${of(all, index).customerId}&status=cancelled`),
    list('sku', index => `sku=${of(all, index).sku}`),
    list('sku, status', index => `sku=${of(all, index).sku}&status=cancelled`),
    list('since, until', index => `since=${time(whenever(index))}&until=${time(whenever(index) + day)}`),
    list('until, status', index => `until=${time(whenever(index))}&status=cancelled`),
    { name: 'board', as: 'qin', path: () => '/api/board' },
    ...those.map(as => ({ name: `tasks of ${as}`, as, path: () => '/api/tasks?mine=true' })),
    { name: 'one order', as: 'qin', path: index => `/api/orders/${of(all, index).orderNo}` },
    { name: 'one open order', as: 'qin', path: index => `/api/orders/${of(open, index).orderNo}` },
    { name: 'its journal', as: 'qin', path: index => `/api/orders/${of(all, index).orderNo}/journal` },
    { name: 'why it waits', as: 'qin', path: index => `/api/orders/${of(open, index).orderNo}/why` },
    { name: 'exceptions', as: 'qin', path: () => '/api/exceptions' },
    { name: 'exceptions: open', as: 'qin', path: () => '/api/exceptions?status=open' },
    { name: 'exceptions: kind, owner', as: 'qin', path: () => '/api/exceptions?kind=overdue&owner=role:order-desk' },
    { name: 'exceptions: none such', as: 'qin', path: () => '/api/exceptions?kind=vanished' },
    { name: 'exceptions: of an order', as: 'qin', path: index => `/api/exceptions?orderNo=${of(open, index).orderNo}` },
  ]
}

interface Known {
  readonly orderNo: string
  readonly customerId: string
  readonly sku: string
}

/** From everywhere among them. */
async function someOrders(db: Db, condition: string): Promise<readonly Known[]> {
  const { rows } = await sql<Known>`
    select order_no, customer_id, skus[1] as sku from orders
    where organisation = ${organisation} and ${sql.raw(condition)}
    order by md5(order_no) limit ${known}`.execute(db)
  return rows
}

/** Of the page after the order in the middle. */
async function middleCursor(db: Db): Promise<string> {
  const { rows } = await sql<{ createdAt: string; orderNo: string }>`
    select created_at, order_no from orders where organisation = ${organisation} order by created_at desc, order_no
    offset (select count(*) / 2 from orders where organisation = ${organisation}) limit 1`.execute(db)
  const { createdAt, orderNo } = rows[0]!
  return Buffer.from(JSON.stringify([createdAt, orderNo])).toString('base64url')
}
