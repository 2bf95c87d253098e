import type { SelectQueryBuilder } from 'kysely'
import type { Tables, Tx } from '../database.ts'
import { hexOf } from '../hex.ts'
import { entryColumns } from '../journal.ts'
import type { ChainedEntry } from '../journal-chain.ts'
import type { OrderKey, OrderRow } from '../orders.ts'
import type { ExpectedEnd } from './judge-entries.ts'
import type { ProjectedRow } from './judge-projection.ts'

export interface Scope {
  readonly organisation?: string
  readonly orderNo?: string
}

type Row = OrderKey & ExpectedEnd & ProjectedRow & Pick<OrderRow, 'processId' | 'processVersion'>

export interface OrderToJudge extends OrderKey {
  /** Null: only entries are left of it. */
  readonly row: Row | null
  readonly entries: readonly ChainedEntry[]
}

const ordersAtOnce = 200

/** Every order with its entries, page by page; the next page is on its way while one is looked at. */
export async function* readOrders(tx: Tx, scope: Scope): AsyncGenerator<OrderToJudge> {
  let coming: Promise<Page> | null = readPage(tx, scope, null)
  while (coming !== null) {
    const { orders, last }: Page = await coming
    coming = last === null ? null : readPage(tx, scope, last)
    // Whoever stops looking does not wait for it, nor for its failure.
    coming?.catch(() => {})
    yield* orders
  }
}

interface Page {
  readonly orders: Iterable<OrderToJudge>
  /** Null: there is no next page. */
  readonly last: OrderKey | null
}

async function readPage(tx: Tx, scope: Scope, after: OrderKey | null): Promise<Page> {
  const rows = await readRows(tx, scope, after)
  const last = rows.length < ordersAtOnce ? null : rows.at(-1)!
  return { orders: merge(rows, await readEntries(tx, scope, after, last)), last }
}

function readRows(tx: Tx, scope: Scope, after: OrderKey | null): Promise<Row[]> {
  return within(tx.selectFrom('orders'), scope, after)
    .select(['organisation', 'orderNo', 'seq', 'asOf', 'status', 'closedAt', 'dueAt', 'steps', 'owners', 'state'])
    .select(['processId', 'processVersion', hexOf('journalHash').as('journalHash')])
    .orderBy('organisation')
    .orderBy('orderNo')
    .limit(ordersAtOnce)
    .execute()
}

function readEntries(tx: Tx, scope: Scope, after: OrderKey | null, to: OrderKey | null): Promise<ChainedEntry[]> {
  let query = within(tx.selectFrom('journal'), scope, after)
  if (to !== null) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('organisation', 'orderNo'), '<=', tuple(to.organisation, to.orderNo)),
    )
  }
  return query
    .select([...entryColumns, hexOf('prev').$notNull().as('prev'), hexOf('hash').$notNull().as('hash')])
    .orderBy('organisation')
    .orderBy('orderNo')
    .orderBy('seq')
    .execute()
}

function within<T extends 'orders' | 'journal'>(
  query: SelectQueryBuilder<Tables, T, object>,
  { organisation, orderNo }: Scope,
  after: OrderKey | null,
): SelectQueryBuilder<Tables, T, object> {
  // Both tables have these columns; the type of a query over either is more than the compiler takes.
  let narrowed = query as unknown as SelectQueryBuilder<Tables, 'journal', object>
  if (organisation !== undefined) narrowed = narrowed.where('organisation', '=', organisation)
  if (orderNo !== undefined) narrowed = narrowed.where('orderNo', '=', orderNo)
  if (after !== null) {
    narrowed = narrowed.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('organisation', 'orderNo'), '>', tuple(after.organisation, after.orderNo)),
    )
  }
  return narrowed as unknown as SelectQueryBuilder<Tables, T, object>
}

function merge(rows: readonly Row[], entries: readonly ChainedEntry[]): Iterable<OrderToJudge> {
  const orders = new Map<string, OrderToJudge & { entries: ChainedEntry[] }>()
  const nameOf = ({ organisation, orderNo }: OrderKey) => `${organisation}\0${orderNo}`
  for (const row of rows) {
    orders.set(nameOf(row), { organisation: row.organisation, orderNo: row.orderNo, row, entries: [] })
  }
  for (const entry of entries) {
    const { organisation, orderNo } = entry
    const name = nameOf(entry)
    if (!orders.has(name)) orders.set(name, { organisation, orderNo, row: null, entries: [] })
    orders.get(name)!.entries.push(entry)
  }
  return orders.values()
}
