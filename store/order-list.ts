import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { Db, Tables } from './database.ts'
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
      const rows = await matching(db, filter)
        .select('orders.orderNo')
        .limit(most + 1)
        .execute()
      return rows.map(({ orderNo }) => orderNo)
    },

    async listOrders(filter) {
      const rows = await matching(db, filter)
        .select(columns.map(column => `orders.${column}` as const))
        .limit(filter.limit + 1)
        .execute()
      return toPage(rows, filter.limit, row => [row.createdAt, row.orderNo])
    },
  }
}

type Matching = Omit<OrderFilter, 'limit'>

/** Newest first. */
function matching(db: Db, filter: Matching): SelectQueryBuilder<Tables, 'orders', object> {
  const { organisation, sku } = filter
  const sorted = sku === undefined ? 'orders' : 'orderSkus'
  let query = (sku === undefined ? db.selectFrom('orders') : ofSku(db, organisation, sku))
    .where('orders.organisation', '=', organisation)
    .orderBy(sql.ref(`${sorted}.createdAt`), 'desc')
    .orderBy(sql.ref(`${sorted}.orderNo`))
  for (const condition of conditions(filter, sorted)) query = query.where(condition)
  return query
}

/** By a table that has the orders of each sku in the order of the list. */
function ofSku(db: Db, organisation: string, sku: string): SelectQueryBuilder<Tables, 'orders', object> {
  return db
    .selectFrom('orderSkus')
    .innerJoin('orders', join =>
      join
        .onRef('orders.organisation', '=', 'orderSkus.organisation')
        .onRef('orders.orderNo', '=', 'orderSkus.orderNo'),
    )
    .where('orderSkus.organisation', '=', organisation)
    .where('orderSkus.sku', '=', sku) as unknown as SelectQueryBuilder<Tables, 'orders', object>
}

function conditions(filter: Matching, sorted: 'orders' | 'orderSkus'): Expression<SqlBool>[] {
  const { status, step, owner, overdue, provisional, process, customer, since, until, now, cursor } = filter
  const found: Expression<SqlBool>[] = []
  const createdAt = sql.ref(`${sorted}.createdAt`)
  if (status !== undefined) found.push(sql`status = ${status}`)
  // Of closed orders no step is under way, and nobody has to move them on: only open ones need be looked at.
  if (step !== undefined) found.push(sql`closed_at is null and steps @> array[${step}]::text[]`)
  if (owner !== undefined) found.push(sql`closed_at is null and owners @> array[${owner}]::text[]`)
  if (provisional === true) found.push(sql`closed_at is null and provisional`)
  if (provisional === false) found.push(sql`(closed_at is not null or not provisional)`)
  if (process !== undefined) found.push(sql`process_id = ${process}`)
  if (customer !== undefined) found.push(sql`customer_id = ${customer}`)
  if (overdue === true) found.push(sql`closed_at is null and due_at < ${now}`)
  if (overdue === false) found.push(sql`(closed_at is not null or due_at is null or due_at >= ${now})`)
  if (since !== undefined) found.push(sql`${createdAt} >= ${since}`)
  if (until !== undefined) found.push(sql`${createdAt} < ${until}`)
  if (cursor !== undefined) {
    const [lastAt, lastNo] = readCursor(cursor, ['time', 'text'])
    const orderNo = sql.ref(`${sorted}.orderNo`)
    found.push(sql`${createdAt} <= ${lastAt} and (${createdAt} < ${lastAt} or ${orderNo} > ${lastNo})`)
  }
  return found
}
