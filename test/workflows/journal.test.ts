import assert from 'node:assert/strict'
import type { Event } from '../../domain/core/events/event.ts'
import { evolve } from '../../domain/core/evolve/evolve.ts'
import type { OrderState } from '../../domain/core/state.ts'
import type { JournalEvent } from '../../store/journal.ts'
import { worldOfSuite } from './harness.ts'
import { failureOf, type OrderUnderTest } from './order-under-test.ts'
import { cheap, dear, shop, shopInRuns } from './processes.ts'
import { held, refused } from './scripted-connectors.ts'
import { sideBySide } from './side-by-side.ts'

describe('the journal of an order', () => {
  const world = worldOfSuite()

  /** Read again when something happened between the readings. */
  const atRest = async (order: OrderUnderTest) => {
    for (;;) {
      await order.untilStored()
      const state = await order.state()
      const journal = await order.journal()
      const row = await world().store.getOrder('main', order.orderNo)
      if (state.seq === (await order.state()).seq && state.seq === row?.seq) return { state, journal, row }
    }
  }

  /** What the store has is the order: no gap, and the fold, the projection and the workflow say the same. */
  const assertWhole = async (order: OrderUnderTest): Promise<void> => {
    const { state, journal, row } = await atRest(order)
    assert.deepEqual(
      journal.map(({ seq }) => seq),
      journal.map((_, index) => index + 1),
    )
    assert.deepEqual(fold(journal), state)
    assert.deepEqual(row?.state, state)
    assert.equal(row?.seq, journal.length)
  }

  sideBySide({
    '[I] has every event, and folds to the state': async () => {
      const order = await world().place(shop, { order: dear })
      await order.until('notice.delivered')
      assert.ok((await order.does('mei', 'approve')).ok)
      await order.until('step.completed', { step: 'capture' })
      assert.ok((await order.reports('shipment.delivered')).ok)
      assert.equal(await order.closed(), 'completed')
      await assertWhole(order)
    },

    '[I] has every event of what went wrong, too': async () => {
      const order = await world().place(shopInRuns, {
        order: cheap,
        before: placed => placed.script('shipment.create', refused('no_such_address')),
      })
      await order.until('review.opened')
      assert.ok((await order.does('he', 'hold', { hold: 'customer' })).ok)
      assert.ok((await order.does('he', 'cancel')).ok)
      assert.equal(await order.closed(), 'cancelled')
      await assertWhole(order)
    },

    '[I] is stored although another call still hangs': async () => {
      const payment = held()
      const order = await world().place(shop, {
        before: placed => placed.script('payment.authorise', payment.answer),
      })
      await order.until('call.succeeded', { step: 'stock' }, 6000)
      payment.release()
      await order.until('step.entered', { step: 'signing' })
    },

    '[I] waits for a store that is away, and does not stop the order; then all is stored in order': async () => {
      const order = await world().place(shop, {
        order: dear,
        before: ({ orderNo }) => world().store.away(orderNo),
      })
      const begin = performance.now()
      assert.ok((await order.does('mei', 'approve')).ok)
      await order.untilState('on its way', ({ steps }) => steps.capture?.state === 'done')
      assert.ok(performance.now() - begin < 8000)
      assert.ok((await order.reports('supplier.delayed')).ok)
      assert.deepEqual(await order.journal(), [])
      world().store.back(order.orderNo)
      await order.until('fact.received')
      await assertWhole(order)
    },

    '[I] that a store does not answer for holds no call up for longer than a second': async () => {
      const order = await world().place(shop, { before: ({ orderNo }) => world().store.hangs(orderNo) })
      const begin = performance.now()
      await order.untilState('on its way', ({ steps }) => steps.capture?.state === 'done')
      assert.ok(performance.now() - begin < 3 * 1000 + 5000)
      world().store.back(order.orderNo)
      await assertWhole(order)
    },

    '[I] is stored while an order waits without waking it to say so': async () => {
      const order = await world().place(shop, { order: dear })
      await order.until('notice.delivered')
      const history = await order.quietHistory()
      await assertWhole(order)
      assert.equal(history.filter(event => event.activityTaskScheduledEventAttributes).length, 2, 'notice and journal')
      assert.equal(history.filter(event => event.activityTaskCompletedEventAttributes).length, 1, 'the notice')
      const [pending] = (await order.handle.describe()).raw.pendingActivities ?? []
      assert.equal(pending?.activityType?.name, 'journal.append')
      assert.match(pending?.lastFailure?.message ?? '', /stored up to event \d+: nothing is wrong/)
    },

    '[I] of an order to which much happens has few activities pending': async () => {
      const order = await world().place(shop, { order: dear })
      for (let count = 0; count < 15; count += 1) {
        await order.reports('supplier.delayed')
        await order.untilStored()
      }
      const history = await order.quietHistory()
      const flushes = history.filter(
        event => event.activityTaskScheduledEventAttributes?.activityType?.name === 'journal.append',
      )
      assert.ok(flushes.length > 10)
      assert.equal((await order.handle.describe()).raw.pendingActivities?.length, 10)
      await assertWhole(order)
    },

    '[I] is stored before the order is closed': async () => {
      const order = await world().place(shop)
      await order.until('step.completed', { step: 'capture' })
      world().store.away(order.orderNo)
      assert.ok((await order.reports('shipment.delivered')).ok)
      await order.untilState('closed', ({ closed }) => closed !== null)
      assert.equal((await order.handle.describe()).status.name, 'RUNNING')
      world().store.back(order.orderNo)
      assert.equal(await order.closed(), 'completed')
      await assertWhole(order)
    },

    '[I] turns new commands away while too much of it waits for the store, but not the order itself': async () => {
      const payment = held()
      const order = await world().place(shop, {
        before: placed => {
          world().store.away(placed.orderNo)
          placed.script('payment.authorise', payment.answer)
        },
      })
      await payment.begun
      const lines = Array.from({ length: 1000 }, (_, line) => ({ line, sku: 'x'.repeat(80), quantity: 1 }))
      const reports = () => order.reports('supplier.delayed', { lines })
      for (let count = 0; count < 3; count += 1) assert.ok((await reports()).ok)
      const isUnavailable = (error: unknown) => failureOf(error) === 'unavailable'
      await assert.rejects(reports(), isUnavailable)
      await assert.rejects(order.does('he', 'cancel'), isUnavailable)
      await order.signals('he', 'cancel')
      payment.release()
      await order.untilState('on its way', ({ steps }) => steps.capture?.state === 'done')
      world().store.back(order.orderNo)
      await order.until('step.completed', { step: 'capture' }, 20_000)
      const [attempt] = await order.untilAttempts(1)
      assert.equal(attempt?.code, 'unavailable', 'a signal is not lost without a word')
      assert.ok((await order.does('he', 'hold', { hold: 'customer' })).ok)
      await order.until('notice.delivered')
      await assertWhole(order)
    },
  })
})

const fold = (journal: readonly JournalEvent[]): OrderState | null =>
  journal.reduce<OrderState | null>((state, event) => evolve(state, event as unknown as Event), null)
