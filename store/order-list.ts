import { type Expression, type SqlBool, sql } from 'kysely'
import type { Db } from './database.ts'
import type { OrderRow } from './orders.ts'
import { type Page, type PageRequest, readCursor, toPage } from './page.ts'

export interface OrderFilter extends PageRequest {
  readonly organisation: string
  readonly status?: string
  readonly step?: string
  readonly owner?: string
  /** Open and past its deadline at `now`; false: all others. */
  readonly overdue?: boolean
  /** Open, with a deadline past the holidays that are known; false: all others. */
  readonly provisional?: boolean
  readonly process?: string
  readonly customer?: string
  readonly sku?: string
  /** Created at or after. */
  readonly since?: string
  /** Created before. */
  readonly until?: string
  readonly now: string
}

/** A row without what only the workflow and the projection need. */
export type ListedOrder = Omit<OrderRow, 'state' | 'startInput'>

export interface OrderListStore {
  /** Numbers of the orders that match, newest first, and of one more than `most` if there are more. */
  matchingOrders(filter: Omit<OrderFilter, 'limit' | 'cursor'>, most: number): Promise<readonly string[]>
  /** Newest first. @throws CursorInvalid */
  listOrders(filter: OrderFilter): Promise<Page<ListedOrder>>
}

const columns = [
  'organisation',
  'orderNo',
  'contentHash',
  'content',
  'processId',
  'processVersion',
  'placedBy',
  'customerId',
  'skus',
  'createdAt',
  'startedAt',
  'status',
  'view',
  'seq',
  'asOf',
  'steps',
  'owners',
  'dueAt',
  'exceptions',
  'closedAt',
] as const satisfies readonly (keyof ListedOrder)[]

export function orderListStore(db: Db): OrderListStore {
  return {
    async matchingOrders(filter, most) {
      let query = db
        .selectFrom('orders')
        .select('orderNo')
        .where('organisation', '=', filter.organisation)
        .orderBy('createdAt', 'desc')
        .orderBy('orderNo')
        .limit(most + 1)
      for (const condition of conditions(filter)) query = query.where(condition)
      return (await query.execute()).map(({ orderNo }) => orderNo)
    },

    async listOrders(filter) {
      let query = db
        .selectFrom('orders')
        .select(columns)
        .where('organisation', '=', filter.organisation)
        .orderBy('createdAt', 'desc')
        .orderBy('orderNo')
        .limit(filter.limit + 1)
      for (const condition of conditions(filter)) query = query.where(condition)
      return toPage(await query.execute(), filter.limit, row => [row.createdAt, row.orderNo])
    },
  }
}

/** Of a step, a review or a hold. */
const hasProvisional = sql<SqlBool>`closed_at is null and jsonb_path_exists(view, '$.*[*].nextRung.provisional')`

function conditions(filter: Omit<OrderFilter, 'limit'>): Expression<SqlBool>[] {
  const { status, step, owner, overdue, provisional, process, customer, sku, since, until, now, cursor } = filter
  const found: Expression<SqlBool>[] = []
  if (status !== undefined) found.push(sql`status = ${status}`)
  if (step !== undefined) found.push(sql`steps @> array[${step}]::text[]`)
  if (owner !== undefined) found.push(sql`owners @> array[${owner}]::text[]`)
  if (sku !== undefined) found.push(sql`skus @> array[${sku}]::text[]`)
  if (provisional !== undefined) found.push(provisional ? hasProvisional : sql`(${hasProvisional}) is not true`)
  if (process !== undefined) found.push(sql`process_id = ${process}`)
  if (customer !== undefined) found.push(sql`customer_id = ${customer}`)
  if (overdue === true) found.push(sql`closed_at is null and due_at < ${now}`)
  if (overdue === false) found.push(sql`(closed_at is not null or due_at is null or due_at >= ${now})`)
  if (since !== undefined) found.push(sql`created_at >= ${since}`)
  if (until !== undefined) found.push(sql`created_at < ${until}`)
  if (cursor !== undefined) {
    const [createdAt, orderNo] = readCursor(cursor, ['time', 'text'])
    found.push(sql`created_at <= ${createdAt} and (created_at < ${createdAt} or order_no > ${orderNo})`)
  }
  return found
}
