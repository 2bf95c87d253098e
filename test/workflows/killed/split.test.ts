import assert from 'node:assert/strict'
import { nothing } from '../../connectors/sandbox/net-of.ts'
import { eventually } from '../order-under-test.ts'
import { pausingAbove } from '../processes.ts'
import type { DyingRound } from './dying-round.ts'
import { dyingSuite } from './dying-suite.ts'
import type { Death } from './dying-worker.ts'

/** Killed with the step done and nobody told of it, which is harder than before it. */
const deaths: readonly Death[] = [
  { when: 'before', step: 'row', nth: 1 },
  { when: 'after', step: 'row', nth: 1 },
  { when: 'after', step: 'row', nth: 2 },
  { when: 'after', step: 'start', nth: 1 },
  { when: 'after', step: 'start', nth: 2 },
  { when: 'after', step: 'note', nth: 2 },
]
const halves = [{ lines: [{ line: 1, quantity: 2 }] }, { lines: [{ line: 2, quantity: 1 }] }]

const splits = (death: Death) => async (round: DyingRound) => {
  await round.startWorker(death)
  const order = await round.place()
  await order.untilState(
    'reserved and paid',
    ({ lines, money }) => lines[0]!.reserved === 2 && money.authorisedMinor > 0,
    30_000,
  )
  const answer = await order.does('he', 'split', { parts: halves })
  assert.ok(answer.ok, JSON.stringify(answer))
  assert.ok(await round.died(60_000), 'it has not come to this step')
  await round.goOn()
  assert.equal(await order.closed(), 'split')
  const parts = [`${order.orderNo}-1`, `${order.orderNo}-2`]
  const closed = await eventually(40_000, async () =>
    (await order.journal()).find(({ type }) => type === 'order.closed'),
  )
  assert.deepEqual(closed?.data, { status: 'split', into: parts })
  assert.equal(await round.store.getOrder('main', `${parts[0]}-1`), null, 'no part has begun under another number')
  assert.deepEqual(await round.holds(order.orderNo), nothing)
  for (const part of await Promise.all(parts.map(orderNo => round.successor(orderNo)))) {
    await part.untilState('sent', ({ lines }) => lines.every(line => line.shipped === line.ordered), 30_000)
    const [{ sku, quantity, unitPriceMinor }] = part.input.order.lines as [(typeof part.input.order.lines)[number]]
    const held = await round.holds(part.orderNo)
    assert.deepEqual(held.shipped, { [sku]: quantity })
    assert.equal(held.authorisedMinor, quantity * unitPriceMinor)
  }
}

dyingSuite(
  'a worker that is killed while an order is split',
  pausingAbove(1),
  Object.fromEntries(
    deaths.map(death => [
      `[I] ${death.when} ${death.step} ${death.nth}: both parts begin once, and the order closes with links to them`,
      splits(death),
    ]),
  ),
)
