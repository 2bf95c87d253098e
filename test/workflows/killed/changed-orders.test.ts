import assert from 'node:assert/strict'
import type { OrderState } from '../../../domain/core/state.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { shop } from '../processes.ts'
import type { DyingRound } from './dying-round.ts'
import { dyingSuite } from './dying-suite.ts'

const isCaptured =
  (round: number) =>
  ({ steps, calls, compensation }: OrderState): boolean =>
    compensation === null &&
    Object.keys(calls).length === 0 &&
    steps.capture?.state === 'done' &&
    steps.capture.round === round

/** Without the capture. */
const newer: CompiledDefinition = {
  ...shop,
  version: 2,
  steps: shop.steps.filter(({ id }) => id !== 'capture'),
}

const amends = (nth: number) => async (round: DyingRound) => {
  await round.startWorker({ when: 'after', step: 'call', nth })
  const order = await round.place()
  await order.untilState('captured', isCaptured(1), 30_000)
  const answer = await order.does('sun', 'amend', { changes: { lines: [{ line: 1, unitPrice: '4.00' }] } })
  assert.ok(answer.ok, JSON.stringify(answer))
  assert.ok(await round.died(60_000), 'it has not come to this step')
  await round.goOn()
  const { money } = await order.untilState('captured anew', isCaptured(2), 120_000)
  assert.equal(money.capturedMinor - money.refundedMinor, 1300)
  const { captures, refunds, authorisations, voids, parcels, recalls } = await round.ledgerOf(order.orderNo)
  const counts = [captures, refunds, authorisations, voids, parcels, recalls].map(list => list.length)
  assert.deepEqual(counts, [2, 1, 2, 1, 1, 0])
  assert.equal((await round.holds(order.orderNo)).capturedMinor, 1300)
}

async function migrates(round: DyingRound): Promise<void> {
  await round.startWorker({ when: 'after', step: 'call', nth: 1 })
  const order = await round.place({ total: 200 })
  await order.untilState('asked', ({ steps }) => steps.approval?.state === 'active', 30_000)
  const moved = await order.does('zhao', 'migrate', { version: 2, definition: newer })
  assert.ok(moved.ok, JSON.stringify(moved))
  assert.ok((await order.does('mei', 'approve')).ok)
  assert.ok(await round.died(60_000), 'it has not come to this step')
  await round.goOn()
  await order.untilState('sent', ({ steps }) => steps.shipment?.state === 'done', 120_000)
  await order.reports('shipment.delivered')
  assert.equal(await order.closed(), 'completed')
  const { captures, authorisations, reservations, parcels } = await round.ledgerOf(order.orderNo)
  const counts = [captures, authorisations, reservations, parcels].map(list => list.length)
  assert.deepEqual(counts, [0, 1, 1, 1])
  assert.equal((await round.store.getOrder('main', order.orderNo))?.processVersion, 2)
}

// Authorise, reserve, ship, capture; then the refund, the void, and both done anew.
const amendments = [5, 7].map(
  nth =>
    [
      `[I] amend, killed right after call ${nth}: given back once, taken anew once, and the parcel goes on`,
      amends(nth),
    ] as const,
)

dyingSuite('a worker that is killed while an order changes', shop, {
  ...Object.fromEntries(amendments),
  '[I] migrate, killed right after the first call by the new version: it goes on by that one, and nothing is done twice':
    migrates,
})
