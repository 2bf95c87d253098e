import assert from 'node:assert/strict'
import { project } from '../../../domain/view/projection.ts'
import { monday, sales, salesOrder } from './sales-order.ts'

describe('the projection of a journal', () => {
  it('[U] is the same whether its events come at once or one by one', () => {
    const order = salesOrder('20000.00')
    order.command('mei', { type: 'approve' })
    order.fail('payment')
    order.succeed('stock', { lines: [{ line: 1, sku: 'chair', quantity: 1 }] })
    const whole = project(sales, null, order.events)
    let state = null
    for (const event of order.events) state = project(sales, state, [event]).state
    assert.deepEqual(state, whole.state)
    assert.deepEqual(whole.state, order.state())
    assert.equal(whole.seq, order.events.length)
  })

  it('[U] names the steps under way, who must move them on, and the nearest deadline of a ladder or a call', () => {
    const order = salesOrder()
    const { steps, owners, dueAt, status, closedAt, asOf } = project(sales, null, order.events)
    assert.deepEqual(steps, ['payment', 'stock'])
    assert.deepEqual(owners, ['role:finance', 'role:warehouse'])
    assert.equal(dueAt, '2026-03-02T02:30:00.000Z')
    assert.deepEqual([status, closedAt, asOf], ['pending_payment', null, monday])
  })

  it('[U] allows a notice its minute and a look-up its call before the clock counts as late', () => {
    const order = salesOrder('20000.00')
    const dueAt = () => project(sales, null, order.events).dueAt
    assert.equal(dueAt(), '2026-03-02T04:00:00.000Z')
    order.told()
    order.command('mei', { type: 'transfer', to: 'ling', reason: 'on leave' }, '2026-03-02T03:59:30.000Z')
    assert.equal(dueAt(), '2026-03-02T04:00:30.000Z', 'she is being told')
    order.told()
    assert.equal(dueAt(), '2026-03-02T04:00:00.000Z')
    const shipped = salesOrder()
    for (const step of ['payment', 'stock', 'shipment', 'capture']) shipped.succeed(step)
    shipped.take({ type: 'clock' }, '2026-03-10T09:00:00.000Z')
    assert.equal(project(sales, null, shipped.events).dueAt, '2026-03-10T09:01:00.000Z', 'the look-up is given up')
  })

  it('[U] puts tasks, partial steps, reviews and holds into inboxes, a wait only once it is late', () => {
    const order = salesOrder()
    order.fail('payment')
    order.succeed('stock', { lines: [{ line: 1, sku: 'chair', quantity: 1 }] })
    order.command('he', { type: 'hold' })
    const { tasks } = project(sales, null, order.events)
    assert.deepEqual(
      tasks.map(({ subject, kind, owner }) => [subject, kind, owner]),
      [
        ['step:stock', 'call', 'role:warehouse'],
        ['review:1', 'review', 'role:order-desk'],
        ['hold:1', 'hold', 'role:order-desk'],
      ],
    )
    assert.equal(tasks[1]?.title.zh, '付款授权：declined')

    const shipped = salesOrder()
    for (const step of ['payment', 'stock', 'shipment', 'capture']) shipped.succeed(step)
    assert.deepEqual(project(sales, null, shipped.events).tasks, [])
    const late = '2026-03-10T09:00:00.000Z'
    shipped.take({ type: 'clock' }, late)
    const outcome = { ok: false, code: 'gone', message: 'gone', certainty: 'not_done' } as const
    shipped.take({ type: 'result', call: { step: 'signing', round: 1, kind: 'check' }, outcome }, late)
    assert.deepEqual(
      project(sales, null, shipped.events).tasks.map(({ subject, kind }) => [subject, kind]),
      [['step:signing', 'wait']],
    )
  })

  it('[U] lists exceptions under names of their own, and once more as resolved by what resolved them', () => {
    const order = salesOrder()
    order.fail('payment')
    const failed = project(sales, null, order.events)
    const [row] = failed.exceptions
    assert.deepEqual([row?.id, row?.status, row?.severity, row?.step], ['SO-1:x1', 'open', 'error', 'payment'])

    const before = order.events.length
    order.command('he', { type: 'retry', step: 'payment' }, '2026-03-02T03:00:00.000Z')
    order.succeed('payment')
    const mended = project(sales, failed.state, order.events.slice(before))
    assert.deepEqual(
      mended.exceptions.map(({ id, status, outcome, resolvedAt }) => [id, status, outcome, resolvedAt]),
      [['SO-1:x1', 'resolved', 'fixed', monday]],
    )
    assert.deepEqual(project(sales, null, order.events).exceptions, mended.exceptions)
  })

  it('[U] names the facts that the order has taken, as they were reported', () => {
    const order = salesOrder()
    order.fact('shipment.delivered', { parcel: 'p1' })
    assert.deepEqual(project(sales, null, order.events).takenFacts, [
      { source: 'carrier', id: 'f1', type: 'shipment.delivered', at: monday, data: { parcel: 'p1' } },
    ])
  })

  it('[U] of a closed order owes nobody anything', () => {
    const order = salesOrder('20000.00')
    order.command('mei', { type: 'reject' })
    const { steps, owners, dueAt, tasks, status, closedAt } = project(sales, null, order.events)
    assert.deepEqual({ steps, owners, dueAt, tasks }, { steps: [], owners: [], dueAt: null, tasks: [] })
    assert.deepEqual([status, closedAt], ['cancelled', monday])
  })

  it('[U] of no event at all is refused', () => {
    assert.throws(() => project(sales, null, []), RangeError)
  })
})
