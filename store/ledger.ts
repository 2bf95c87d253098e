import { sql } from 'kysely'
import type { Db, Tx } from './database.ts'
import { fromHex, hexOf } from './hex.ts'
import { type Hash, type Head, ledgerStart, sealHash } from './journal-chain.ts'
import { toJsonText } from './json-text.ts'

export interface LedgerStore {
  /**
   * Seals, for each organisation, how far its journals have come since the last seal: `limit` appends at most.
   * @returns how many it sealed; none while another process is at it
   */
  sealJournals(at: string, limit?: number): Promise<number>
}

/** Arbitrary: one process seals at a time. */
const advisoryLock = 5_201_314_160

export function ledgerStore(db: Db): LedgerStore {
  return {
    sealJournals: (at, limit = 2_000) =>
      db.transaction().execute(async tx => {
        const { rows } = await sql<{
          mine: boolean
        }>`select pg_try_advisory_xact_lock(${sql.lit(advisoryLock)}) as mine`.execute(tx)
        if (!rows[0]?.mine) return 0
        const taken = await tx
          .deleteFrom('unsealed')
          .where(({ eb, refTuple, selectFrom }) =>
            eb(
              refTuple('organisation', 'orderNo', 'seq'),
              'in',
              selectFrom('unsealed')
                .select(['organisation', 'orderNo', 'seq'])
                .limit(limit)
                .$asTuple('organisation', 'orderNo', 'seq'),
            ),
          )
          .returning(['organisation', 'orderNo', 'seq', hexOf('hash').$notNull().as('hash')])
          .execute()
        const byOrganisation = Map.groupBy(taken, ({ organisation }) => organisation)
        for (const [organisation, appends] of byOrganisation) await seal(tx, organisation, at, headsOf(appends))
        return taken.length
      }),
  }
}

/** The furthest of each order. */
function headsOf(appends: readonly { orderNo: string; seq: number; hash: Hash }[]): Head[] {
  const heads = new Map<string, Head>()
  for (const { orderNo, seq, hash } of appends) {
    if ((heads.get(orderNo)?.[1] ?? 0) < seq) heads.set(orderNo, [orderNo, seq, hash])
  }
  return [...heads.values()]
}

async function seal(tx: Tx, organisation: string, at: string, heads: readonly Head[]): Promise<void> {
  const last = await tx
    .selectFrom('ledger')
    .select(['number', hexOf('hash').$notNull().as('hash')])
    .where('organisation', '=', organisation)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  const prev = last?.hash ?? ledgerStart(organisation)
  const content = { organisation, number: (last?.number ?? 0) + 1, at, heads }
  await tx
    .insertInto('ledger')
    .values({ ...content, heads: toJsonText(heads), prev: fromHex(prev), hash: fromHex(sealHash(prev, content)) })
    .execute()
}
