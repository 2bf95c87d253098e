import assert from 'node:assert/strict'
import { commandUpdate } from '../../workflows/messages.ts'
import { worldOfSuite } from './harness.ts'
import { factOf, requestOf } from './order-under-test.ts'
import { approvalWith, dear, shop } from './processes.ts'
import { sideBySide } from './side-by-side.ts'

/** A server allows ten Updates of one workflow in flight. */
const atOnce = 8
const mostUpdates = 30

describe('an order that goes on in a new run', () => {
  const world = worldOfSuite()

  sideBySide({
    '[I] loses no message that races with the end of the run, and does none twice': async () => {
      const order = await world().place(shop, { order: dear, mostUpdates })
      await order.until('notice.delivered')
      const first = await order.does('he', 'hold', { hold: 'customer', id: 'first' })
      assert.ok(first.ok)
      await order.does('he', 'release', { id: 'second' })
      const facts = Array.from({ length: 6 * mostUpdates }, () => factOf('supplier.delayed'))
      await inFlight(atOnce, facts, fact => order.sends(fact))
      assert.ok((await order.historiesOfRuns()).length >= 5)
      const again = await order.does('he', 'hold', { hold: 'customer', id: 'first' })
      assert.ok(again.ok, 'its id is remembered')
      await order.untilStored()
      const journal = await order.journal()
      assert.deepEqual(
        journal.map(({ seq }) => seq),
        journal.map((_, index) => index + 1),
      )
      const taken = journal.flatMap(({ type, data }) =>
        type === 'fact.received' ? (data.fact as { id: string }).id : [],
      )
      assert.deepEqual(taken.toSorted(), facts.map(({ id }) => id).toSorted())
      assert.equal(journal.filter(({ type }) => type === 'hold.placed').length, 1)
      await order.does('mei', 'approve')
      await order.until('step.entered', { step: 'signing' })
    },

    '[I] carries what the store has not taken, its deadline and what it shows': async () => {
      const order = await world().place(approvalWith([{ after: '1d', fallback: 'cancel' }]), {
        order: dear,
        mostUpdates,
      })
      await order.until('notice.delivered')
      const dueAt = (await order.state()).clocks['step:approval']?.dueAt
      const shown = (await order.handle.describe()).typedSearchAttributes
      world().store.away(order.orderNo)
      const fact = factOf('supplier.delayed')
      const refused = requestOf('sun', 'approve')
      await order.handle.executeUpdate(commandUpdate, { args: [refused] })
      await inFlight(atOnce, Array(mostUpdates + 5).fill(fact), same => order.sends(same))
      assert.ok((await order.historiesOfRuns()).length >= 2)
      assert.equal((await order.state()).clocks['step:approval']?.dueAt, dueAt)
      assert.deepEqual((await order.handle.describe()).typedSearchAttributes, shown)
      const history = await order.history()
      assert.equal(history.filter(event => event.timerStartedEventAttributes).length, 1)
      assert.equal(history.filter(event => event.upsertWorkflowSearchAttributesEventAttributes).length, 0)
      world().store.back(order.orderNo)
      await order.until('fact.received')
      assert.equal((await order.untilAttempts(1)).length, 1)
    },
  })
})

const inFlight = async <T>(most: number, items: readonly T[], each: (item: T) => Promise<unknown>): Promise<void> => {
  const left = [...items]
  const one = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await each(item)
  }
  await Promise.all(Array.from({ length: most }, one))
}
