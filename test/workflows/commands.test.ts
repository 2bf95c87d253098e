import assert from 'node:assert/strict'
import { worldOfSuite } from './harness.ts'
import type { OrderUnderTest } from './order-under-test.ts'
import { dear, shop } from './processes.ts'
import { refused } from './scripted-connectors.ts'

describe('commands to an order', () => {
  const world = worldOfSuite()

  const waiting = async (): Promise<OrderUnderTest> => {
    const order = await world().place(shop, { order: dear })
    await order.until('notice.delivered')
    return order
  }

  /** Gives the command and answers with the type of the event that it led to first. */
  const by = {
    Update: async (order: OrderUnderTest, ...[who, type, parts]: Parameters<OrderUnderTest['does']>) => {
      const answer = await order.does(who, type, { id: 'c1', ...parts })
      assert.ok(answer.ok, JSON.stringify(answer))
      assert.equal(answer.view.seq, answer.seq)
    },
    Signal: (order: OrderUnderTest, ...[who, type, parts]: Parameters<OrderUnderTest['does']>) =>
      order.signals(who, type, { id: 'c1', ...parts }),
  }

  it('[I] a preview by Query tells what a command leads to, and leaves nothing behind', async () => {
    const order = await waiting()
    const before = await order.state()
    const told = await order.previews('mei', 'reject')
    assert.ok(!('ok' in told), JSON.stringify(told))
    assert.deepEqual(await order.state(), before)
    assert.equal(told.seq, before.seq)
    const from = (await order.state()).seq
    await order.does('mei', 'reject')
    assert.equal(await order.closed(), told.statusInTheEnd)
    const happened = (await order.journal()).filter(({ seq }) => seq > from).map(({ type }) => type)
    assert.deepEqual(
      told.events.map(({ type }) => type),
      happened,
    )
    const refused = await order.previews('mei', 'reject')
    assert.deepEqual('ok' in refused && refused.code, 'closed')
  })

  for (const way of ['Update', 'Signal'] as const) {
    const give = by[way]
    const ledTo = async (order: OrderUnderTest, type: string) => {
      const event = await order.until(type)
      assert.equal(event.command, 'c1', `${type} names its command`)
    }

    it(`[I] approve, by ${way}`, async () => {
      const order = await waiting()
      await give(order, 'mei', 'approve')
      await ledTo(order, 'step.completed')
      await order.until('step.entered', { step: 'signing' })
    })

    it(`[I] reject, by ${way}`, async () => {
      const order = await waiting()
      await give(order, 'mei', 'reject', { reason: 'too dear' })
      await ledTo(order, 'step.rejected')
      assert.equal(await order.closed(), 'cancelled')
      assert.equal((await order.until('step.rejected')).reason, 'too dear')
    })

    it(`[I] transfer, hold and release, by ${way}`, async () => {
      const order = await waiting()
      await give(order, 'ling', 'transfer', { to: 'zhao', reason: 'on leave' })
      await ledTo(order, 'step.transferred')
      await order.does('he', 'hold', { hold: 'customer' })
      await order.until('hold.placed')
      await give(order, 'he', 'release', { id: 'c2' })
      await order.until('hold.released')
    })

    it(`[I] send back, and cancel with its undo, by ${way}`, async () => {
      const order = await world().place(shop, {
        order: dear,
        before: placed => placed.script('shipment.create', refused('no_such_address')),
      })
      await order.does('ling', 'approve')
      await order.until('review.opened')
      await give(order, 'ling', 'send_back', { step: 'shipment', to: 'approval' })
      await ledTo(order, 'compensation.started')
      await order.until('step.entered', { step: 'approval', round: 2 })
      assert.deepEqual(
        order
          .attempts()
          .map(({ operation }) => operation)
          .sort(),
        ['inventory.release', 'inventory.reserve', 'payment.authorise', 'payment.void', 'shipment.create'],
      )
      await give(order, 'ling', 'cancel', { id: 'c2' })
      assert.equal(await order.closed(), 'cancelled')
    })

    it(`[I] retry, by ${way}`, async () => {
      const order = await world().place(shop, {
        before: placed => placed.script('payment.authorise', refused('card_declined')),
      })
      await order.until('review.opened')
      await give(order, 'fang', 'retry', { step: 'payment' })
      await ledTo(order, 'review.closed')
      await order.until('step.entered', { step: 'signing' })
      const keys = order.attempts('payment.authorise').map(({ key }) => key)
      assert.deepEqual(keys, [keys[0], keys[0]], 'a retry keeps its key')
    })
  }

  it('[I] are done when they are executed: of two for one step, the second is refused', async () => {
    const order = await waiting()
    const answers = await Promise.all([order.does('mei', 'approve'), order.does('ling', 'reject')])
    assert.deepEqual(answers.map(({ ok }) => ok).sort(), [false, true])
  })

  it('[I] with the same id are done once', async () => {
    const order = await waiting()
    const [first, second] = [await order.does('he', 'hold', { id: 'h' }), await order.does('he', 'hold', { id: 'h' })]
    assert.ok(first.ok && second.ok)
    assert.equal((await order.journalTypes()).filter(type => type === 'hold.placed').length, 1)
  })

  it('[I] that are refused are an answer, and an attempt of this order', async () => {
    const [one, other] = await Promise.all([waiting(), waiting()])
    for (const order of [one, other]) {
      const answer = await order.does('sun', 'approve')
      assert.equal(answer.ok, false)
      assert.equal(!answer.ok && answer.code, 'not_permitted')
      await order.signals('qin', 'cancel')
    }
    for (const order of [one, other]) {
      const attempts = await order.untilAttempts(2)
      assert.deepEqual(attempts.map(({ actor, command, code }) => ({ actor, command, code })).sort(byActor), [
        { actor: 'qin', command: 'cancel', code: 'not_permitted' },
        { actor: 'sun', command: 'approve', code: 'not_permitted' },
      ])
      assert.ok(!(await order.journalTypes()).includes('step.completed'))
    }
  })
})

const byActor = (a: { actor: string }, b: { actor: string }): number => a.actor.localeCompare(b.actor)
