import assert from 'node:assert/strict'
import { worldOfSuite } from './harness.ts'
import type { OrderUnderTest } from './order-under-test.ts'
import { pausingAbove } from './processes.ts'
import { refused } from './scripted-connectors.ts'

/** Reserved and paid, each waits for a person before anything is shipped. */
const process = pausingAbove(1)

describe('merging on a real server', function () {
  this.timeout(60_000)
  const world = worldOfSuite()

  /** Of one process: each order of a world has one of its own otherwise. */
  async function place(count: number): Promise<readonly OrderUnderTest[]> {
    const first = await world().place(process)
    const { definition } = first.input
    const others = await Promise.all(Array.from({ length: count - 1 }, () => world().place(process, { definition })))
    const all = [first, ...others]
    await Promise.all(all.map(order => order.until('step.entered', { step: 'approval' })))
    return all
  }

  it('[I] three orders become one, and it has their goods and money', async () => {
    const [lead, ...others] = (await place(3)) as [OrderUnderTest, ...OrderUnderTest[]]
    const answer = await lead.does('he', 'merge', { orders: others.map(({ orderNo }) => orderNo) })
    assert.ok(answer.ok)
    for (const order of [lead, ...others]) assert.equal(await order.closed(), 'merged')
    const row = await world().store.getOrder('main', `${lead.orderNo}-1`)
    const { order } = row!.startInput as { order: typeof lead.input.order }
    assert.deepEqual(order.mergedFrom, [lead.orderNo, ...others.map(({ orderNo }) => orderNo)])
    assert.deepEqual(
      order.lines.map(({ sku, quantity }) => [sku, quantity]),
      [lead, ...others].flatMap(() => [
        ['A', 2],
        ['B', 1],
      ]),
    )
    for (const { orderNo } of [lead, ...others]) {
      assert.equal(
        world()
          .connectors.of(orderNo)
          .filter(({ operation }) => operation === 'payment.void').length,
        1,
      )
    }
  })

  it('[I] one that does not agree lets all go on as if nothing had been', async () => {
    const [lead, willing, closed] = (await place(3)) as [OrderUnderTest, OrderUnderTest, OrderUnderTest]
    await closed.does('he', 'cancel')
    await closed.closed()
    await lead.does('he', 'merge', { orders: [willing.orderNo, closed.orderNo] })
    await lead.until('merge.released')
    await lead.untilState('over', ({ merging }) => merging === undefined)
    await willing.untilState('free', ({ merging }) => merging === undefined)
    for (const order of [lead, willing]) {
      assert.equal(order.attempts('payment.void').length, 0)
      const answer = await order.does('mei', 'approve')
      assert.ok(answer.ok, JSON.stringify(answer))
      await order.until('step.entered', { step: 'signing' })
    }
  })

  it('[I] one whose undo fails holds the new order up until a person has helped', async () => {
    const [lead, other] = (await place(2)) as [OrderUnderTest, OrderUnderTest]
    other.script('payment.void', refused('declined'))
    await lead.does('he', 'merge', { orders: [other.orderNo] })
    await other.until('review.opened', { code: 'undo_failed' })
    assert.equal(await world().store.getOrder('main', `${lead.orderNo}-1`), null)
    assert.ok((await other.does('he', 'retry', { step: 'payment' })).ok)
    for (const order of [lead, other]) assert.equal(await order.closed(), 'merged')
    assert.equal(other.attempts('payment.void').length, 2)
    assert.notEqual(await world().store.getOrder('main', `${lead.orderNo}-1`), null)
  })
})
