import assert from 'node:assert/strict'
import type { Event } from '../../domain/core/events/event.ts'
import { evolve } from '../../domain/core/evolve/evolve.ts'
import type { OrderState } from '../../domain/core/state.ts'
import { worldOfSuite } from './harness.ts'
import { factOf, type OrderUnderTest } from './order-under-test.ts'
import { cheap, dear, shop } from './processes.ts'
import { restoreFromHistory, restoreFromJournal } from './restore.ts'
import { held } from './scripted-connectors.ts'
import { sideBySide } from './side-by-side.ts'

describe('an order whose workflow was terminated', () => {
  const world = worldOfSuite()

  /** No gap, and what the journal says is what the order is. */
  const assertWhole = async (order: OrderUnderTest): Promise<void> => {
    await order.untilStored()
    const journal = await order.journal()
    const seqs = journal.map(({ seq }) => seq)
    assert.deepEqual(
      seqs,
      [...seqs.keys()].map(index => index + 1),
    )
    const folded = journal.reduce<OrderState | null>((state, event) => evolve(state, event as unknown as Event), null)
    assert.equal(folded?.seq, journal.length)
    assert.equal(journal.filter(({ type }) => type === 'order.restored').length, 1)
  }

  sideBySide({
    '[I] goes on where it was: its deadline, what it refused, what it has done': async () => {
      const order = await world().place(shop, { order: dear, mostUpdates: 3 })
      await order.until('notice.delivered')
      const refused = await order.does('wu', 'approve')
      assert.ok(!refused.ok)
      const hold = await order.does('he', 'hold', { hold: 'customer', id: 'first' })
      assert.ok(hold.ok)
      await order.does('he', 'release', { id: 'second' })
      await order.untilState('told', ({ notices }) => Object.keys(notices).length === 0)
      await order.untilStored()
      await order.untilAttempts(1)
      const before = await order.state()
      await order.handle.terminate('by mistake')
      assert.equal(typeof (await restoreFromJournal(world(), order)), 'string')
      const after = await order.state()
      assert.deepEqual(after.clocks, before.clocks)
      const again = await order.does('he', 'hold', { hold: 'customer', id: 'first' })
      assert.ok(again.ok, 'its id is remembered')
      assert.ok(!(await order.does('wu', 'approve')).ok)
      assert.equal((await order.untilAttempts(2)).length, 2)
      for (let count = 0; count < 4; count += 1) await order.sends(factOf('supplier.delayed'))
      assert.ok((await order.does('mei', 'approve')).ok)
      await order.until('step.completed', { step: 'capture' })
      assert.equal(order.attempts('payment.authorise').length, 1)
      assert.equal((await order.journalTypes()).filter(type => type === 'hold.placed').length, 1)
      assert.ok((await order.reports('shipment.delivered')).ok)
      assert.equal(await order.closed(), 'completed')
      await assertWhole(order)
    },

    '[I] makes a call that was under way again, by the same key': async () => {
      const order = await world().place(shop, {
        order: cheap,
        before: placed => placed.script('payment.authorise', held().answer),
      })
      await order.until('call.started', { step: 'payment' })
      await order.until('call.succeeded', { step: 'stock' })
      await order.untilStored()
      await order.handle.terminate('by mistake')
      assert.equal(typeof (await restoreFromJournal(world(), order)), 'string')
      await order.until('step.completed', { step: 'capture' })
      const keys = order.attempts('payment.authorise').map(({ key }) => key)
      assert.deepEqual(keys, [keys[0], keys[0]])
      assert.equal(order.attempts('inventory.reserve').length, 1)
      await assertWhole(order)
    },

    '[I] loses nothing that the store did not have, where Temporal still has its history': async () => {
      const order = await world().place(shop, { order: dear })
      await order.until('notice.delivered')
      world().store.away(order.orderNo)
      assert.ok((await order.does('mei', 'approve')).ok)
      assert.ok(!(await order.does('wu', 'hold', { hold: 'customer' })).ok)
      const before = await order.untilState('on its way', ({ steps }) => steps.capture?.state === 'done')
      await order.handle.terminate('by mistake')
      assert.equal(typeof (await restoreFromHistory(world(), order)), 'string')
      assert.equal((await order.state()).seq, before.seq + 1)
      world().store.back(order.orderNo)
      assert.ok((await order.reports('shipment.delivered')).ok)
      assert.equal(await order.closed(), 'completed')
      assert.equal(order.attempts('payment.capture').length, 1)
      assert.equal((await order.untilAttempts(1)).length, 1)
      await assertWhole(order)
    },

    '[I] is not begun beside itself': async () => {
      const order = await world().place(shop, { order: dear })
      await order.until('notice.delivered')
      await order.untilStored()
      assert.equal(await restoreFromJournal(world(), order), null)
      assert.ok(!(await order.journalTypes()).includes('order.restored'))
    },
  })
})
