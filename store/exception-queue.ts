import { sql } from 'kysely'
import type { ExceptionKind, ExceptionStatus } from '../domain/exception/kind.ts'
import type { Db } from './database.ts'
import { type ExceptionHistoryEntry, readHistory } from './exception-history.ts'
import { insertException, type Sighted, writeSighting } from './exception-sightings.ts'
import { changeException, lockException, ofException, type StoredException } from './exceptions.ts'
import { type Page, type PageRequest, readCursor, toPage } from './page.ts'

export type NewException = Pick<
  StoredException,
  'organisation' | 'orderNo' | 'id' | 'kind' | 'severity' | 'step' | 'owner' | 'evidence' | 'openedAt'
>

export interface ExceptionFilter extends PageRequest {
  readonly organisation: string
  readonly status?: ExceptionStatus
  readonly kind?: ExceptionKind
  readonly owner?: string
  /** Null: those that belong to no order. */
  readonly orderNo?: string | null
}

/** A parked fact: told of once. */
export interface ToldFact {
  readonly source: string
  readonly id: string
}

export interface RaiseOptions {
  /** Who saw it; default: nolimbo itself, in its sweep. */
  readonly by?: string
  /** The fact that it tells of; the same fact again changes nothing. */
  readonly fact?: ToldFact
}

export interface ExceptionStore {
  /**
   * For exceptions born outside an order's own events. The same id again counts up and brings its new evidence;
   * `known`: of that fact it tells already.
   */
  raiseException(exception: NewException, options?: RaiseOptions): Promise<Sighted | 'known'>
  getException(organisation: string, id: string): Promise<StoredException | null>
  /** Oldest first. */
  exceptionHistory(organisation: string, id: string): Promise<readonly ExceptionHistoryEntry[]>
  /** Newest first. @throws CursorInvalid */
  listExceptions(filter: ExceptionFilter): Promise<Page<StoredException>>
}

export function exceptionStore(db: Db): ExceptionStore {
  return {
    async getException(organisation, id) {
      const row = await db.selectFrom('exceptions').selectAll().where(ofException(organisation, id)).executeTakeFirst()
      return row ?? null
    },

    exceptionHistory: (organisation, id) => readHistory(db, organisation, id),

    raiseException: (exception, { by = 'sweep', fact } = {}) =>
      changeException(db, exception.organisation, exception.orderNo, async tx => {
        const { organisation, id, evidence, severity, openedAt } = exception
        if (fact !== undefined) {
          const untold = await tx
            .updateTable('facts')
            .set({ exception: id })
            .where('organisation', '=', organisation)
            .where('source', '=', fact.source)
            .where('id', '=', fact.id)
            .where('exception', 'is', null)
            .returning('id')
            .executeTakeFirst()
          if (untold === undefined) return 'known'
        }
        const fresh = { status: 'open', count: 1, outcome: null, note: null, resolvedAt: null } as const
        if (await insertException(tx, { ...exception, ...fresh }, by)) return 'raised'
        // Exceptions are never deleted: it is there.
        const stored = (await lockException(tx, organisation, id))!
        return writeSighting(tx, stored, { evidence, severity, count: stored.count + 1, at: openedAt, by })
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
  }
}
