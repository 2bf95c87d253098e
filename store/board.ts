import { sql } from 'kysely'
import type { ExceptionKind } from '../domain/exception/kind.ts'
import { closedCounts } from './closed-orders.ts'
import type { Db } from './database.ts'

export interface BoardCount {
  readonly count: number
  /** Of the open ones. */
  readonly overdue: number
  /** The open order that was created first; null if none is open. */
  readonly oldest: { readonly orderNo: string; readonly createdAt: string } | null
}

export interface Board {
  readonly open: number
  readonly overdue: number
  /** Closed statuses too. */
  readonly byStatus: readonly (BoardCount & { readonly status: string })[]
  /** Open orders only; one with two active steps counts under both. */
  readonly byStep: readonly (BoardCount & { readonly step: string })[]
  readonly byOwner: readonly (BoardCount & { readonly owner: string })[]
  /** Those that are not resolved. */
  readonly exceptions: readonly ExceptionCount[]
}

export interface ExceptionCount {
  readonly kind: ExceptionKind
  readonly open: number
  readonly acknowledged: number
  /** When the first of them was raised. */
  readonly oldestAt: string
}

export interface BoardStore {
  board(organisation: string, now: string): Promise<Board>
}

/** Open orders that have the same status, steps and owners. */
interface AlikeOrders extends BoardCount {
  readonly status: string
  readonly steps: readonly string[]
  readonly owners: readonly string[]
}

export function boardStore(db: Db): BoardStore {
  return {
    async board(organisation, now) {
      const [open, closed, exceptions] = await Promise.all([
        openOrders(db, organisation, now),
        closedCounts(db, organisation),
        exceptionCounts(db, organisation),
      ])
      const sum = (key: 'count' | 'overdue') => open.reduce((total, row) => total + row[key], 0)
      const all = [...open, ...closed.map(row => ({ ...row, steps: [], owners: [], overdue: 0, oldest: null }))]
      return {
        open: sum('count'),
        overdue: sum('overdue'),
        byStatus: grouped(all, ({ status }) => [status]).map(([status, counts]) => ({ status, ...counts })),
        byStep: grouped(open, ({ steps }) => steps).map(([step, counts]) => ({ step, ...counts })),
        byOwner: grouped(open, ({ owners }) => owners).map(([owner, counts]) => ({ owner, ...counts })),
        exceptions,
      }
    },
  }
}

/** Read from the index of open orders alone; what is looked up are the oldest of each kind. */
async function openOrders(db: Db, organisation: string, now: string): Promise<readonly AlikeOrders[]> {
  const { rows } = await sql<Omit<AlikeOrders, 'oldest'> & { orderNo: string; createdAt: string }>`
    select alike.*, oldest.order_no
    from (
      select status, steps, owners, count(*)::int as count, count(*) filter (where due_at < ${now})::int as overdue,
        min(created_at) as created_at
      from orders where organisation = ${organisation} and closed_at is null
      group by status, steps, owners
    ) as alike
    cross join lateral (
      select order_no from orders
      where organisation = ${organisation} and closed_at is null and created_at = alike.created_at
        and (status, steps, owners) = (alike.status, alike.steps, alike.owners)
      order by order_no limit 1
    ) as oldest`.execute(db)
  return rows.map(({ orderNo, createdAt, ...counts }) => ({ ...counts, oldest: { orderNo, createdAt } }))
}

async function exceptionCounts(db: Db, organisation: string): Promise<readonly ExceptionCount[]> {
  const { rows } = await sql<ExceptionCount>`
    select kind, count(*) filter (where status = 'open')::int as open,
      count(*) filter (where status = 'acknowledged')::int as acknowledged, min(opened_at) as oldest_at
    from exceptions where organisation = ${organisation} and status <> 'resolved'
    group by kind order by kind`.execute(db)
  return rows
}

/** In the order of their names; what has several names counts under each. */
function grouped(
  rows: readonly AlikeOrders[],
  namesOf: (row: AlikeOrders) => readonly string[],
): (readonly [string, BoardCount])[] {
  const groups = new Map<string, BoardCount>()
  for (const row of rows) {
    for (const name of namesOf(row)) {
      const { count, overdue, oldest } = groups.get(name) ?? { count: 0, overdue: 0, oldest: null }
      groups.set(name, {
        count: count + row.count,
        overdue: overdue + row.overdue,
        oldest: olderOf(oldest, row.oldest),
      })
    }
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}

function olderOf(a: BoardCount['oldest'], b: BoardCount['oldest']): BoardCount['oldest'] {
  if (a === null || b === null) return a ?? b
  const [keyA, keyB] = [a, b].map(({ createdAt, orderNo }) => `${createdAt} ${orderNo}`) as [string, string]
  return keyA <= keyB ? a : b
}
