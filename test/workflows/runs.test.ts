import assert from 'node:assert/strict'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { worldOfSuite } from './harness.ts'
import type { OrderUnderTest } from './order-under-test.ts'
import { shopInRuns } from './processes.ts'
import { type Answer, delayed, done, held, refused, transient } from './scripted-connectors.ts'
import { sideBySide } from './side-by-side.ts'

const chain = ['payment.authorise', 'inventory.reserve', 'shipment.create', 'payment.capture']

describe('runs: calls that follow each other, as one activity', () => {
  const world = worldOfSuite()

  const place = (answers: Readonly<Record<string, readonly Answer[]>> = {}, process: CompiledDefinition = shopInRuns) =>
    world().place(process, {
      before: order => {
        for (const [operation, list] of Object.entries(answers)) order.script(operation, ...list)
      },
    })

  sideBySide({
    '[I] do what is ready, or becomes so, in one activity with every key in its input': async () => {
      const order = await place()
      await order.until('step.entered', { step: 'signing' })
      await order.until('step.completed', { step: 'capture' })
      assert.deepEqual(operationsOf(order), chain)
      assert.deepEqual(await callsOf(order), ['run'])
      assert.ok((await order.reports('shipment.delivered')).ok)
      assert.equal(await order.closed(), 'completed')
    },

    '[I] end at a call without a definite answer, which goes on alone; then the rest is a run again': async () => {
      const order = await place({ 'inventory.reserve': [transient(), transient(), done()] })
      await order.until('step.completed', { step: 'capture' })
      assert.deepEqual(await callsOf(order), ['run', 'inventory.reserve', 'run'])
      assert.deepEqual(operationsOf(order), [
        chain[0],
        ...Array<string>(3).fill('inventory.reserve'),
        chain[2],
        chain[3],
      ])
      assert.equal(new Set(order.attempts('inventory.reserve').map(({ key }) => key)).size, 1)
    },

    '[I] end at a refusal, which is an answer': async () => {
      const order = await place({ 'inventory.reserve': [refused('no_stock')] })
      await order.until('review.opened', { step: 'stock' })
      assert.deepEqual(operationsOf(order), chain.slice(0, 2))
      assert.deepEqual(await callsOf(order), ['run'])
    },

    '[I] end where less was done than asked': async () => {
      const none = { line: 1, sku: 'A', quantity: 0 }
      const order = await place({ 'inventory.reserve': [done({ lines: [none] })] })
      await order.until('step.partial', { step: 'stock' })
      assert.deepEqual(operationsOf(order), chain.slice(0, 2))
    },

    '[I] go no further within two seconds of a hold; after it the rest is done, nothing twice': async () => {
      const slow = () => [delayed(1000)]
      const order = await place(Object.fromEntries(chain.map(operation => [operation, slow()])))
      await order.until('call.started', { step: 'payment' })
      const heldAtMs = performance.now()
      assert.ok((await order.does('he', 'hold', { hold: 'customer' })).ok)
      const state = await order.untilState('quiet', ({ calls }) => Object.keys(calls).length === 0)
      const late = order.attempts().filter(({ beganAtMs }) => beganAtMs - heldAtMs > 2000)
      assert.deepEqual(late, [])
      assert.ok(order.attempts().length < chain.length)
      assert.equal(state.steps.capture?.state, 'waiting')
      assert.ok((await order.does('he', 'release', { hold: 'customer' })).ok)
      await order.until('step.completed', { step: 'capture' })
      for (const operation of chain) {
        assert.equal(new Set(order.attempts(operation).map(({ key }) => key)).size, 1, `one key of ${operation}`)
      }
    },

    '[I] that an order outruns by being cancelled are undone, what they did ahead of it too': async () => {
      const shipment = held()
      const order = await place({ 'shipment.create': [shipment.answer] })
      await shipment.begun
      assert.ok((await order.does('he', 'cancel')).ok)
      shipment.release(delayed(2000))
      assert.equal(await order.closed(), 'cancelled')
      const [, , , ...undone] = operationsOf(order)
      assert.deepEqual(undone.slice(0, 1), ['shipment.recall'])
      assert.deepEqual(undone.slice(1).sort(), ['inventory.release', 'payment.void'])
      const ahead = await order.until('call.failed', { step: 'shipment' })
      assert.equal(ahead.data.code, 'ran_ahead')
    },

    '[I] are no way to an operation that must not be repeated, nor to what waits for it': async () => {
      const steps = shopInRuns.steps.map(step =>
        step.id === 'stock' ? { ...step, idempotency: 'none' as const } : step,
      )
      const order = await place({}, { ...shopInRuns, steps })
      await order.until('step.completed', { step: 'capture' })
      assert.deepEqual((await callsOf(order)).slice().sort(), ['inventory.reserve', 'payment.authorise', 'run'])
    },
  })
})

const operationsOf = (order: OrderUnderTest): readonly string[] => order.attempts().map(({ operation }) => operation)

/** The activities that make calls, in order. */
const callsOf = async (order: OrderUnderTest): Promise<readonly string[]> =>
  (await order.activities()).filter(name => name !== 'journal.append' && name !== 'notice.send')
