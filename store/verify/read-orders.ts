import type { SelectQueryBuilder } from 'kysely'
import type { Tables, Tx } from '../database.ts'
import { hexOf } from '../hex.ts'
import { entryColumns } from '../journal.ts'
import type { ChainedEntry } from '../journal-chain.ts'
import type { OrderKey, OrderRow } from '../orders.ts'
import type { ExpectedEnd } from './judge-entries.ts'
import type { ProjectedRow } from './judge-projection.ts'
import type { StoredRows } from './judge-rows.ts'

export interface Scope {
  readonly organisation?: string
  readonly orderNo?: string
}

type Row = OrderKey & ExpectedEnd & ProjectedRow & Pick<OrderRow, 'processId' | 'processVersion'>

export interface OrderToJudge extends OrderKey {
  /** Null: only entries are left of it. */
  readonly row: Row | null
  /** In the tables of tasks, exceptions and facts. */
  readonly beside: StoredRows
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
  const upTo = { scope, after, to: last }
  return { orders: merge(rows, await readEntries(tx, upTo), await readBeside(tx, upTo)), last }
}

interface Span {
  readonly scope: Scope
  readonly after: OrderKey | null
  readonly to: OrderKey | null
}

function readRows(tx: Tx, scope: Scope, after: OrderKey | null): Promise<Row[]> {
  return within(tx.selectFrom('orders'), { scope, after, to: null })
    .select(['organisation', 'orderNo', 'seq', 'asOf', 'status', 'closedAt', 'dueAt', 'steps', 'owners', 'state'])
    .select(['processId', 'processVersion', hexOf('journalHash').as('journalHash')])
    .orderBy('organisation')
    .orderBy('orderNo')
    .limit(ordersAtOnce)
    .execute()
}

function readEntries(tx: Tx, span: Span): Promise<ChainedEntry[]> {
  return within(tx.selectFrom('journal'), span)
    .select([...entryColumns, hexOf('prev').$notNull().as('prev'), hexOf('hash').$notNull().as('hash')])
    .orderBy('organisation')
    .orderBy('orderNo')
    .orderBy('seq')
    .execute()
}

type Beside = { readonly [K in keyof StoredRows]: readonly (StoredRows[K][number] & OrderKey)[] }

/** One connection, so one after the other. */
async function readBeside(tx: Tx, span: Span): Promise<Beside> {
  const tasks = await within(tx.selectFrom('tasks'), span).selectAll().execute()
  const exceptions = await within(tx.selectFrom('exceptions'), span)
    .select(['organisation', 'orderNo', 'id', 'kind', 'step', 'count', 'openedAt'])
    .where('orderNo', 'is not', null)
    .execute()
  const facts = await within(tx.selectFrom('facts'), span)
    .select(['organisation', 'orderNo', 'source', 'id', 'state'])
    .execute()
  return { tasks, exceptions: exceptions as Beside['exceptions'], facts }
}

function within<T extends 'orders' | 'journal' | 'tasks' | 'exceptions' | 'facts'>(
  query: SelectQueryBuilder<Tables, T, object>,
  { scope: { organisation, orderNo }, after, to }: Span,
): SelectQueryBuilder<Tables, T, object> {
  // All of them have these columns; the type of a query over any is more than the compiler takes.
  let narrowed = query as unknown as SelectQueryBuilder<Tables, 'journal', object>
  if (organisation !== undefined) narrowed = narrowed.where('organisation', '=', organisation)
  if (orderNo !== undefined) narrowed = narrowed.where('orderNo', '=', orderNo)
  if (after !== null) {
    narrowed = narrowed.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('organisation', 'orderNo'), '>', tuple(after.organisation, after.orderNo)),
    )
  }
  if (to !== null) {
    narrowed = narrowed.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('organisation', 'orderNo'), '<=', tuple(to.organisation, to.orderNo)),
    )
  }
  return narrowed as unknown as SelectQueryBuilder<Tables, T, object>
}

function merge(rows: readonly Row[], entries: readonly ChainedEntry[], beside: Beside): Iterable<OrderToJudge> {
  const orders = new Map<string, OrderToJudge & { entries: ChainedEntry[] }>()
  const nameOf = ({ organisation, orderNo }: OrderKey) => `${organisation}\0${orderNo}`
  const byOrder = {
    tasks: Map.groupBy(beside.tasks, nameOf),
    exceptions: Map.groupBy(beside.exceptions, nameOf),
    facts: Map.groupBy(beside.facts, nameOf),
  }
  const besideOf = (name: string): StoredRows => ({
    tasks: byOrder.tasks.get(name) ?? [],
    exceptions: byOrder.exceptions.get(name) ?? [],
    facts: byOrder.facts.get(name) ?? [],
  })
  for (const row of rows) {
    const { organisation, orderNo } = row
    orders.set(nameOf(row), { organisation, orderNo, row, beside: besideOf(nameOf(row)), entries: [] })
  }
  for (const entry of entries) {
    const { organisation, orderNo } = entry
    const name = nameOf(entry)
    if (!orders.has(name)) orders.set(name, { organisation, orderNo, row: null, beside: besideOf(name), entries: [] })
    orders.get(name)!.entries.push(entry)
  }
  return orders.values()
}
