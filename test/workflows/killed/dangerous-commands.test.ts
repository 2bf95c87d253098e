import assert from 'node:assert/strict'
import type { Command } from '../../../domain/core/commands/command.ts'
import { nothing } from '../../connectors/sandbox/net-of.ts'
import type { OrderUnderTest } from '../order-under-test.ts'
import { shop } from '../processes.ts'
import type { DyingRound } from './dying-round.ts'
import { dyingSuite } from './dying-suite.ts'

/** Authorise, reserve, ship, capture: a step before each call and one right after it. */
const placing = 8
/** Steps of what follows. A rollback that takes back a capture authorises the money anew. */
const rollbacks = [2, 5] as const
const voids = [2, 3, 8] as const
const when = (step: number) => `${step % 2 === 0 ? 'right after' : 'right before'} its call ${Math.ceil(step / 2)}`

/** In transit; then asked for by one, confirmed by another, and the worker dies of it. */
async function killed(round: DyingRound, step: number, type: Command['type'], parts: object): Promise<OrderUnderTest> {
  const nth = (placing + step + (step % 2)) / 2
  await round.startWorker({ when: step % 2 === 0 ? 'after' : 'before', step: 'call', nth })
  const order = await round.place()
  await order.untilState(
    'captured',
    ({ steps, calls }) => steps.capture?.state === 'done' && Object.keys(calls).length === 0,
    30_000,
  )
  const asked = await order.does('he', type, { reason: 'it must be', ...parts })
  const answer = asked.ok ? asked : await order.does('zhao', type, { reason: 'it must be', ...parts })
  assert.ok(answer.ok, JSON.stringify(answer))
  assert.ok((await order.does('ling', 'confirm', { proposal: answer.view.proposals[0]?.id })).ok)
  assert.ok(await round.died(60_000), 'it has not come to this step')
  await round.goOn()
  return order
}

const rollsBack = (step: number) => async (round: DyingRound) => {
  const order = await killed(round, step, 'rollback', { to: 'stock' })
  const state = await order.untilState(
    'sent again',
    ({ steps, calls }) =>
      steps.capture?.round === 2 && steps.capture.state === 'done' && Object.keys(calls).length === 0,
    120_000,
  )
  assert.deepEqual([state.steps.stock?.round, state.steps.shipment?.round], [1, 2])
  const { captures, refunds, parcels, recalls, reservations, authorisations } = await round.ledgerOf(order.orderNo)
  const counts = [captures, refunds, parcels, recalls, reservations, authorisations].map(list => list.length)
  assert.deepEqual(counts, [2, 1, 2, 1, 1, 2])
  const held = await round.holds(order.orderNo)
  assert.equal(held.capturedMinor, state.money.capturedMinor - state.money.refundedMinor)
}

const isVoided = (step: number) => async (round: DyingRound) => {
  const order = await killed(round, step, 'void', {})
  assert.equal(await order.closed(), 'voided')
  assert.deepEqual(await round.holds(order.orderNo), nothing)
  const { captures, refunds, recalls, releases, voids: voided } = await round.ledgerOf(order.orderNo)
  assert.deepEqual(
    [captures, refunds, recalls, releases, voided].map(list => list.length),
    [1, 1, 1, 1, 1],
  )
}

dyingSuite('a worker that is killed while an order is taken back', shop, {
  ...Object.fromEntries(
    rollbacks.map(step => [`[I] rollback, killed ${when(step)}: taken back once, done anew once`, rollsBack(step)]),
  ),
  ...Object.fromEntries(
    voids.map(step => [`[I] void, killed ${when(step)}: everything is given back once`, isVoided(step)]),
  ),
})
