import type { Db, Tx } from './database.ts'
import type { OrderKey } from './orders.ts'

/** A command that was refused. */
export interface Attempt {
  /** Unique within the organisation: the same one again is not recorded twice. */
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly command: string
  /** Why it was refused. */
  readonly code: string
  readonly message: string
}

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
