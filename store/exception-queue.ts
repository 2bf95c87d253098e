import { sql } from 'kysely'
import type { Db, Tx } from './database.ts'
import {
  changeException,
  type ExceptionOutcome,
  type ExceptionStatus,
  type StoredException,
  toValues,
} from './exceptions.ts'
import { type Page, type PageRequest, readCursor, toPage } from './page.ts'

export type NewException = Omit<StoredException, 'status' | 'count' | 'outcome' | 'note' | 'resolvedAt'>

/** `counted`: it was there and is seen once more. `resolved`: a person is done with it; nothing was changed. */
export type ExceptionRaising = 'raised' | 'counted' | 'resolved'

export interface ExceptionFilter extends PageRequest {
  readonly organisation: string
  readonly status?: ExceptionStatus
  readonly kind?: string
  readonly owner?: string
  /** Null: those that belong to no order. */
  readonly orderNo?: string | null
}

export interface ExceptionResolution {
  readonly outcome: ExceptionOutcome
  readonly note: string | null
  readonly resolvedAt: string
}

export interface ExceptionStore {
  /** For exceptions born outside an order's own events. The same id again counts up and brings its new evidence. */
  raiseException(exception: NewException): Promise<ExceptionRaising>
  getException(organisation: string, id: string): Promise<StoredException | null>
  /** Newest first. @throws CursorInvalid */
  listExceptions(filter: ExceptionFilter): Promise<Page<StoredException>>
  /** As it is then; null if there is none. One that is resolved stays so. */
  acknowledgeException(organisation: string, id: string): Promise<StoredException | null>
  /** As it is then; null if there is none. The first resolution stands. */
  resolveException(organisation: string, id: string, resolution: ExceptionResolution): Promise<StoredException | null>
}

export function exceptionStore(db: Db): ExceptionStore {
  const getException: ExceptionStore['getException'] = async (organisation, id) => {
    const row = await db
      .selectFrom('exceptions')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('id', '=', id)
      .executeTakeFirst()
    return row ?? null
  }

  /** The order of an exception never changes, so it may be read before the transaction. */
  async function change(organisation: string, id: string, update: (tx: Tx) => Promise<unknown>) {
    const known = await getException(organisation, id)
    if (known === null) return null
    await changeException(db, organisation, known.orderNo, update)
    return getException(organisation, id)
  }

  return {
    getException,

    raiseException: exception =>
      changeException(db, exception.organisation, exception.orderNo, async tx => {
        const { organisation, orderNo } = exception
        const fresh = { status: 'open', count: 1, outcome: null, note: null, resolvedAt: null } as const
        const row = await tx
          .insertInto('exceptions')
          .values({ ...toValues({ ...exception, ...fresh }), organisation, orderNo })
          .onConflict(conflict =>
            conflict
              .columns(['organisation', 'id'])
              .doUpdateSet(eb => ({
                count: sql<number>`exceptions.count + 1`,
                evidence: eb.ref('excluded.evidence'),
                severity: eb.ref('excluded.severity'),
              }))
              .where('exceptions.status', '!=', 'resolved'),
          )
          .returning('count')
          .executeTakeFirst()
        if (row === undefined) return 'resolved'
        return row.count === 1 ? 'raised' : 'counted'
      }),

    async listExceptions({ organisation, status, kind, owner, orderNo, limit, cursor }) {
      let query = db
        .selectFrom('exceptions')
        .selectAll()
        .where('organisation', '=', organisation)
        .orderBy('openedAt', 'desc')
        .orderBy('id')
        .limit(limit + 1)
      if (status !== undefined) query = query.where('status', '=', status)
      if (kind !== undefined) query = query.where('kind', '=', kind)
      if (owner !== undefined) query = query.where('owner', '=', owner)
      if (orderNo !== undefined) query = query.where('orderNo', 'is not distinct from', orderNo)
      if (cursor !== undefined) {
        const [openedAt, id] = readCursor(cursor, ['time', 'text'])
        query = query.where(sql<boolean>`opened_at <= ${openedAt} and (opened_at < ${openedAt} or id > ${id})`)
      }
      return toPage(await query.execute(), limit, row => [row.openedAt, row.id])
    },

    acknowledgeException: (organisation, id) =>
      change(organisation, id, tx =>
        tx
          .updateTable('exceptions')
          .set({ status: 'acknowledged' })
          .where('organisation', '=', organisation)
          .where('id', '=', id)
          .where('status', '=', 'open')
          .execute(),
      ),

    resolveException: (organisation, id, { outcome, note, resolvedAt }) =>
      change(organisation, id, tx =>
        tx
          .updateTable('exceptions')
          .set({ status: 'resolved', outcome, note, resolvedAt })
          .where('organisation', '=', organisation)
          .where('id', '=', id)
          .where('status', '!=', 'resolved')
          .execute(),
      ),
  }
}
