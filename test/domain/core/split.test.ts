import assert from 'node:assert/strict'
import fc from 'fast-check'
import { pending } from '../../../domain/core/pending.ts'
import { type Charge, type Order, totalMinor } from '../../../domain/order/order.ts'
import { shareCharges } from '../../../domain/order/share-charges.ts'
import { previewOf } from '../../../domain/view/preview.ts'
import { processNamed } from '../definitions.ts'
import {
  begun,
  deadline,
  does,
  given,
  type Happening,
  type OrderCase,
  orderOf,
  placed,
  reports,
  succeeds,
  told,
  undoFails,
  undoSucceeds,
} from '../specification.ts'
import { packed, sales, takenBack, unsent } from './sales-so-far.ts'

const charges: readonly Charge[] = [
  { type: 'tax', amountMinor: 100 },
  { type: 'discount', amountMinor: -50 },
]
const one = (line: number, quantity = 1) => ({ line, quantity })
const halves = [{ lines: [one(1)] }, { lines: [one(1), one(2)] }]
const splits = (parts: readonly unknown[] = halves, more: object = {}): Happening =>
  does('he', 'split', { parts, ...more })
const failed = () => unsent({ charges })

function partsOf(order: OrderCase): readonly Order[] {
  return pending(order.definition, order.state).begin
}

const sent = `
steps:
  - { id: stock, kind: call, status: pending_stock, after: [], do: inventory.reserve, undo: inventory.release, owner: role:warehouse }
  - { id: sending, kind: wait, status: pending_shipment, after: [stock], fact: shipment.shipped, irreversible: true, owner: role:logistics, ladder: [{ after: 5d, fallback: review }] }
`

