import type { Attempt } from '../domain/core/commands/attempt.ts'
import type { Db, Tx } from './database.ts'
import type { OrderKey } from './orders.ts'
import { type Page, type PageRequest, readCursor, toPage } from './page.ts'

export interface AttemptStore {
  /** Newest first. @throws CursorInvalid */
  listAttempts(asked: OrderKey & PageRequest): Promise<Page<Attempt>>
  /** One that the order itself did not hear of. */
  recordAttempt(key: OrderKey, attempt: Attempt): Promise<void>
}

export function attemptStore(db: Db): AttemptStore {
  return {
    async listAttempts({ organisation, orderNo, limit, cursor }) {
      let query = db
        .selectFrom('attempts')
        .select(['id', 'at', 'actor', 'command', 'code', 'message'])
        .where('organisation', '=', organisation)
        .where('orderNo', '=', orderNo)
      if (cursor !== undefined) {
        const [at, id] = readCursor(cursor, ['time', 'text']) as [string, string]
        query = query.where(where =>
          where.or([where('at', '<', at), where.and([where('at', '=', at), where('id', '>', id)])]),
        )
      }
      const rows = await query
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(limit + 1)
        .execute()
      return toPage(rows, limit, row => [row.at, row.id])
    },

    recordAttempt: (key, attempt) => db.transaction().execute(tx => writeAttempts(tx, key, [attempt])),
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
