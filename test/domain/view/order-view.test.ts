import assert from 'node:assert/strict'
import { orderView } from '../../../domain/view/order-view.ts'
import { waitingFor } from '../../../domain/view/waiting.ts'
import { type Driven, monday, sales, salesOrder } from './sales-order.ts'

const view = (order: Driven) => orderView(sales, order.state())
const step = (order: Driven, id: string) => view(order).steps.find(one => one.id === id)!

describe('the view of an order', () => {
  it('[U] shows what was asked for with its money as decimals and minor units', () => {
    const order = salesOrder('50.00', {
      charges: [
        { type: 'shipping_fee', amount: 12 },
        { type: 'discount', amount: '2.5' },
      ],
      attributes: { channel: 'web' },
    })
    const { order: content, money, lines } = view(order)
    assert.equal(content.total, '259.50')
    assert.equal(content.totalMinor, 25950)
    assert.deepEqual(content.lines[1], {
      line: 2,
      sku: 'table',
      quantity: 1,
      unitPrice: '50.00',
      unitPriceMinor: 5000,
    })
    assert.deepEqual(content.charges, [
      { type: 'shipping_fee', amount: '12.00', amountMinor: 1200 },
      { type: 'discount', amount: '2.50', amountMinor: 250 },
    ])
    assert.deepEqual(content.attributes, { channel: 'web' })
    assert.equal(money.payable, '259.50')
    assert.equal(money.authorised, '0.00')
    assert.equal(lines[0]?.ordered, 2)
    order.succeed('payment')
    assert.equal(view(order).money.authorised, '259.50')
    assert.equal(view(order).money.authorisedMinor, 25950)
  })

  it('[U] shows of each step its owner, its next deadline and what the clock then does', () => {
    const order = salesOrder('20000.00')
    const approval = step(order, 'approval')
    assert.equal(approval.state, 'active')
    assert.equal(approval.owner, 'role:sales-supervisor')
    assert.equal(approval.enteredAt, monday)
    assert.equal(approval.dueAt, '2026-03-02T04:00:00.000Z')
    assert.deepEqual(approval.nextRung, { action: 'remind', target: 'owner' })
    const payment = step(order, 'payment')
    assert.deepEqual([payment.state, payment.enteredAt, payment.dueAt, payment.nextRung], ['waiting', null, null, null])
  })

  it('[U] shows when a call is given up, and after its failure the clock of its review', () => {
    const order = salesOrder()
    assert.equal(step(order, 'payment').dueAt, '2026-03-02T02:30:00.000Z')
    assert.deepEqual(step(order, 'payment').nextRung, { action: 'give_up', fallback: 'review' })
    order.fail('payment')
    const payment = step(order, 'payment')
    assert.equal(payment.error, 'declined')
    assert.deepEqual(payment.nextRung, { action: 'escalate', target: 'role:ops-manager' })
    const [review] = view(order).reviews
    assert.equal(review?.dueAt, payment.dueAt)
    assert.equal(review?.owner, 'role:order-desk')
    assert.equal(view(order).exceptions[0]?.kind, 'failed')
    assert.equal(view(order).status, 'manual_review')
  })

  it('[U] shows a hold, whose clock goes on while that of the step it blocks stands still', () => {
    const order = salesOrder('20000.00')
    order.command('he', { type: 'hold', hold: 'customer', reason: 'asked by phone' })
    const [hold] = view(order).holds
    assert.equal(hold?.title.en, 'Asked for by the customer')
    assert.equal(hold?.reason, 'asked by phone')
    assert.equal(hold?.nextRung?.action, 'remind')
    assert.equal(step(order, 'approval').dueAt, null)
    assert.deepEqual(step(order, 'approval').nextRung, { action: 'remind', target: 'owner', paused: true })
    assert.equal(view(order).status, 'on_hold')
  })

  it('[U] is plain JSON, so that it can travel and be stored', () => {
    const order = salesOrder()
    order.fail('payment')
    assert.deepEqual(JSON.parse(JSON.stringify(view(order))), view(order))
  })

  it('[U] is the same of a state that was stored, whose keys have another order', () => {
    const order = salesOrder()
    const lines = (line: number, sku: string, quantity: number) => [{ line, sku, quantity }]
    const both = salesOrder()
    for (const step of ['payment', 'stock']) order.succeed(step)
    order.succeed('shipment', {
      parcels: [
        { id: 'p20', lines: lines(1, 'chair', 2) },
        { id: 'p3', lines: lines(2, 'table', 1) },
      ],
    })
    for (const { state } of [order, both]) {
      const reversed = (key: string, value: unknown) =>
        typeof value === 'object' && value !== null && !Array.isArray(value) && key !== ''
          ? Object.fromEntries(Object.entries(value).reverse())
          : value
      const stored = JSON.parse(JSON.stringify(state(), reversed))
      assert.deepEqual(orderView(sales, stored), orderView(sales, state()))
      assert.deepEqual(waitingFor(sales, stored), waitingFor(sales, state()))
    }
  })

  it('[U] shows no deadline of a closed order', () => {
    const order = salesOrder('20000.00')
    order.command('mei', { type: 'reject', reason: 'too much' })
    const { status, closedAt, steps, holds, reviews } = view(order)
    assert.deepEqual([status, closedAt, holds, reviews], ['cancelled', monday, [], []])
    assert.ok(steps.every(({ dueAt, nextRung }) => dueAt === null && nextRung === null))
  })
})
