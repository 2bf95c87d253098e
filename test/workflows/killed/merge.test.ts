import assert from 'node:assert/strict'
import { totalMinor } from '../../../domain/order/order.ts'
import { nothing } from '../../connectors/sandbox/net-of.ts'
import { eventually, type OrderUnderTest } from '../order-under-test.ts'
import { pausingAbove } from '../processes.ts'
import type { DyingRound } from './dying-round.ts'
import { dyingSuite } from './dying-suite.ts'
import type { Death } from './dying-worker.ts'

/** Between any two phases: killed with a step done and nobody told of it, which is harder than before it. */
const deaths: readonly Death[] = [
  { when: 'before', step: 'ask', nth: 1 },
  { when: 'after', step: 'ask', nth: 1 },
  { when: 'after', step: 'go', nth: 1 },
  { when: 'after', step: 'row', nth: 1 },
  { when: 'after', step: 'start', nth: 1 },
  { when: 'after', step: 'note', nth: 1 },
  { when: 'after', step: 'close', nth: 1 },
]

const isPaid = (order: OrderUnderTest) =>
  order.untilState(
    'reserved and paid',
    ({ lines, money }) => lines[0]!.reserved === 2 && money.authorisedMinor > 0,
    30_000,
  )

const merges = (death: Death) => async (round: DyingRound) => {
  await round.startWorker(death)
  const orders = [await round.place(), await round.place()] as const
  await Promise.all(orders.map(isPaid))
  const [lead, member] = orders
  const answer = await lead.does('he', 'merge', { orders: [member.orderNo] })
  assert.ok(answer.ok, JSON.stringify(answer))
  assert.ok(await round.died(60_000), 'it has not come to this step')
  await round.goOn()
  const into = `${lead.orderNo}-1`
  for (const order of orders) {
    assert.equal(await order.closed(), 'merged')
    const closed = await eventually(40_000, async () =>
      (await order.journal()).find(({ type }) => type === 'order.closed'),
    )
    assert.deepEqual(closed?.data, { status: 'merged', into: [into] })
    assert.deepEqual(await round.holds(order.orderNo), nothing)
  }
  assert.equal(await round.store.getOrder('main', `${into}-1`), null, 'it has not begun under another number as well')
  const merged = await round.successor(into)
  await merged.untilState('paid', ({ steps }) => steps.approval?.state === 'active', 30_000)
  const total = orders.reduce((sum, order) => sum + totalMinor(order.input.order), 0)
  assert.deepEqual(await round.holds(into), { ...nothing, authorisedMinor: total, reserved: { A: 4, B: 2 } })
}

dyingSuite(
  'a worker that is killed while orders are merged',
  pausingAbove(1),
  Object.fromEntries(
    deaths.map(death => [
      `[I] ${death.when} ${death.step}: one new order begins once, and both close with a link to it`,
      merges(death),
    ]),
  ),
)