describe('split', () => {
  it('[U] takes back what was done, begins the parts, and closes with links to them', () => {
    const order = failed()
    order
      .when(splits())
      .thenAmongOthers(
        ['split.decided', { parts: [{ orderNo: 'SO-1-1' }, { orderNo: 'SO-1-2' }] }],
        ['compensation.started', { goal: { kind: 'close', status: 'split' } }],
        ['call.started', { step: 'stock', kind: 'undo' }],
      )
    order.thenStatus('compensating')
    assert.deepEqual(partsOf(order), [], 'nothing is begun before everything is taken back')
    order.when(...takenBack).thenAmongOthers('successors.due')
    const parts = partsOf(order)
    assert.deepEqual(
      parts.map(part => part.lines.map(({ line, sku, quantity }) => [line, sku, quantity])),
      [
        [[1, 'A', 1]],
        [
          [1, 'A', 1],
          [2, 'B', 1],
        ],
      ],
    )
    assert.deepEqual(
      parts.map(part => part.splitFrom),
      ['SO-1', 'SO-1'],
    )
    assert.equal(
      parts.reduce((sum, part) => sum + totalMinor(part), 0),
      totalMinor(order.state.order),
    )
    order
      .when(begun())
      .thenAmongOthers(['successors.begun', { orders: ['SO-1-1', 'SO-1-2'] }], ['order.closed', { status: 'split' }])
    order.thenStatus('split')
    assert.deepEqual(order.state.closed?.into, ['SO-1-1', 'SO-1-2'])
    assert.deepEqual(order.state.money, { authorisedMinor: 0, capturedMinor: 0, refundedMinor: 0 })
  })

  it('[U] a preview tells what is taken back, and that it will be split', () => {
    const order = failed()
    const he = { actor: 'he', roles: ['order-desk'], organisation: 'main', matrixVersion: 't' }
    const caller = { ...he, allowed: [{ statuses: 'open' as const }] }
    const command = { type: 'split' as const, parts: halves }
    const told = previewOf(order.definition, order.state, { at: order.at, command, caller })
    assert.ok(!('ok' in told))
    assert.equal(told.statusInTheEnd, 'split')
    assert.deepEqual(
      told.undo.map(({ operation }) => operation),
      ['inventory.release', 'payment.void'],
    )
    assert.equal(told.money.inTheEnd.authorisedMinor, 0)
  })

  it('[U] says the numbers that the parts have really got', () => {
    const order = failed().when(splits(), ...takenBack, begun('SO-1-1', 'SO-1-2-1'))
    assert.deepEqual(order.state.closed?.into, ['SO-1-1', 'SO-1-2-1'])
  })

  it('[U] begins nothing while an undo has failed', () => {
    const order = failed().when(splits(), undoFails('stock'), undoSucceeds('payment'))
    assert.deepEqual(partsOf(order), [])
    order.thenStatus('manual_review')
    order.when(does('he', 'retry', { step: 'stock' }), undoSucceeds('stock')).thenAmongOthers('successors.due')
  })

  it('[U] can be cancelled until its parts are begun, by command and by the customer', () => {
    for (const cancels of [does('he', 'cancel'), reports('customer.cancelled')]) {
      const order = failed().when(splits(), undoSucceeds('stock'), cancels)
      order.when(undoSucceeds('payment')).thenAmongOthers(['order.closed', { status: 'cancelled' }])
      assert.equal(order.state.successors, undefined)
    }
  })

  it('[U] asks a person where the customer cancels while the parts are being begun', () => {
    const order = failed().when(splits(), ...takenBack)
    order.when(does('he', 'cancel')).thenRefused('not_applicable')
    order.when(reports('customer.cancelled')).thenAmongOthers(['review.opened', { code: 'overtaken' }])
    order.when(begun())
    assert.equal(order.state.closed, null)
    order.when(does('he', 'release')).thenAmongOthers(['order.closed', { status: 'split' }])
  })

  it('[U] begins no parts of goods that were sent meanwhile', () => {
    const order = given(sent, placed(), succeeds('stock')).when(splits(), reports('shipment.shipped'))
    order.when(undoSucceeds('stock'))
    assert.deepEqual(partsOf(order), [])
    order.when(does('he', 'release')).thenAmongOthers(['review.opened', { code: 'overtaken', scope: 'order' }])
    order.when(does('he', 'release')).thenAmongOthers(['order.closed', { status: 'cancelled' }])
    assert.deepEqual(partsOf(order), [])
  })

  it('[U] is refused where the parts are not together what is left', () => {
    const order = given(sales, placed())
    order.when(splits([{ lines: [one(1)] }, { lines: [one(1)] }])).thenRefused('does_not_add_up', 'parts')
    order.when(splits([{ lines: [one(1, 2)] }, { lines: [one(1), one(2)] }])).thenRefused('does_not_add_up', 'parts')
    order.when(splits([{ lines: [one(1), one(1)] }, { lines: [one(2)] }])).thenRefused('invalid', 'parts')
    order.when(splits([{ lines: [one(1, 2)] }, { lines: [one(2), one(3)] }])).thenRefused('invalid', 'parts')
  })

  it('[U] is refused where a discount would be larger than a part', () => {
    const discounts = [-1, -1].map(amountMinor => ({ type: 'discount' as const, amountMinor }))
    const lines = [{ line: 1, sku: 'A', quantity: 2, unitPriceMinor: 1 }]
    const order = given(sales, placed({ lines, charges: discounts }))
    const parts = [{ lines: [one(1)] }, { lines: [one(1)] }]
    order.when(splits(parts)).thenRefused('does_not_add_up', 'parts.1')
  })

  it('[U] is refused where a number is taken', () => {
    const order = given(sales, placed())
    const named = [{ orderNo: 'SO-9', lines: [one(1)] }, halves[1]]
    order.when(splits(named, { taken: ['SO-9'] })).thenRefused('number_taken', 'parts.0.orderNo')
    const own = [{ orderNo: 'SO-1', lines: [one(1)] }, halves[1]]
    order.when(splits(own)).thenRefused('number_taken', 'parts.0.orderNo')
    const same = [
      { orderNo: 'SO-9', lines: [one(1)] },
      { orderNo: 'SO-9', lines: [one(1), one(2)] },
    ]
    order.when(splits(same)).thenRefused('number_taken', 'parts.1.orderNo')
    order
      .when(splits(halves, { taken: ['SO-1-1'] }))
      .thenAmongOthers(['split.decided', { parts: [{ orderNo: 'SO-1-2' }, { orderNo: 'SO-1-3' }] }])
  })

  it('[U] is refused once goods have been shipped, or are being', () => {
    packed({ charges }).when(splits()).thenRefused('not_applicable')
    packed({ charges }).when(succeeds('shipment')).when(splits()).thenRefused('already_shipped')
  })

  it('[U] is refused once money has been captured', () => {
    const express = processNamed('express')
    const order = given(express, placed())
    while (order.state.money.capturedMinor === 0) {
      const [call] = Object.values(order.state.calls)
      order.when(call === undefined ? reports('payment.received') : succeeds(call.step))
    }
    const shipped = order.state.lines.some(({ shipped }) => shipped > 0)
    order.when(splits()).thenRefused(shipped ? 'already_shipped' : 'money_captured')
  })

  it('[U] is refused of a return, of what is being cancelled, and of those who may not', () => {
    given(sales, placed())
      .when(does('sun', 'split', { parts: halves }))
      .thenRefused('not_permitted')
    const cancelled = failed().when(does('he', 'cancel'))
    cancelled.when(splits()).thenRefused('not_applicable')
    const returnOf = {
      orderNo: 'SO-0',
      ceilings: [
        { sku: 'A', quantity: 2 },
        { sku: 'B', quantity: 1 },
      ],
      refundableMinor: 1500,
    }
    const back = given(processNamed('return'), placed({ returnOf }))
    back.when(splits()).thenRefused('not_applicable')
  })
})

