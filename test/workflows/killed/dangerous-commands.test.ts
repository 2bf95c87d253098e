import assert from 'node:assert/strict'
import type { Ledger } from '../../../connectors/sandbox/ledger.ts'
import type { Command } from '../../../domain/core/command.ts'
import { nothing } from '../../connectors/sandbox/net-of.ts'
import { whyNoPostgres } from '../../postgres.ts'
import type { OrderUnderTest } from '../order-under-test.ts'
import { shop } from '../processes.ts'
import { DyingRound } from './dying-round.ts'

/** Authorise, reserve, ship, capture: a step before each call and one right after it. */
const placing = 8
/** Steps of what follows. A rollback that takes back a capture authorises the money anew. */
const rollbacks = [2, 5] as const
const voids = [2, 3, 8] as const
const when = (step: number) => `${step % 2 === 0 ? 'right after' : 'right before'} its call ${Math.ceil(step / 2)}`

describe('a worker that is killed while an order is taken back', function () {
  this.timeout(300_000)
  const why = whyNoPostgres()
  if (why !== null) {
    it.skip(`[I] skipped: ${why}`)
    return
  }
  let round: DyingRound
  before(async () => {
    round = await DyingRound.begin(shop)
  })
  after(() => round.end())
  afterEach(() => round.killWorker())

  /** In transit; then asked for by one, confirmed by another, and the worker dies of it. */
  const killed = async (step: number, type: Command['type'], parts: object): Promise<OrderUnderTest> => {
    const nth = (placing + step + (step % 2)) / 2
    await round.startWorker({ when: step % 2 === 0 ? 'after' : 'before', step: 'call', nth })
    const order = await round.place()
    await order.untilState(
      'captured',
      ({ steps, calls }) => {
        return steps.capture?.state === 'done' && Object.keys(calls).length === 0
      },
      30_000,
    )
    const asked = await order.does('he', type, { reason: 'it must be', ...parts })
    const answer = asked.ok ? asked : await order.does('zhao', type, { reason: 'it must be', ...parts })
    assert.ok(answer.ok, JSON.stringify(answer))
    assert.ok((await order.does('ling', 'confirm', { proposal: answer.view.proposals[0]?.id })).ok)
    assert.ok(await round.died(20_000), 'it has not come to this step')
    await round.startWorker()
    return order
  }
  const ledgerOf = async ({ orderNo }: OrderUnderTest) =>
    (await round.sandbox.client.get(`/ledger?orderNo=${orderNo}`)).body as Ledger

  for (const step of rollbacks) {
    it(`[I] rollback, killed ${when(step)}: taken back once, done anew once`, async () => {
      const order = await killed(step, 'rollback', { to: 'stock' })
      const state = await order.untilState(
        'sent again',
        ({ steps, calls }) =>
          steps.capture?.round === 2 && steps.capture.state === 'done' && Object.keys(calls).length === 0,
        120_000,
      )
      assert.deepEqual([state.steps.stock?.round, state.steps.shipment?.round], [1, 2])
      const { captures, refunds, parcels, recalls, reservations, authorisations } = await ledgerOf(order)
      const counts = [captures, refunds, parcels, recalls, reservations, authorisations].map(list => list.length)
      assert.deepEqual(counts, [2, 1, 2, 1, 1, 2])
      const held = await round.holds(order.orderNo)
      assert.equal(held.capturedMinor, state.money.capturedMinor - state.money.refundedMinor)
    })
  }

  for (const step of voids) {
    it(`[I] void, killed ${when(step)}: everything is given back once`, async () => {
      const order = await killed(step, 'void', {})
      assert.equal(await order.closed(), 'voided')
      assert.deepEqual(await round.holds(order.orderNo), nothing)
      const { captures, refunds, recalls, releases, voids } = await ledgerOf(order)
      assert.deepEqual(
        [captures, refunds, recalls, releases, voids].map(list => list.length),
        [1, 1, 1, 1, 1],
      )
    })
  }
})
