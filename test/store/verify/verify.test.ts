import assert from 'node:assert/strict'
import fc from 'fast-check'
import { transition } from '../../../domain/core/decide.ts'
import type { Event } from '../../../domain/core/events/event.ts'
import type { Input } from '../../../domain/core/input.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import { whyNoPostgres } from '../../postgres.ts'
import { type AuditedStore, auditedStore, type MadeUpJournal, madeUpJournal, sales } from './audited.ts'
import { tamperings } from './tampering.ts'

/** An order that has been told something, waits in review, and has an exception. */
function troubled(orderNo: string): MadeUpJournal {
  const at = '2026-03-02T01:00:00.000Z'
  const order = { ...madeUpJournal(orderNo, 5).order, orderNo }
  const fact = { id: orderNo, source: 'warehouse', type: 'stock.short', claimedAt: at }
  const events: Event[] = []
  let state: OrderState | null = null
  const inputs: Input[] = [
    { type: 'start', at, order },
    { type: 'fact', at, fact },
    { type: 'fact', at, fact: { ...fact, id: `${orderNo}-2`, type: 'payment.received', amountMinor: 100 } },
  ]
  for (const input of inputs) {
    const decision = transition(sales, state, input)
    assert.ok(decision.ok)
    events.push(...decision.events)
    state = decision.state
  }
  return { order, events }
}

const isClosed = ({ events }: MadeUpJournal) => events.some(({ type }) => type === 'order.closed')

