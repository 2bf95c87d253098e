import assert from 'node:assert/strict'
import fc from 'fast-check'
import { sql } from 'kysely'
import { boardStore } from '../../store/board.ts'
import { closedOrderStore } from '../../store/closed-orders.ts'
import { whyNoPostgres } from '../postgres.ts'
import { noon } from './sample.ts'
import { type AuditedStore, auditedStore } from './verify/audited.ts'

const statuses = ['in_transit', 'completed', 'cancelled', 'voided'] as const

for (const backend of ['PGlite', 'PostgreSQL'] as const) {
  describe(`the count of closed orders on ${backend}`, () => {
    const why = backend === 'PostgreSQL' ? whyNoPostgres() : null
    if (why !== null) {
      it.skip(`[I] skipped: ${why}`)
      return
    }

    let store: AuditedStore
    before(async function () {
      this.timeout(60_000)
      store = await auditedStore(backend)
    })
    after(() => store.close())

    const counted = async (organisation: string) =>
      (await boardStore(store.db).board(organisation, noon)).byStatus.map(({ status, count }) => [status, count])
    const there = async (organisation: string) => {
      const { rows } = await sql<{ status: string; count: number }>`
        select status, count(*)::int as count from orders where organisation = ${organisation}
        group by status order by status collate "C"`.execute(store.db)
      return rows.map(({ status, count }) => [status, count])
    }

    it('[I] is what there are, whatever is done to orders in whatever order, added up or not', async () => {
      const order = fc.record({ number: fc.nat(9), status: fc.constantFrom(...statuses), open: fc.boolean() })
      const act = fc.oneof(
        order.map(({ number, status, open }) => ({ do: 'put', number, status, open }) as const),
        fc.nat(9).map(number => ({ do: 'delete', number }) as const),
        fc.constant({ do: 'add up' } as const),
      )
      let run = 0
      await fc.assert(
        fc.asyncProperty(fc.array(act, { maxLength: 30 }), async acts => {
          run += 1
          const organisation = `org-${run}`
          for (const one of acts) {
            switch (one.do) {
              case 'put': {
                const closedAt = one.open ? null : noon
                await sql`
                  insert into orders (organisation, order_no, content_hash, content, process_id, process_version,
                    start_input, placed_by, skus, created_at, status, closed_at)
                  values (${organisation}, ${String(one.number)}, '', '{}', 'sales', 1, '{}', 'shop', '{}', ${noon},
                    ${one.status}, ${closedAt})
                  on conflict (organisation, order_no) do update set status = excluded.status, closed_at = excluded.closed_at
                `.execute(store.db)
                break
              }
              case 'delete':
                await sql`delete from orders where organisation = ${organisation} and order_no = ${String(one.number)}`.execute(
                  store.db,
                )
                break
              case 'add up':
                await addUp()
                break
              default:
                one satisfies never
            }
          }
          assert.deepEqual(await counted(organisation), await there(organisation))
        }),
        { numRuns: 40 },
      )
    })

    /** As if there were very much of it. */
    async function addUp() {
      await sql`insert into closed_orders select 'nobody', 'x', 0 from generate_series(1, 1001)`.execute(store.db)
      await closedOrderStore(store.db).addUpClosedOrders()
    }

    it('[I] is kept in few rows, while others add to it and several add it up', async () => {
      const close = (from: number) =>
        sql`
        insert into orders (organisation, order_no, content_hash, content, process_id, process_version, start_input,
          placed_by, skus, created_at, status, closed_at)
        select 'busy', number::text, '', '{}', 'sales', 1, '{}', 'shop', '{}', ${noon}, 'completed', ${noon}
        from generate_series(${from}::int, ${from + 599}::int) as number`.execute(store.db)
      await close(1)
      await Promise.all([close(1_001), addUp(), close(2_001), addUp(), close(3_001)])
      await closedOrderStore(store.db).addUpClosedOrders()
      await addUp()
      assert.deepEqual(await counted('busy'), [['completed', 2_400]])
      const { rows } = await sql`select from closed_orders where organisation = 'busy'`.execute(store.db)
      assert.equal(rows.length, 1)
    })
  })
}
