import type { Attempt } from '../domain/core/attempt.ts'
import type { Db, Tx } from './database.ts'
import type { OrderKey } from './orders.ts'

export interface AttemptStore {
  /** Newest first. */
  listAttempts(organisation: string, orderNo: string, limit: number): Promise<readonly Attempt[]>
}

export function attemptStore(db: Db): AttemptStore {
  return {
    listAttempts: (organisation, orderNo, limit) =>
      db
        .selectFrom('attempts')
        .select(['id', 'at', 'actor', 'command', 'code', 'message'])
        .where('organisation', '=', organisation)
        .where('orderNo', '=', orderNo)
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute(),
  }
}

export async function writeAttempts(tx: Tx, key: OrderKey, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return
  const { organisation, orderNo } = key
  await tx
    .insertInto('attempts')
    .values(
      attempts.map(({ id, at, actor, command, code, message }) => ({
        organisation,
        orderNo,
        id,
        at,
        actor,
        command,
        code,
        message,
      })),
    )
    .onConflict(conflict => conflict.columns(['organisation', 'id']).doNothing())
    .execute()
}
