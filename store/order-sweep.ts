import { sql } from 'kysely'
import type { Db } from './database.ts'
import { type OrderKey, type OrderRow, orderColumns } from './orders.ts'

/** How far past its deadline an order must be before its clock counts as dead (DESIGN section 7). */
const clockGraceMs = 120_000

export type OverdueOrder = Pick<
  OrderRow,
  'organisation' | 'orderNo' | 'processId' | 'status' | 'seq' | 'asOf' | 'steps' | 'owners'
> & { readonly dueAt: string; readonly processOwner: string }

/** What the sweep and the watchdog look for, over all organisations, oldest first. */
export interface OrderSweepStore {
  /** Accepted longer ago than that by this machine's clock, and not known to be started. */
  unstarted(olderThanMs: number, limit: number): Promise<readonly OrderRow[]>
  /**
   * Open orders that should have moved more than two minutes before `now`, and have not; but not those known to have
   * vanished, or to be blocked, which no clock moves.
   */
  overdueClock(now: string, limit?: number): Promise<readonly OverdueOrder[]>
  /** Open orders while facts for them are still parked, since before `receivedBefore`. */
  ordersWithParkedFacts(receivedBefore: string, limit: number): Promise<readonly OrderKey[]>
}

export function orderSweepStore(db: Db): OrderSweepStore {
  return {
    unstarted: (olderThanMs, limit) =>
      db
        .selectFrom('orders')
        .select(orderColumns)
        .where('startedAt', 'is', null)
        .where('createdAt', '<', new Date(Date.now() - olderThanMs).toISOString())
        .orderBy('createdAt')
        .limit(limit)
        .execute(),

    overdueClock: (now, limit = 1_000) =>
      db
        .selectFrom('orders')
        .select(['organisation', 'orderNo', 'processId', 'status', 'seq', 'asOf', 'steps', 'owners', 'dueAt'])
        .select(sql<string>`start_input -> 'definition' ->> 'owner'`.as('processOwner'))
        .$narrowType<{ dueAt: string }>()
        .where('closedAt', 'is', null)
        .where('dueAt', '<', new Date(Date.parse(now) - clockGraceMs).toISOString())
        .where(sql<boolean>`not exceptions && array['vanished', 'dead']`)
        .orderBy('dueAt')
        .limit(limit)
        .execute(),

    ordersWithParkedFacts: (receivedBefore, limit) =>
      db
        .selectFrom('facts')
        .innerJoin('orders', join =>
          join.onRef('orders.organisation', '=', 'facts.organisation').onRef('orders.orderNo', '=', 'facts.orderNo'),
        )
        .select(['facts.organisation', 'facts.orderNo'])
        .where('facts.state', '=', 'parked')
        .where('orders.closedAt', 'is', null)
        .where('facts.receivedAt', '<', receivedBefore)
        .groupBy(['facts.organisation', 'facts.orderNo'])
        .orderBy(eb => eb.fn.min('facts.receivedAt'))
        .limit(limit)
        .execute(),
  }
}
