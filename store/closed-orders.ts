import { sql } from 'kysely'
import type { Db } from './database.ts'

export interface ClosedOrderStore {
  /** Adds up what the counts of closed orders consist of, once that has become much; they stay the same. */
  addUpClosedOrders(): Promise<void>
}

const rowsToRead = 1_000

export function closedOrderStore(db: Db): ClosedOrderStore {
  return {
    async addUpClosedOrders() {
      await sql`
        with taken as (
          delete from closed_orders where exists (select from closed_orders offset ${rowsToRead})
          returning organisation, status, count
        )
        insert into closed_orders
        select organisation, status, sum(count) from taken group by organisation, status having sum(count) <> 0
      `.execute(db)
    },
  }
}

/** Exact: a trigger notes each order that is closed. */
export async function closedCounts(
  db: Db,
  organisation: string,
): Promise<readonly { status: string; count: number }[]> {
  const { rows } = await sql<{ status: string; count: number }>`
    select status, sum(count)::int as count from closed_orders where organisation = ${organisation}
    group by status having sum(count) <> 0`.execute(db)
  return rows
}