const stocking = (partial: string) => `
steps:
  - { id: stock, kind: call, status: pending_stock, after: [], do: inventory.reserve, undo: inventory.release, owner: role:warehouse, partial: { mode: ${partial}, ladder: [{ after: 1d, remind: owner }, { after: 2d, fallback: cancel }] } }
  - { id: shipment, kind: call, status: pending_shipment, after: [stock], do: shipment.create, undo: shipment.recall, owner: role:logistics }
`

describe('partial: split', () => {
  it('[U] makes what can be had one order, and what is short another', () => {
    const order = given(stocking('split'), placed({ charges }))
    order.when(succeeds('stock', { lines: [{ line: 1, sku: 'A', quantity: 1 }] }))
    order.thenAmongOthers(['split.decided', { parts: [{ lines: [one(1)] }, { lines: [one(1), one(2)] }] }])
    order.when(undoSucceeds('stock'), begun()).thenStatus('split')
  })

  it('[U] waits for stock where nothing can be had', () => {
    const order = given(stocking('split'), placed(), succeeds('stock', { lines: [] }))
    assert.equal(order.state.steps.stock?.state, 'partial')
    order.when(told(), deadline)
    assert.equal(order.state.closed, null)
  })
})

const anyCharges = fc.array(
  fc.record({
    type: fc.constantFrom('tax', 'shipping_fee', 'discount'),
    amountMinor: fc.integer({ min: -100_000, max: 1_000_000_000_000 }),
  }),
  { maxLength: 4 },
)
const anyParts = fc.array(fc.array(fc.nat(5), { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 6 })

it('[U] charges are shared out so that they add up exactly', () => {
  fc.assert(
    fc.property(anyCharges, anyParts, fc.nat(1_000_000), (given, quantities, price) => {
      const order = orderOf({ charges: given as Charge[] })
      const lines = order.lines.map((line, index) => (index === 0 ? { ...line, unitPriceMinor: price } : line))
      const parts = quantities.map(part => ({
        lines: part.map((quantity, index) => ({ line: index + 1, sku: 'A', quantity: quantity + 1 })),
      }))
      const shared = shareCharges({ ...order, lines }, parts)
      for (const type of ['tax', 'shipping_fee', 'discount']) {
        const sum = (list: readonly Charge[]) =>
          list.reduce((total, charge) => (charge.type === type ? total + charge.amountMinor : total), 0)
        assert.equal(sum(shared.flat()), sum(order.charges))
      }
      assert.ok(shared.flat().every(({ amountMinor }) => Number.isSafeInteger(amountMinor)))
    }),
  )
})
