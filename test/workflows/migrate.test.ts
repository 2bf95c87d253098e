import assert from 'node:assert/strict'
import { upcastDefinition } from '../../domain/core/events/upcast.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { judgeProjection } from '../../store/verify/judge-projection.ts'
import { worldOfSuite } from './harness.ts'
import type { OrderUnderTest } from './order-under-test.ts'
import { dear, shop } from './processes.ts'
import { sideBySide } from './side-by-side.ts'

/** Without the capture, and with a last look at the parcel. */
function newer({ input: { definition } }: OrderUnderTest): CompiledDefinition {
  const [approval] = definition.steps
  const look = { ...approval!, id: 'look', after: ['shipment'], owner: 'role:order-desk' }
  const { when: _when, ...always } = look
  const kept = definition.steps.filter(({ id }) => id !== 'capture')
  return { ...definition, version: 2, steps: [...kept, always as CompiledDefinition['steps'][number]] }
}

describe('an order that is moved to another version of its process', () => {
  const world = worldOfSuite()
  const malformed = (error: Error & { cause?: { type?: string } }) => error.cause?.type === 'invalid'
  const moves = (order: OrderUnderTest, definition: CompiledDefinition) =>
    order.does('zhao', 'migrate', { version: definition.version, definition })

  sideBySide({
    '[I] follows it, also in its next runs, and its row and journal say so': async () => {
      const order = await world().place(shop, { order: dear, mostUpdates: 3 })
      await order.until('notice.delivered')
      const answer = await moves(order, newer(order))
      assert.ok(answer.ok)
      assert.equal(answer.view.process.version, 2)
      assert.ok(answer.view.steps.some(({ id }) => id === 'look'))
      await order.reports('supplier.delayed')
      await order.reports('supplier.delayed')
      await order.untilRun(2)
      assert.ok((await order.does('mei', 'approve', { step: 'approval' })).ok)
      await order.until('step.entered', { step: 'look' })
      assert.ok((await order.does('he', 'approve', { step: 'look' })).ok)
      await order.reports('shipment.delivered')
      assert.equal(await order.closed(), 'completed')
      assert.deepEqual(order.attempts('payment.capture'), [])
      const row = (await world().store.getOrder('main', order.orderNo))!
      assert.equal(row.processVersion, 2)
      const events = (await order.journal()) as unknown as Parameters<typeof judgeProjection>[2]
      assert.equal(judgeProjection(upcastDefinition(order.input.definition), row, events), null)
    },

    '[I] tells beforehand what would change': async () => {
      const order = await world().place(shop, { order: dear })
      await order.until('notice.delivered')
      const definition = newer(order)
      const told = await order.previews('zhao', 'migrate', { version: 2, definition })
      assert.ok(!('ok' in told))
      assert.deepEqual(
        told.events.map(({ type }) => type),
        ['process.changed'],
      )
      const { added, removed } = told.events[0]!.data as { added: unknown; removed: unknown }
      assert.deepEqual([added, removed], [[{ id: 'look', owner: 'role:order-desk' }], ['capture']])
      assert.equal((await order.state()).definition, undefined)
    },

    '[I] takes no definition that cannot be decided by, nor one too large to carry along': async () => {
      const order = await world().place(shop, { order: dear })
      const definition = newer(order)
      await assert.rejects(moves(order, { ...definition, steps: [] }), malformed)
      await assert.rejects(moves(order, { ...definition, calendars: {} }), malformed)
      const on = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`fact.${index}`, 'record' as const]))
      await assert.rejects(moves(order, { ...definition, on }), malformed)
      assert.equal((await order.state()).process.version, 1)
    },
  })
})
