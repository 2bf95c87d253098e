import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Worker } from '@temporalio/worker'
import type { BulkOrder } from '../../domain/bulk/bulk.ts'
import { temporalOrderClient } from '../../order-client/temporal-order-client.ts'
import type { BulkOrderRow } from '../../store/bulk-orders.ts'
import type { BulkRow } from '../../store/bulks.ts'
import { type BulkInput, bulkWorkflow, bulkWorkflowIdOf } from '../../workflows/messages.ts'
import { people } from '../domain/definitions.ts'
import { openWorld } from './harness.ts'
import { eventually, type OrderUnderTest } from './order-under-test.ts'
import { approvalOnly, cheap, dear, shop } from './processes.ts'
import { sideBySide } from './side-by-side.ts'
import type { World } from './world.ts'

interface Sent {
  readonly orderNo: string
  readonly atMs: number
}

describe('a bulk', function () {
  this.timeout(60_000)
  let world: World
  /** What was sent to orders, over all bulks. */
  const sent: Sent[] = []
  before(async () => {
    world = await openWorld()
    await world.startWorker(
      {},
      {
        orders: straight => ({
          ...straight,
          command: (key, request) => {
            sent.push({ orderNo: key.orderNo, atMs: performance.now() })
            return straight.command(key, request)
          },
        }),
      },
    )
  })
  after(() => world.stopWorker())

  const waiting = (count: number) =>
    Promise.all(Array.from({ length: count }, () => world.place(approvalOnly, { order: dear })))
  const numbers = (orders: readonly OrderUnderTest[]) => orders.map(({ orderNo }) => orderNo)

  async function keep(orderNos: readonly string[], parts: Partial<BulkOrder> = {}): Promise<BulkRow> {
    const { row } = await world.store.insertBulk(
      {
        ...{ organisation: 'main', id: `b-${randomUUID()}`, requestHash: 'x', actor: 'mei', roles: null },
        ...{ service: false, command: { type: 'approve' }, dryRun: false, perSecond: 50, filter: null },
        createdAt: new Date().toISOString(),
        ...parts,
      },
      orderNos,
    )
    return row
  }
  const run = ({ organisation, id }: BulkRow, parts: Partial<BulkInput> = {}) =>
    world.client.workflow.start(bulkWorkflow, {
      workflowId: bulkWorkflowIdOf(organisation, id),
      taskQueue: world.taskQueue,
      args: [{ organisation, id, ...parts }],
    })
  const results = async (bulk: BulkRow): Promise<readonly BulkOrderRow[]> =>
    (await world.store.listOfBulk({ ...bulk, limit: 200 })).items
  const outcomes = async (bulk: BulkRow) => (await results(bulk)).map(({ outcome }) => outcome)
  const stateOf = async (bulk: BulkRow) => (await world.store.getBulk(bulk))?.state
  const untilSome = async (bulk: BulkRow, count: number) =>
    assert.ok(
      await eventually(15_000, async () => (await outcomes(bulk)).filter(Boolean).length >= count || undefined),
      `fewer than ${count} of the bulk have a result`,
    )
  const approvals = async (order: OrderUnderTest) =>
    (await order.journal()).filter(({ type }) => type === 'step.completed').length

  sideBySide({
    '[I] gives each order the command, and tells truly what became of each': async () => {
      const [one, closed, held, paid] = await Promise.all([...(await waiting(3)), world.place(shop, { order: cheap })])
      assert.ok((await closed!.does('mei', 'approve')).ok)
      await closed!.closed()
      await held!.does('sun', 'hold', { hold: 'customer' })
      const elsewhere = await world.place(approvalOnly, { order: { ...dear, organisation: 'elsewhere' } })
      await paid!.until('step.completed', { step: 'capture' })
      const all = [one!, closed!, held!, paid!].map(({ orderNo }) => orderNo)
      const bulk = await keep([...all, elsewhere.orderNo, 'T-404'])
      await (await run(bulk)).result()
      const told = await results(bulk)
      assert.deepEqual(
        told.map(({ orderNo, outcome, result }) => [orderNo, outcome, result?.code ?? null]),
        [
          [one!.orderNo, 'done', null],
          [closed!.orderNo, 'refused', 'closed'],
          [held!.orderNo, 'refused', 'not_permitted'],
          [paid!.orderNo, 'refused', 'not_applicable'],
          [elsewhere.orderNo, 'not_found', null],
          ['T-404', 'not_found', null],
        ],
      )
      assert.equal(await one!.closed(), 'completed')
      assert.equal(told[0]!.result?.status, 'completed')
      assert.equal((await one!.state()).seq, told[0]!.result?.seq)
      assert.match(told[2]!.result?.message ?? '', /your roles may not do this while the order is on_hold/)
      assert.equal(told[4]!.result?.message, `there is no order ${elsewhere.orderNo}`)
      assert.equal(await stateOf(bulk), 'done')
      assert.equal((await elsewhere.handle.describe()).status.name, 'RUNNING')
      await elsewhere.handle.terminate()
    },

    '[I] asks a second person for each order where one is needed': async () => {
      const orders = await waiting(2)
      const bulk = await keep(numbers(orders), { actor: 'ling', command: { type: 'void', reason: 'placed twice' } })
      await (await run(bulk)).result()
      const told = await results(bulk)
      assert.deepEqual(await outcomes(bulk), ['proposed', 'proposed'])
      for (const [index, order] of orders.entries()) {
        const proposal = told[index]!.result?.proposal
        assert.equal((await order.does('ling', 'confirm', { proposal })).ok, false)
        assert.ok((await order.does('zhao', 'confirm', { proposal })).ok)
        assert.equal(await order.closed(), 'voided')
      }
    },

    '[I] is held to its pace, over slices and runs': async () => {
      const orders = await waiting(9)
      const perSecond = 5
      const bulk = await keep(numbers(orders), { perSecond })
      const handle = await run(bulk, { sliceMs: 600, mostSlices: 2 })
      await handle.result()
      assert.deepEqual(new Set(await outcomes(bulk)), new Set(['done']))
      const mine = new Set(numbers(orders))
      const times = sent.filter(({ orderNo }) => mine.has(orderNo)).map(({ atMs }) => atMs)
      assert.equal(times.length, 9)
      for (const [index, atMs] of times.slice(1).entries()) {
        assert.ok(atMs - times[index]! > 1000 / perSecond - 50, `${atMs - times[index]!} ms between two`)
      }
      const first = await world.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId).fetchHistory()
      assert.ok(first.events!.at(-1)!.workflowExecutionContinuedAsNewEventAttributes, 'it went on in a new run')
      await Worker.runReplayHistory({ workflowBundle: world.surroundings.bundle }, first, handle.workflowId)
    },

    '[I] can be cancelled: what was sent stays, the rest is not asked': async () => {
      const orders = await waiting(12)
      const bulk = await keep(numbers(orders), { perSecond: 2 })
      const handle = await run(bulk)
      await untilSome(bulk, 2)
      assert.equal((await world.store.cancelBulk(bulk, 'mei', new Date().toISOString()))?.state, 'cancelling')
      await handle.result()
      assert.equal(await stateOf(bulk), 'cancelled')
      const told = await outcomes(bulk)
      const done = told.filter(outcome => outcome === 'done').length
      assert.ok(done >= 2 && done < 12, `${done} were done`)
      assert.deepEqual(
        told.slice(done),
        Array.from({ length: 12 - done }, () => 'cancelled'),
      )
      assert.deepEqual(
        await Promise.all(orders.map(approvals)),
        told.map(outcome => (outcome === 'done' ? 1 : 0)),
      )
      assert.equal((await world.store.cancelBulk(bulk, 'admin', new Date().toISOString()))?.cancelledBy, 'mei')
    },

    '[I] ends in the same way when its workflow is cancelled in the Temporal Web UI': async () => {
      const orders = await waiting(8)
      const bulk = await keep(numbers(orders), { perSecond: 1 })
      const handle = await run(bulk)
      await untilSome(bulk, 1)
      await handle.cancel()
      await handle.result()
      assert.equal(await stateOf(bulk), 'cancelled')
      assert.ok((await outcomes(bulk)).includes('cancelled'))
    },

    '[I] of a dry run changes nothing, and says what would happen': async () => {
      const [order] = await waiting(1)
      const closed = (await waiting(1))[0]!
      assert.ok((await closed.does('mei', 'approve')).ok)
      await closed.closed()
      const before = await order!.state()
      const approve = await keep([order!.orderNo, closed.orderNo, 'T-404'], { dryRun: true })
      const voided = { actor: 'ling', dryRun: true, command: { type: 'void', reason: 'twice' } } as const
      const propose = await keep([order!.orderNo], voided)
      await Promise.all([run(approve), run(propose)].map(async handle => (await handle).result()))
      const [would, refused, unknown] = await results(approve)
      assert.deepEqual([would!.outcome, refused!.outcome, unknown!.outcome], ['would_be_done', 'refused', 'not_found'])
      assert.equal(refused!.result?.code, 'closed')
      const { events, ...statuses } = would!.result!.would!
      assert.deepEqual(statuses, {
        ...{ status: 'pending_approval', statusAfter: 'completed', statusInTheEnd: 'completed' },
        ...{ calls: [], undo: [] },
      })
      assert.ok(events.includes('step.completed'))
      assert.deepEqual(await outcomes(propose), ['would_be_proposed'])
      assert.deepEqual(await order!.state(), before)
    },

    '[I] goes on where it was when it is started again, and asks no order twice': async () => {
      const orders = await waiting(6)
      const bulk = await keep(numbers(orders), { perSecond: 5 })
      const handle = await run(bulk)
      await untilSome(bulk, 2)
      await handle.terminate()
      await temporalOrderClient(world.client, world.taskQueue).runBulk(bulk)
      await temporalOrderClient(world.client, world.taskQueue).runBulk(bulk)
      await world.client.workflow.getHandle(handle.workflowId).result()
      assert.deepEqual(new Set(await outcomes(bulk)), new Set(['done']))
      assert.deepEqual(await Promise.all(orders.map(approvals)), [1, 1, 1, 1, 1, 1])
    },
  })

  it('[I] does nothing more for somebody who has left meanwhile', async () => {
    const orders = await waiting(6)
    const bulk = await keep(numbers(orders), { perSecond: 4 })
    const handle = await run(bulk)
    await untilSome(bulk, 1)
    const left = people.people.map(person => (person.id === 'mei' ? { ...person, left: '2020-01-01' } : person))
    world.directory = () => ({ ...people, people: left })
    try {
      await handle.result()
    } finally {
      world.directory = () => people
    }
    const told = await results(bulk)
    assert.equal(told[0]!.outcome, 'done')
    assert.deepEqual([told[5]!.outcome, told[5]!.result?.code], ['refused', 'not_permitted'])
    assert.match(told[5]!.result?.message ?? '', /"mei", who asked, works here no more/)
    assert.equal(await approvals(orders[5]!), 0)
  })
})
