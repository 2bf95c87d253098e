import assert from 'node:assert/strict'
import { commandSignal, commandUpdate, factUpdate } from '../../workflows/messages.ts'
import { worldOfSuite } from './harness.ts'
import { factOf, failureOf, type OrderUnderTest, requestOf } from './order-under-test.ts'
import { approvalOnly, dear, shop, shopWith } from './processes.ts'
import { held } from './scripted-connectors.ts'

describe('messages to an order', () => {
  const world = worldOfSuite()

  const waiting = async (): Promise<OrderUnderTest> => {
    const order = await world().place(shop, { order: dear })
    await order.until('notice.delivered')
    return order
  }

  it('[I] that are malformed are turned away as invalid and leave nothing in the history', async () => {
    const order = await waiting()
    await order.until('notice.delivered')
    const quiet = await order.quietHistory()
    const request = requestOf('mei', 'approve')
    const malformed: readonly unknown[] = [
      undefined,
      { command: { type: 'explode' }, caller: request.caller },
      { command: { type: 'approve', reason: 'x'.repeat(1001) }, caller: request.caller },
      { command: { type: 'transfer' }, caller: request.caller },
      { command: { type: 'approve', expectedSeq: 1.5 }, caller: request.caller },
      { command: request.command, caller: { ...request.caller, roles: 'sales' } },
      { command: request.command, caller: { ...request.caller, allowed: [{ statuses: 'all' }] } },
    ]
    for (const update of malformed) {
      await assertInvalid(order.handle.executeUpdate(commandUpdate, { args: [update as never] }))
    }
    const fact = factOf('supplier.delayed')
    for (const update of [null, { ...fact, claimedAt: 'yesterday' }, { ...fact, id: '' }, { ...fact, lines: [{}] }]) {
      await assertInvalid(order.handle.executeUpdate(factUpdate, { args: [update as never] }))
    }
    assert.equal((await order.history()).length, quiet.length)
  })

  it('[I] that are malformed and come as a signal are kept as attempts', async () => {
    const order = await waiting()
    await order.handle.signal(commandSignal, { command: { type: 'explode' } } as never)
    const [attempt] = await order.untilAttempts(1)
    assert.equal(attempt?.code, 'invalid')
    assert.ok((await order.does('mei', 'approve')).ok)
  })

  it('[I] that wait for the first task meet an existing order, signals before Updates', async () => {
    const order = await world().place(shop, { order: dear, start: 'not_yet' })
    const answer = await order.startApproved('mei')
    assert.ok(answer.ok, JSON.stringify(answer))

    await world().stopWorker()
    const later = await world().place(shop, { order: dear })
    const approved = later.does('ling', 'approve')
    await later.signals('he', 'hold', { hold: 'customer' })
    await world().startWorker()
    const refusal = await approved
    assert.equal(!refusal.ok && refusal.code, 'not_applicable', 'the hold blocks the approval')
  })

  it('[I] of which the later withdraws what the earlier would begin lead to no call at all', async () => {
    await world().stopWorker()
    const order = await world().place(shop, { order: dear })
    await order.signals('mei', 'approve')
    const cancelled = order.does('he', 'cancel')
    await world().startWorker()
    assert.ok((await cancelled).ok)
    assert.equal(await order.closed(), 'cancelled')
    assert.equal((await order.journalTypes()).filter(type => type === 'call.started').length, 2)
    assert.deepEqual(order.attempts(), [])
  })

  it('[I] of a workflow that Temporal cancels are the command cancel, with its undo', async () => {
    const order = await world().place(shopWith({ signing: { irreversible: undefined } }))
    await order.until('step.entered', { step: 'signing' })
    await order.until('step.completed', { step: 'capture' })
    await order.handle.cancel()
    assert.equal(await order.closed(), 'cancelled')
    const started = await order.until('compensation.started')
    assert.equal(started.actor, 'temporal')
    assert.deepEqual(
      order
        .attempts()
        .map(({ operation }) => operation)
        .slice(4),
      ['payment.refund', 'shipment.recall', 'inventory.release', 'payment.void'],
    )
  })

  it('[I] of a workflow cancelled before its first task are no less than those of a later one', async () => {
    const order = await world().place(approvalOnly, { order: dear, start: 'not_yet' })
    await world().stopWorker()
    await order.start()
    await order.handle.cancel()
    await world().startWorker()
    assert.equal(await order.closed(), 'cancelled')
  })

  it('[I] that come while the order is being closed are answered: closed, or not there any more', async () => {
    const gate = held()
    const order = await world().place(shop, { before: placed => placed.script('payment.authorise', gate.answer) })
    await gate.begun
    world().store.away(order.orderNo)
    assert.ok((await order.does('he', 'cancel')).ok)
    gate.release()
    await order.untilState('closed', state => state.closed !== null)
    const answer = await order.does('he', 'cancel')
    assert.equal(!answer.ok && answer.code, 'closed')
    await assert.rejects(order.reports('shipment.delivered'), (error: unknown) => failureOf(error) === 'unavailable')
    world().store.back(order.orderNo)
    assert.equal(await order.closed(), 'cancelled')
  })
})

const assertInvalid = (update: Promise<unknown>): Promise<void> =>
  assert.rejects(update, (error: unknown) => failureOf(error) === 'invalid')
