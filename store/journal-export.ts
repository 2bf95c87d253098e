import type { Db, Tx } from './database.ts'
import { hexOf } from './hex.ts'
import { entryColumns } from './journal.ts'
import type { ChainedEntry } from './journal-chain.ts'

export interface ExportRequest {
  readonly organisation?: string
  readonly orderNo?: string
  /** Entries of this time or later. */
  readonly since?: string
  /** Entries of the orders of this process. */
  readonly process?: string
  readonly afterSeq?: number
}

export interface JournalExportStore {
  /** Entries with their hashes, order by order; no more than a page is in memory at once. */
  exportEntries(request: ExportRequest): AsyncGenerator<ChainedEntry>
}

const pageSize = 1_000

export function journalExportStore(db: Db | Tx): JournalExportStore {
  return {
    async *exportEntries(request) {
      let last: ChainedEntry | undefined
      for (;;) {
        const page = await readPage(db, request, last)
        yield* page
        if (page.length < pageSize) return
        last = page.at(-1)
      }
    },
  }
}

function readPage(db: Db | Tx, request: ExportRequest, last: ChainedEntry | undefined): Promise<ChainedEntry[]> {
  const { organisation, orderNo, since, process, afterSeq } = request
  let query = db
    .selectFrom('journal')
    .select([...entryColumns, hexOf('prev').$notNull().as('prev'), hexOf('hash').$notNull().as('hash')])
  if (organisation !== undefined) query = query.where('organisation', '=', organisation)
  if (orderNo !== undefined) query = query.where('orderNo', '=', orderNo)
  if (since !== undefined) query = query.where('at', '>=', since)
  if (afterSeq !== undefined) query = query.where('seq', '>', afterSeq)
  if (process !== undefined) {
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('orders')
          .select('orders.orderNo')
          .whereRef('orders.organisation', '=', 'journal.organisation')
          .whereRef('orders.orderNo', '=', 'journal.orderNo')
          .where('orders.processId', '=', process),
      ),
    )
  }
  if (last !== undefined) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('organisation', 'orderNo', 'seq'), '>', tuple(last.organisation, last.orderNo, last.seq)),
    )
  }
  return query.orderBy('organisation').orderBy('orderNo').orderBy('seq').limit(pageSize).execute()
}
