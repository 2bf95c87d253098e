import assert from 'node:assert/strict'
import { facetsOf } from '../../../domain/view/facets.ts'
import { type Driven, sales, salesOrder } from './sales-order.ts'

const facets = (order: Driven) => {
  const { approval, payment, fulfilment } = facetsOf(sales, order.state())
  return `${approval} ${payment} ${fulfilment}`
}

describe('the facets of an order', () => {
  it('[U] follow an order that needs no approval to its signature', () => {
    const order = salesOrder()
    assert.equal(facets(order), 'none pending pending')
    order.succeed('payment')
    order.succeed('stock')
    assert.equal(facets(order), 'none pending pending')
    order.succeed('shipment', { parcels: parcels() })
    order.succeed('capture')
    assert.equal(facets(order), 'none done pending')
    order.fact('shipment.delivered', { parcel: 'p1' })
    assert.equal(facets(order), 'none done partial')
    order.fact('shipment.delivered', { parcel: 'p2' })
    assert.equal(order.state().closed?.status, 'completed')
    assert.equal(facets(order), 'none done done')
  })

  it('[U] show an approval that is awaited, given, and that stays given when the rest is undone', () => {
    const order = salesOrder('20000.00')
    assert.equal(facets(order), 'pending none none')
    order.command('mei', { type: 'approve' })
    assert.equal(facets(order), 'done pending pending')
    order.succeed('payment')
    order.succeed('stock')
    order.command('he', { type: 'cancel' })
    order.fail('shipment')
    order.succeed('stock', {}, 'undo')
    assert.equal(facets(order), 'done pending undone')
    order.succeed('payment', {}, 'undo')
    assert.equal(order.state().closed?.status, 'cancelled')
    assert.equal(facets(order), 'done undone undone')
  })

  it('[U] show an approval that was refused, and one that nobody came to give, apart', () => {
    const order = salesOrder('20000.00')
    order.command('mei', { type: 'reject' })
    assert.equal(facets(order), 'failed none none')
    const other = salesOrder('20000.00')
    other.command('he', { type: 'cancel' })
    assert.equal(facets(other), 'none none none')
  })

  it('[U] show what failed, and a reservation of a part', () => {
    const order = salesOrder()
    order.fail('payment')
    order.succeed('stock', { lines: [{ line: 1, sku: 'chair', quantity: 1 }] })
    assert.equal(facets(order), 'none failed partial')
    order.command('he', { type: 'retry', step: 'payment' })
    assert.equal(facets(order), 'none pending partial')
  })

  it('[U] show an undo that failed, also of a step that was done', () => {
    const order = salesOrder()
    order.succeed('payment')
    order.fail('stock')
    order.command('he', { type: 'cancel' })
    order.fail('payment', 'not_done', 'undo')
    assert.equal(facets(order), 'none failed none')
  })
})

const parcels = () => [
  { id: 'p1', lines: [{ line: 1, sku: 'chair', quantity: 2 }] },
  { id: 'p2', lines: [{ line: 2, sku: 'table', quantity: 1 }] },
]
