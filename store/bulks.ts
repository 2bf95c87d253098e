import { sql } from 'kysely'
import type { BulkOrder, BulkState } from '../domain/bulk/bulk.ts'
import type { Db } from './database.ts'
import { toJsonText } from './json-text.ts'
import { type Page, type PageRequest, readCursor, toPage } from './page.ts'

export interface BulkKey {
  readonly organisation: string
  readonly id: string
}

export interface NewBulk extends BulkOrder {
  /** Of what was asked: the same id with another hash is another request. */
  readonly requestHash: string
  /** What its orders were chosen by; null: they were named. */
  readonly filter: Readonly<Record<string, unknown>> | null
  readonly createdAt: string
}

export interface BulkRow extends NewBulk {
  /** How many orders. */
  readonly size: number
  readonly state: BulkState
  /** When its workflow last took something in hand; null: it has not been seen to run. */
  readonly touchedAt: string | null
  readonly cancelledBy: string | null
  readonly cancelledAt: string | null
  readonly finishedAt: string | null
}

export interface BulkFilter extends PageRequest {
  readonly organisation: string
  /** Who began them; undefined: anybody. */
  readonly actor?: string
  readonly state?: BulkState
}

export interface BulkStore {
  /** With the orders that it is for, each once. Of any number of callers with one id, one inserts. */
  insertBulk(bulk: NewBulk, orderNos: readonly string[]): Promise<{ readonly inserted: boolean; readonly row: BulkRow }>
  getBulk(key: BulkKey): Promise<BulkRow | null>
  /** Newest first. @throws CursorInvalid */
  listBulks(filter: BulkFilter): Promise<Page<BulkRow>>
  /** The bulk as it then is. One that has ended, or is being cancelled, stays as it is. */
  cancelBulk(key: BulkKey, by: string, at: string): Promise<BulkRow | null>
  /** Its workflow is about to go on: the bulk as it is. */
  touchBulk(key: BulkKey, at: string): Promise<BulkRow | null>
  /** What is left of it is cancelled. Ended once, it stays as it was. */
  finishBulk(key: BulkKey, at: string, isCancelled: boolean): Promise<void>
  /** Open ones that have not been seen to run: not at all `since` they were created, or not since `touchedBefore`. */
  idleBulks(createdBefore: string, touchedBefore: string, limit: number): Promise<readonly BulkKey[]>
}

export function bulkStore(db: Db): BulkStore {
  const getBulk: BulkStore['getBulk'] = async key =>
    (await db.selectFrom('bulks').selectAll().where(of(key)).executeTakeFirst()) ?? null

  return {
    getBulk,

    async insertBulk(bulk, orderNos) {
      const { command, filter, roles, ...plain } = bulk
      const inserted = await db.transaction().execute(async tx => {
        const row = await tx
          .insertInto('bulks')
          .values({
            ...plain,
            roles: roles === null ? null : [...roles],
            command: toJsonText(command),
            filter: filter === null ? null : toJsonText(filter),
            size: orderNos.length,
          })
          .onConflict(conflict => conflict.columns(['organisation', 'id']).doNothing())
          .returning('id')
          .executeTakeFirst()
        if (row === undefined) return false
        await sql`insert into bulk_orders (organisation, bulk, position, order_no)
          select ${bulk.organisation}, ${bulk.id}, place, order_no
          from unnest(${[...orderNos]}::text[]) with ordinality as chosen (order_no, place)`.execute(tx)
        return true
      })
      return { inserted, row: (await getBulk(bulk))! }
    },

    async listBulks({ organisation, actor, state, limit, cursor }) {
      let query = db.selectFrom('bulks').selectAll().where('organisation', '=', organisation)
      if (actor !== undefined) query = query.where('actor', '=', actor)
      if (state !== undefined) query = query.where('state', '=', state)
      if (cursor !== undefined) {
        const [at, id] = readCursor(cursor, ['time', 'text']) as [string, string]
        query = query.where(where =>
          where.or([where('createdAt', '<', at), where.and([where('createdAt', '=', at), where('id', '>', id)])]),
        )
      }
      const rows = await query
        .orderBy('createdAt', 'desc')
        .orderBy('id')
        .limit(limit + 1)
        .execute()
      return toPage(rows, limit, row => [row.createdAt, row.id])
    },

    async cancelBulk(key, by, at) {
      await db
        .updateTable('bulks')
        .set({ state: 'cancelling', cancelledBy: by, cancelledAt: at })
        .where(of(key))
        .where('state', '=', 'running')
        .execute()
      return getBulk(key)
    },

    async touchBulk(key, at) {
      const row = await db.updateTable('bulks').set({ touchedAt: at }).where(of(key)).returningAll().executeTakeFirst()
      return row ?? null
    },

    async finishBulk(key, at, isCancelled) {
      await db.transaction().execute(async tx => {
        const ended = await tx
          .updateTable('bulks')
          .set({
            finishedAt: at,
            state: isCancelled
              ? 'cancelled'
              : sql<BulkState>`case when state = 'cancelling' then 'cancelled' else 'done' end`,
          })
          .where(of(key))
          .where('finishedAt', 'is', null)
          .returning('id')
          .executeTakeFirst()
        if (ended === undefined) return
        await tx
          .updateTable('bulkOrders')
          .set({ outcome: 'cancelled', at })
          .where('organisation', '=', key.organisation)
          .where('bulk', '=', key.id)
          .where('outcome', 'is', null)
          .execute()
      })
    },

    async idleBulks(createdBefore, touchedBefore, limit) {
      return db
        .selectFrom('bulks')
        .select(['organisation', 'id'])
        .where('finishedAt', 'is', null)
        .where('createdAt', '<', createdBefore)
        .where(where => where.or([where('touchedAt', 'is', null), where('touchedAt', '<', touchedBefore)]))
        .orderBy('createdAt')
        .limit(limit)
        .execute()
    },
  }
}

function of({ organisation, id }: BulkKey) {
  return sql<boolean>`organisation = ${organisation} and id = ${id}`
}
