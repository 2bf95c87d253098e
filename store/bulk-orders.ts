import { sql } from 'kysely'
import type { BulkOutcome, BulkResult } from '../domain/bulk/bulk.ts'
import type { BulkKey } from './bulks.ts'
import type { Db } from './database.ts'
import { toJsonText } from './json-text.ts'
import { type Page, type PageRequest, readCursor, toPage } from './page.ts'
import { CursorInvalid } from './store-error.ts'

/** One order of a bulk, with what became of it; `outcome` null: it is left. */
export interface BulkOrderRow {
  readonly position: number
  readonly orderNo: string
  readonly outcome: BulkOutcome | null
  readonly result: Omit<BulkResult, 'outcome'> | null
  readonly at: string | null
}

/** How many orders had which outcome (null: are left), and under which code. */
export interface BulkCount {
  readonly outcome: BulkOutcome | null
  readonly code: string | null
  readonly count: number
}

export interface BulkOrderStore {
  /** Those that are left, in their order; who has not answered yet comes last. */
  nextOfBulk(key: BulkKey, limit: number): Promise<readonly string[]>
  /** The first result stands. */
  recordOfBulk(key: BulkKey, orderNo: string, result: BulkResult, at: string): Promise<void>
  /** It has not answered: how often so far. */
  triedInVain(key: BulkKey, orderNo: string): Promise<number>
  countBulk(key: BulkKey): Promise<readonly BulkCount[]>
  /** In their order. @throws CursorInvalid */
  listOfBulk(asked: BulkKey & PageRequest & { readonly outcome?: BulkOutcome | 'left' }): Promise<Page<BulkOrderRow>>
}

export function bulkOrderStore(db: Db): BulkOrderStore {
  return {
    async nextOfBulk({ organisation, id }, limit) {
      const rows = await db
        .selectFrom('bulkOrders')
        .select('orderNo')
        .where('organisation', '=', organisation)
        .where('bulk', '=', id)
        .where('outcome', 'is', null)
        .orderBy('tries')
        .orderBy('position')
        .limit(limit)
        .execute()
      return rows.map(({ orderNo }) => orderNo)
    },

    async recordOfBulk({ organisation, id }, orderNo, { outcome, ...result }, at) {
      await db
        .updateTable('bulkOrders')
        .set({ outcome, code: result.code ?? null, result: toJsonText(result), at })
        .where('organisation', '=', organisation)
        .where('bulk', '=', id)
        .where('orderNo', '=', orderNo)
        .where('outcome', 'is', null)
        .execute()
    },

    async triedInVain({ organisation, id }, orderNo) {
      const { tries } = await db
        .updateTable('bulkOrders')
        .set({ tries: sql<number>`tries + 1` })
        .where('organisation', '=', organisation)
        .where('bulk', '=', id)
        .where('orderNo', '=', orderNo)
        .returning('tries')
        .executeTakeFirstOrThrow()
      return tries
    },

    async countBulk({ organisation, id }) {
      return db
        .selectFrom('bulkOrders')
        .select(['outcome', 'code', sql<number>`count(*)::int`.as('count')])
        .where('organisation', '=', organisation)
        .where('bulk', '=', id)
        .groupBy(['outcome', 'code'])
        .execute()
    },

    async listOfBulk({ organisation, id, outcome, limit, cursor }) {
      let query = db
        .selectFrom('bulkOrders')
        .select(['position', 'orderNo', 'outcome', 'result', 'at'])
        .where('organisation', '=', organisation)
        .where('bulk', '=', id)
      if (outcome === 'left') query = query.where('outcome', 'is', null)
      else if (outcome !== undefined) query = query.where('outcome', '=', outcome)
      if (cursor !== undefined) query = query.where('position', '>', positionIn(cursor))
      const rows = await query
        .orderBy('position')
        .limit(limit + 1)
        .execute()
      return toPage(rows, limit, row => [String(row.position)])
    },
  }
}

function positionIn(cursor: string): number {
  const [position = ''] = readCursor(cursor, ['text'])
  if (!/^\d{1,9}$/.test(position ?? '')) throw new CursorInvalid()
  return Number(position)
}
