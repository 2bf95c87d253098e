import assert from 'node:assert/strict'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { worldOfSuite } from './harness.ts'
import { shop, shopWith } from './processes.ts'
import { delayed, done, held, refused, transient } from './scripted-connectors.ts'
import { sideBySide } from './side-by-side.ts'

const quickly = { initial: '100ms', backoff: 1, maximum: '100ms' }

describe('calls of an order', () => {
  const world = worldOfSuite()

  /** An order whose payment is under way until the test answers it. */
  const paying = async (process: CompiledDefinition = shop) => {
    const payment = held()
    const order = await world().place(process, {
      before: placed => placed.script('payment.authorise', payment.answer),
    })
    await payment.begun
    return { order, payment }
  }

  sideBySide({
    '[I] run side by side where their steps do': async () => {
      const order = await world().place(shop, {
        before: placed => {
          placed.script('payment.authorise', delayed(300))
          placed.script('inventory.reserve', delayed(300))
        },
      })
      await order.until('step.entered', { step: 'shipment' })
      const [payment, stock] = [order.attempts('payment.authorise')[0]!, order.attempts('inventory.reserve')[0]!]
      assert.ok(payment.beganAtMs < stock.endedAtMs! && stock.beganAtMs < payment.endedAtMs!)
    },

    '[I] are tried again until they have an answer, under one key and without an event for each attempt': async () => {
      const order = await world().place(shop, {
        before: placed => placed.script('payment.authorise', transient(), transient('not_done'), transient(), done()),
      })
      await order.until('step.entered', { step: 'signing' })
      const attempts = order.attempts('payment.authorise')
      assert.deepEqual(
        attempts.map(({ attempt, key }) => [attempt, key]),
        [1, 2, 3, 4].map(attempt => [attempt, `main/${order.orderNo}/payment/1`]),
      )
      assert.equal((await order.activities()).filter(name => name === 'payment.authorise').length, 1)
    },

    '[I] have their time: giveUpAfter ends them, and no timer is needed for it': async () => {
      const impatient = shopWith({ payment: { retry: { ...quickly, giveUpAfter: '3s' } } })
      const order = await world().place(impatient, {
        before: placed =>
          placed.script('payment.authorise', ...Array<ReturnType<typeof transient>>(50).fill(transient())),
      })
      const began = Date.parse((await order.until('call.started', { step: 'payment' })).at)
      const failed = await order.until('step.failed', { step: 'payment' })
      const tookMs = Date.parse(failed.at) - began
      assert.ok(tookMs > 2500 && tookMs < 5000, `it took ${tookMs} ms`)
      await order.until('review.opened', { step: 'payment' })
      const timers = (await order.history()).filter(event => event.timerStartedEventAttributes)
      const durations = timers.map(event => Number(event.timerStartedEventAttributes!.startToFireTimeout!.seconds))
      assert.ok(!durations.some(seconds => seconds === 3), `timers of ${durations.join(', ')} s`)
    },

    '[I] that nobody answers are given up, and what they may have done is undone when the order is cancelled':
      async () => {
        const { order } = await paying(shopWith({ payment: { retry: { ...quickly, giveUpAfter: '1s' } } }))
        await order.until('call.failed', { step: 'payment', certainty: 'unknown' })
        await order.until('review.opened', { step: 'payment' })
        assert.ok((await order.does('he', 'cancel')).ok)
        assert.equal(await order.closed(), 'cancelled')
        const keys = order.attempts().filter(({ operation }) => operation.startsWith('payment.'))
        assert.deepEqual(
          keys.map(({ operation, key }) => [operation, key]),
          ['payment.authorise', 'payment.void'].map(operation => [operation, `main/${order.orderNo}/payment/1`]),
        )
      },

    '[I] that come off after the order was cancelled are undone by their key': async () => {
      const { order, payment } = await paying()
      assert.ok((await order.does('he', 'cancel')).ok)
      await order.until('call.cancelling', { step: 'payment' })
      payment.release(delayed(1500))
      assert.equal(await order.closed(), 'cancelled')
      const late = await order.until('call.succeeded', { step: 'payment', kind: 'do' })
      assert.equal(late.data.late, true)
      assert.deepEqual(
        order.attempts('payment.void').map(({ key }) => key),
        [`main/${order.orderNo}/payment/1`],
      )
      assert.equal((await order.journalTypes()).at(-1), 'order.closed')
    },

    '[I] whose outcome stays unknown after the order was cancelled are undone as well': async () => {
      const { order, payment } = await paying()
      assert.ok((await order.does('he', 'cancel')).ok)
      payment.release(transient())
      assert.equal(await order.closed(), 'cancelled')
      assert.equal(order.attempts('payment.authorise').length, 1, 'nobody wants it to be tried again')
      assert.equal(order.attempts('payment.void').length, 1)
    },

    '[I] that were refused after the order was cancelled need no undo': async () => {
      const { order, payment } = await paying()
      assert.ok((await order.does('he', 'cancel')).ok)
      payment.release(refused('card_declined'))
      assert.equal(await order.closed(), 'cancelled')
      assert.equal(order.attempts('payment.void').length, 0)
    },

    '[I] of an operation that must not be repeated are made once': async () => {
      const once = {
        ...shop,
        steps: shop.steps.map(step => (step.id === 'payment' ? { ...step, idempotency: 'none' as const } : step)),
      }
      const order = await world().place(once, {
        before: placed => placed.script('payment.authorise', transient('not_done')),
      })
      await order.until('review.opened', { step: 'payment' })
      assert.equal(order.attempts('payment.authorise').length, 1)
    },

    '[I] whose undo fails keep the order open, in review': async () => {
      const order = await world().place(shop, {
        before: placed => {
          placed.script('shipment.create', refused('no_such_address'))
          placed.script('payment.void', refused('bank_closed'))
        },
      })
      await order.until('review.opened', { step: 'shipment' })
      assert.ok((await order.does('he', 'cancel')).ok)
      await order.until('review.opened', { code: 'undo_failed' })
      const state = await order.untilState('released', ({ steps }) => steps.stock?.effect === 'undone')
      assert.equal(state.closed, null)
      assert.ok((await order.does('he', 'retry', { step: 'payment' })).ok)
      assert.equal(await order.closed(), 'cancelled')
    },
  })
})