for (const backend of ['PGlite', 'PostgreSQL'] as const) {
  describe(`verify on ${backend}`, () => {
    const why = backend === 'PostgreSQL' ? whyNoPostgres() : null
    if (why !== null) {
      it.skip(`[I] skipped: ${why}`)
      return
    }

    let store: AuditedStore
    let organisations = 0
    before(async function () {
      this.timeout(60_000)
      store = await auditedStore(backend)
    })
    after(() => store.close())

    async function threeOrders(seed: number) {
      organisations += 1
      const organisation = `org-${organisations}`
      const journals = [1, 2, 3].map(number => madeUpJournal(`A-${number}`, seed + number))
      for (const journal of journals) await store.write(organisation, journal)
      return { organisation, journals }
    }

    it('[I] finds nothing wrong with journals as they were written, sealed or not', async () => {
      const { organisation, journals } = await threeOrders(11)
      const entries = journals.reduce((sum, { events }) => sum + events.length, 0)
      const { found, anchors, ...counts } = await store.verify({ organisation })
      assert.deepEqual(found, [])
      assert.deepEqual(counts, { orders: 3, entries, seals: 6, findings: 0 })
      assert.deepEqual(
        anchors.map(({ organisation, number }) => [organisation, number]),
        [[organisation, 6]],
      )
      assert.deepEqual((await store.verify({ organisation, expected: anchors })).found, [])
    })

    it('[I] folds an order that was moved to another version, and one that began with that, each by its own', async () => {
      const newer = { ...sales, version: 2, steps: sales.steps.filter(({ id }) => id !== 'capture') }
      const begun = madeUpJournal('M-1', 5)
      const placed = transition(sales, null, { type: 'start', at: begun.events[0]!.at, order: begun.order })
      assert.ok(placed.ok)
      const caller = { actor: 'zhao', roles: ['process-owner'], organisation: 'main', matrixVersion: 't' }
      const moved = transition(sales, placed.state, {
        type: 'command',
        at: begun.events[0]!.at,
        command: { type: 'migrate', version: 2, definition: newer },
        caller: { ...caller, allowed: [{ statuses: 'open' }] },
      })
      assert.ok(moved.ok)
      const order = { ...begun.order, orderNo: 'M-2' }
      const other = transition(newer, null, { type: 'start', at: begun.events[0]!.at, order })
      assert.ok(other.ok)
      await store.write('moved', { ...begun, events: [...placed.events, ...moved.events] })
      await store.write('moved', { order, events: other.events, definition: newer })
      assert.equal((await store.getOrder('moved', 'M-1'))?.processVersion, 2)
      assert.deepEqual((await store.verify({ organisation: 'moved' })).found, [])
    })

    for (const { what, act, kinds, at } of tamperings) {
      it(`[I] finds and names it: ${what}`, async function () {
        this.timeout(60_000)
        await fc.assert(
          fc.asyncProperty(fc.nat(1_000_000), fc.nat(), async (seed, place) => {
            const { organisation, journals } = await threeOrders(seed)
            const [before, hit, after] = journals
            const last = hit!.events.length
            const seq = (place % last) + 1
            const orderNo = hit!.order.orderNo
            await act(store, { organisation, orderNo }, seq, last)
            const { found } = await store.verify({ organisation })
            const named = found.some(
              finding =>
                finding.orderNo === orderNo && kinds.includes(finding.kind) && at(seq, last).includes(finding.seq),
            )
            assert.ok(named, `not named at ${seq} of ${last}: ${JSON.stringify(found, null, 1)}`)
            // Nobody else is accused.
            for (const other of [before!, after!]) {
              assert.ok(!found.some(finding => finding.orderNo === other.order.orderNo))
              const alone = await store.verify({ organisation, orderNo: other.order.orderNo })
              assert.deepEqual(alone.found, [])
            }
            const alone = await store.verify({ organisation, orderNo })
            assert.deepEqual(alone.found, found)
          }),
          // Two seals of one order, which a database lists as it likes.
          { numRuns: 3, examples: [[4, 2071715567]] },
        )
      })
    }

    const shown = [
      `status = 'cancelled', closed_at = null`,
      `state = jsonb_set(state, '{money,capturedMinor}', '1')`,
      `owners = array['nobody']`,
      `due_at = '2099-01-01'`,
    ]
    for (const change of shown) {
      it(`[I] finds and names an order that is shown as its journal does not say: ${change}`, async () => {
        const { organisation } = await threeOrders(5)
        await store.tamper(`update orders set ${change} where organisation = ? and order_no = 'A-2'`, organisation)
        const { found } = await store.verify({ organisation })
        assert.deepEqual(
          found.map(({ kind, orderNo }) => [kind, orderNo]),
          [['projection', 'A-2']],
        )
      })
    }

    const beside = [
      `delete from tasks where organisation = ? and order_no = 'A-2'`,
      `update tasks set owner = 'nobody' where organisation = ? and order_no = 'A-2'`,
      `update tasks set due_at = '2099-01-01' where organisation = ? and order_no = 'A-2'`,
      `insert into tasks (organisation, order_no, subject, kind, owner, status, entered_at, title)
         select organisation, order_no, 'step:made-up', kind, owner, status, entered_at, title
         from tasks where organisation = ? and order_no = 'A-2' limit 1`,
      `delete from exceptions where organisation = ? and order_no = 'A-2'`,
      `update exceptions set count = count + 1 where organisation = ? and order_no = 'A-2'`,
      `update facts set state = 'parked' where organisation = ? and order_no = 'A-2'`,
    ]
    for (const change of beside) {
      it(`[I] finds and names an order whose tasks, exceptions or facts are not what its journal says: ${change}`, async () => {
        organisations += 1
        const organisation = `org-${organisations}`
        for (const orderNo of ['A-1', 'A-2']) await store.write(organisation, troubled(orderNo))
        assert.deepEqual((await store.verify({ organisation })).found, [])
        await store.tamper(change, organisation)
        const { found } = await store.verify({ organisation })
        assert.deepEqual(
          found.map(({ kind, orderNo }) => [kind, orderNo]),
          [['projection', 'A-2']],
        )
        assert.match(found[0]!.detail, new RegExp(/(tasks|exceptions|facts)/.exec(change)![0]))
      })
    }

    it('[I] waits for the journal of what an open order has taken, and not for that of a closed one', async () => {
      const organisation = 'facts'
      const closed = [11, 12, 13, 14, 15].map(seed => madeUpJournal('F-1', seed)).find(isClosed)!
      await store.write(organisation, closed)
      await store.write(organisation, troubled('F-2'))
      for (const orderNo of ['F-1', 'F-2']) {
        const sql = `insert into facts (organisation, source, id, order_no, type, claimed_at, data, state, received_at)
          values (?, 'carrier', ?, ?, 'shipment.lost', now(), '{}', 'taken', now())`
        await store.tamper(sql, organisation, orderNo, orderNo)
      }
      const { found } = await store.verify({ organisation })
      assert.deepEqual(
        found.map(({ kind, orderNo, detail }) => [kind, orderNo, detail]),
        [['projection', 'F-1', 'not what the journal says: facts']],
      )
    })

    const seals: [string, number][] = [
      [`update ledger set heads = '[]' where organisation = ? and number = 3`, 3],
      [`update ledger set at = now() where organisation = ? and number = 3`, 3],
      [`delete from ledger where organisation = ? and number = 3`, 3],
      [`update ledger set prev = hash where organisation = ? and number = 1`, 1],
    ]
    for (const [statement, number] of seals) {
      it(`[I] finds and names a seal that was tampered with: ${statement}`, async () => {
        const { organisation } = await threeOrders(7)
        await store.tamper(statement, organisation)
        const { found } = await store.verify({ organisation })
        assert.ok(found.some(({ kind, seq }) => kind === 'ledger' && seq === number))
      })
    }

    it('[I] knows from an anchor kept elsewhere that the ledger was cut, or forged from the beginning', async () => {
      const { organisation } = await threeOrders(9)
      const { anchors } = await store.verify({ organisation })
      await store.tamper(`delete from ledger where organisation = ? and number = 6`, organisation)
      const cut = await store.verify({ organisation, expected: anchors })
      assert.ok(cut.found.some(({ kind, seq, detail }) => kind === 'ledger' && seq === 6 && /expected/.test(detail)))

      const other = [{ organisation, number: 5, hash: 'ab'.repeat(32) }]
      const forged = await store.verify({ organisation, expected: other })
      assert.ok(forged.found.some(({ kind, seq, detail }) => kind === 'ledger' && seq === 5 && /expected/.test(detail)))
    })
  })
}
