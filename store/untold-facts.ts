import type { Db } from './database.ts'
import type { FactRow } from './facts.ts'

/** Parked facts that no order will take as it is, and that nobody has been told of; over all organisations, oldest first. */
export interface UntoldFactStore {
  /** Their orders are closed. */
  lateFacts(limit: number): Promise<readonly FactRow[]>
  /** There is no such order. */
  orphanedFacts(limit: number): Promise<readonly FactRow[]>
}

export function untoldFactStore(db: Db): UntoldFactStore {
  const untold = (limit: number) =>
    db
      .selectFrom('facts')
      .leftJoin('orders', join =>
        join.onRef('orders.organisation', '=', 'facts.organisation').onRef('orders.orderNo', '=', 'facts.orderNo'),
      )
      .selectAll('facts')
      .where('facts.state', '=', 'parked')
      .where('facts.exception', 'is', null)
      .orderBy('facts.receivedAt')
      .orderBy('facts.source')
      .orderBy('facts.id')
      .limit(limit)
  return {
    lateFacts: limit => untold(limit).where('orders.closedAt', 'is not', null).execute(),
    orphanedFacts: limit => untold(limit).where('orders.orderNo', 'is', null).execute(),
  }
}
