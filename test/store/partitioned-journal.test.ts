import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { auditStore } from '../../store/audit-source.ts'
import { boardStore } from '../../store/board.ts'
import { journalExportStore } from '../../store/journal-export.ts'
import { orderListStore } from '../../store/order-list.ts'
import { whyNoPostgres } from '../postgres.ts'
import { minutes, noon, sampleOrder } from './sample.ts'
import { type AuditedStore, auditedStore, madeUpJournal } from './verify/audited.ts'

for (const backend of ['PGlite', 'PostgreSQL'] as const) {
  describe(`a journal from before it had partitions, on ${backend}`, () => {
    const why = backend === 'PostgreSQL' ? whyNoPostgres() : null
    if (why !== null) {
      it.skip(`[I] skipped: ${why}`)
      return
    }

    let store: AuditedStore
    let earlier: Awaited<ReturnType<typeof everything>>
    const journals = Array.from({ length: 40 }, (_, index) => madeUpJournal(`A-${index + 1}`, index + 1))

    async function everything() {
      const exported = []
      for await (const entry of journalExportStore(store.db).exportEntries({})) exported.push(entry)
      const audited = []
      for await (const { orderNo, events } of auditStore(store.db).journals({})) {
        audited.push([orderNo, events.map(({ seq }) => seq)])
      }
      const read = await store.readJournal('main', 'A-7', { afterSeq: 2, limit: 5 })
      return { exported, audited, read }
    }

    before('an earlier version writes, and the schema is brought up to date', async function () {
      this.timeout(60_000)
      store = await auditedStore(backend, '0010')
      for (const [index, journal] of journals.entries()) await store.write(index % 5 === 4 ? 'north' : 'main', journal)
      await store.insertOrder(sampleOrder('main', 'B-1'))
      const shown = { steps: [], holds: [{ nextRung: { provisional: true } }] }
      await sql`update orders set view = ${JSON.stringify(shown)}::jsonb where order_no = 'B-1'`.execute(store.db)
      earlier = await everything()
      await store.migrate()
    })
    after(() => store.close())

    it('[I] is read, exported and audited as it was, now in several tables', async () => {
      assert.deepEqual(await everything(), earlier)
      assert.ok(earlier.exported.length > 400)
      const { rows } = await sql`select distinct tableoid from journal`.execute(store.db)
      assert.ok(rows.length > 8, `${rows.length} parts hold something`)
    })

    it('[I] is found sound, and goes on', async () => {
      assert.deepEqual((await store.verify()).found, [])
      await store.write('main', madeUpJournal('C-1', 99))
      assert.deepEqual((await store.verify()).found, [])
    })

    it('[I] refuses an entry without its order, a second of the same number, and any change', async () => {
      const copied = (orderNo: string) =>
        sql`
        insert into journal select organisation, ${orderNo}, seq, at, type, actor, reason, command, data, matrix, prev, hash
        from journal where organisation = 'main' and order_no = 'A-1' and seq = 1`.execute(store.db)
      await assert.rejects(copied('A-1'), /duplicate key/)
      await assert.rejects(copied('nobody'), /foreign key/)
      await assert.rejects(sql`update journal set order_no = 'B-1'`.execute(store.db), /append-only/)
      await assert.rejects(sql`delete from journal`.execute(store.db), /append-only/)
      await assert.rejects(sql`truncate journal`.execute(store.db), /append-only/)
    })

    it('[I] has its closed orders counted', async () => {
      const { byStatus } = await boardStore(store.db).board('main', noon)
      const { rows } = await sql<{ status: string; count: number }>`
        select status, count(*)::int as count from orders where organisation = 'main' group by 1`.execute(store.db)
      const counts = (list: readonly { status: string; count: number }[]) =>
        Object.fromEntries(list.map(({ status, count }) => [status, count]))
      assert.deepEqual(counts(byStatus), counts(rows))
      assert.ok(rows.length > 2)
    })

    it('[I] has its orders found by sku, and those whose deadlines may move', async () => {
      const list = async (filter: { sku?: string; provisional?: true; organisation?: string }) => {
        const found = await orderListStore(store.db).listOrders({
          organisation: 'main',
          limit: 100,
          now: noon,
          ...filter,
        })
        return found.items.map(({ orderNo }) => orderNo)
      }
      const ofSku = await list({ sku: 'tea' })
      assert.ok(ofSku.includes('A-1') && ofSku.includes('B-1') && !ofSku.includes('A-5'))
      assert.deepEqual((await list({ sku: 'tea', organisation: 'north' })).length, 8)
      assert.deepEqual(await list({ provisional: true }), ['B-1'])
    })

    it('[I] seals go on where they were', async () => {
      await store.sealJournals(minutes(5))
      assert.deepEqual((await store.verify()).found, [])
    })
  })
}
