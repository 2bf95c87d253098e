import { sql } from 'kysely'
import type { ExceptionKind } from '../domain/exception/kind.ts'
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

interface CountRow {
  name: string
  count: number
  open: number
  overdue: number
  orderNo: string | null
  createdAt: string | null
}

export function boardStore(db: Db): BoardStore {
  return {
    async board(organisation, now) {
      const counts = sql`
        count(*)::int as count,
        count(*) filter (where closed_at is null)::int as open,
        count(*) filter (where closed_at is null and due_at < ${now})::int as overdue,
        (array_agg(order_no order by created_at, order_no) filter (where closed_at is null))[1] as order_no,
        min(created_at) filter (where closed_at is null) as created_at`
      const statuses = await sql<CountRow>`
        select status as name, ${counts} from orders
        where organisation = ${organisation} group by status order by status`.execute(db)
      const others = await sql<CountRow & { of: 'step' | 'owner' }>`
        select of, name, ${counts} from orders
        cross join lateral (
          select 'step' as of, unnest(steps) as name union all select 'owner', unnest(owners)) as named
        where organisation = ${organisation} and closed_at is null
        group by of, name order by of, name`.execute(db)

      const exceptions = await sql<ExceptionCount>`
        select kind, count(*) filter (where status = 'open')::int as open,
          count(*) filter (where status = 'acknowledged')::int as acknowledged, min(opened_at) as oldest_at
        from exceptions where organisation = ${organisation} and status <> 'resolved'
        group by kind order by kind`.execute(db)

      const sum = (key: 'open' | 'overdue') => statuses.rows.reduce((total, row) => total + row[key], 0)
      return {
        open: sum('open'),
        overdue: sum('overdue'),
        byStatus: statuses.rows.map(row => ({ status: row.name, ...boardCount(row) })),
        byStep: others.rows.filter(row => row.of === 'step').map(row => ({ step: row.name, ...boardCount(row) })),
        byOwner: others.rows.filter(row => row.of === 'owner').map(row => ({ owner: row.name, ...boardCount(row) })),
        exceptions: exceptions.rows,
      }
    },
  }
}

function boardCount({ count, overdue, orderNo, createdAt }: CountRow): BoardCount {
  return { count, overdue, oldest: orderNo === null || createdAt === null ? null : { orderNo, createdAt } }
}
