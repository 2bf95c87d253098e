import assert from 'node:assert/strict'
import type { Charge, Order } from '../../domain/order/order.ts'
import { totalMinor } from '../../domain/order/order.ts'
import { Random } from '../../domain/simulate/random.ts'
import { nothing } from '../connectors/sandbox/net-of.ts'
import { OrderUnderTest } from './order-under-test.ts'
import { pausingAbove } from './processes.ts'
import { sandboxWorldOfSuite } from './sandbox-world.ts'

const seeds = [1, 2, 3, 4]

describe('splitting on a real server', function () {
  this.timeout(120_000)
  const suite = sandboxWorldOfSuite()

  for (const seed of seeds) {
    it(`[I] goods and money of the parts are together those of the order, by the sandbox's ledger (seed ${seed})`, async () => {
      const { world, holds } = suite()
      const random = new Random(seed)
      const order = await world.place(pausingAbove(2), { order: contentOf(random) })
      await order.untilState(
        'reserved and paid',
        ({ lines, money }) => lines.every(line => line.reserved === line.ordered) && money.authorisedMinor > 0,
      )
      const { order: content } = order.input
      const answer = await order.does('he', 'split', { parts: partsOf(content) })
      assert.ok(answer.ok, JSON.stringify(answer))
      assert.equal(await order.closed(), 'split')
      assert.deepEqual(await holds(order.orderNo), nothing)
      const closed = await order.until('order.closed')
      const parts = await Promise.all((closed.data.into as string[]).map(orderNo => partNamed(orderNo, order)))
      let capturedMinor = 0
      const shipped: Record<string, number> = {}
      for (const part of parts) {
        await part.untilState('paid', ({ steps }) => steps.capture?.state === 'done')
        const held = await holds(part.orderNo)
        capturedMinor += held.capturedMinor
        for (const [sku, quantity] of Object.entries(held.shipped)) shipped[sku] = (shipped[sku] ?? 0) + quantity
        await part.reports('shipment.delivered')
        assert.equal(await part.closed(), 'completed')
      }
      assert.equal(capturedMinor, totalMinor(content))
      assert.deepEqual(shipped, Object.fromEntries(content.lines.map(({ sku, quantity }) => [sku, quantity])))
    })
  }

  async function partNamed(orderNo: string, from: OrderUnderTest): Promise<OrderUnderTest> {
    const { world } = suite()
    const row = await world.store.getOrder('main', orderNo)
    assert.ok(row?.startedAt, `${orderNo} was not started`)
    const order = (row.startInput as { order: Order }).order
    assert.equal(order.splitFrom, from.orderNo)
    return new OrderUnderTest(world, { ...from.input, order }, undefined)
  }
})

/** Three lines, three charges, below the amount that needs an approval. */
function contentOf(random: Random): Pick<Order, 'lines' | 'charges'> {
  const upTo = (most: number) => 1 + Math.floor(random.next() * most)
  const charge = (type: Charge['type'], most: number): Charge => ({ type, amountMinor: upTo(most) })
  return {
    lines: ['A', 'B', 'C'].map((sku, index) => ({
      line: index + 1,
      sku,
      quantity: 1 + upTo(6),
      unitPriceMinor: 50 + upTo(200),
    })),
    charges: [charge('tax', 97), charge('shipping_fee', 101), { type: 'discount', amountMinor: -upTo(89) }],
  }
}

/** A part for each line but the last, of which each has one, and the last part the rest. */
function partsOf({ lines }: Order) {
  const [first, second, third] = lines as [Order['lines'][number], Order['lines'][number], Order['lines'][number]]
  return [
    {
      lines: [
        { line: 1, quantity: first.quantity },
        { line: 3, quantity: 1 },
      ],
    },
    {
      lines: [
        { line: 2, quantity: second.quantity },
        { line: 3, quantity: third.quantity - 1 },
      ],
    },
  ]
}
