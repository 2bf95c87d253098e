import assert from 'node:assert/strict'
import { processNamed } from '../definitions.ts'
import {
  does,
  fails,
  given,
  type Happening,
  type OrderCase,
  placed,
  reports,
  succeeds,
  undoFails,
  undoSucceeds,
} from '../specification.ts'
import { packed, sales, unsent } from './sales-so-far.ts'

const amends = (changes: object, more: object = {}): Happening => does('sun', 'amend', { changes, ...more })
const lines = (...some: readonly object[]) => ({ lines: some })
const inTransit = () => packed().when(succeeds('shipment'), succeeds('capture'))

const money = ({ state }: OrderCase) => [
  state.money.authorisedMinor,
  state.money.capturedMinor,
  state.money.refundedMinor,
]
const phases = ({ state }: OrderCase) =>
  Object.fromEntries(Object.entries(state.steps).map(([id, step]) => [id, `${step.state} ${step.round}`]))

describe('amending', () => {
  it('[U] says what was asked for before and after, and why', () => {
    const order = unsent()
      .when(amends({ attributes: { note: 'ring twice' } }, { reason: 'the customer called', id: 'a1' }))
      .thenAmongOthers([
        'order.amended',
        { before: { attributes: { note: null } }, after: { attributes: { note: 'ring twice' } } },
      ])
    const amended = order.journal.find(({ type }) => type === 'order.amended')
    assert.deepEqual([amended?.reason, amended?.command, amended?.actor], ['the customer called', 'a1', 'sun'])
    assert.deepEqual(order.state.order.attributes, { note: 'ring twice' })
    order.when(fails('shipment'), amends({ attributes: { note: null, other: [1] } }))
    assert.deepEqual(order.state.order.attributes, { other: [1] })
  })

  it('[U] to more takes back the reservation and the authorisation by their keys, and does both anew', () => {
    const order = unsent()
      .when(amends(lines({ line: 1, quantity: 3 })))
      .thenExactly(
        [
          'order.amended',
          { before: { lines: [{ line: 1, quantity: 2 }] }, after: { lines: [{ line: 1, quantity: 3 }] } },
        ],
        ['compensation.started', { steps: ['payment', 'stock', 'shipment', 'signing'] }],
        ['step.withdrawn', { step: 'shipment' }],
        'exception.resolved',
        'review.closed',
        ['call.started', { kind: 'undo', key: 'main/SO-1/stock/1' }],
      )
      .when(undoSucceeds('stock'), undoSucceeds('payment'))
      .thenAmongOthers(
        ['call.started', { kind: 'do', key: 'main/SO-1/payment/2', input: { amountMinor: 2000 } }],
        [
          'call.started',
          { kind: 'do', key: 'main/SO-1/stock/2', input: { lines: [{ line: 1, quantity: 3 }, { line: 2 }] } },
        ],
      )
      .when(succeeds('payment'), succeeds('stock'), succeeds('shipment'), succeeds('capture'))
    assert.deepEqual(money(order), [2000, 2000, 0])
    order.when(reports('shipment.delivered')).thenStatus('completed')
  })

  it('[U] to less is captured accordingly: what was authorised stays, what was reserved is reserved anew', () => {
    const order = unsent()
      .when(amends(lines({ line: 1, quantity: 1 })))
      .thenAmongOthers(['compensation.started', { steps: ['stock', 'shipment', 'signing'] }])
      .when(undoSucceeds('stock'))
      .thenAmongOthers(
        ['lines.cancelled', { lines: [{ line: 1, quantity: 1 }] }],
        ['call.started', { key: 'main/SO-1/stock/2', input: { lines: [{ line: 1, quantity: 1 }, { line: 2 }] } }],
      )
      .when(succeeds('stock'), succeeds('shipment'), succeeds('capture'))
    assert.deepEqual(money(order), [1500, 1000, 0])
    order.when(reports('shipment.delivered')).thenStatus('completed')
  })

  it('[U] before anything was done only what is asked for changes', () => {
    given(sales, placed({ total: 20_000 }))
      .when(amends(lines({ line: 1, unitPrice: '19999.00' }), {}))
      .thenExactly('order.amended')
      .thenStatus('pending_approval')
      .when(does('mei', 'approve'))
      .thenAmongOthers(['call.started', { step: 'payment', input: { amountMinor: 1_999_900 } }])
  })

  it('[U] adds a line and takes one out, which keeps its number', () => {
    const order = unsent()
      .when(amends(lines({ line: 2, quantity: 0 }, { sku: 'C', quantity: 4, unitPrice: '1.25' })))
      .when(undoSucceeds('stock'))
      .thenAmongOthers([
        'call.started',
        {
          step: 'stock',
          input: {
            lines: [
              { line: 1, sku: 'A' },
              { line: 3, sku: 'C', quantity: 4 },
            ],
          },
        },
      ])
    assert.deepEqual(
      order.state.order.lines.map(({ line, quantity }) => [line, quantity]),
      [
        [1, 2],
        [2, 0],
        [3, 4],
      ],
    )
  })

  it('[U] of the price of goods on their way gives the money back and takes it anew; the parcel goes on', () => {
    const order = inTransit()
      .when(amends(lines({ line: 1, unitPrice: '4.00' })))
      .thenAmongOthers(['compensation.started', { steps: ['payment', 'capture'] }])
      .when(undoSucceeds('capture'), undoSucceeds('payment'))
      .thenAmongOthers(['call.started', { key: 'main/SO-1/payment/2', input: { amountMinor: 1300 } }])
    assert.equal(order.state.calls['capture/2/do'], undefined, 'the capture waits for its authorisation')
    order.when(succeeds('payment')).thenAmongOthers(['call.started', { step: 'capture', input: { amountMinor: 1300 } }])
    order.when(succeeds('capture'))
    assert.deepEqual(money(order), [2800, 2800, 1500])
    assert.deepEqual(phases(order), {
      approval: 'skipped 1',
      payment: 'done 2',
      stock: 'done 1',
      shipment: 'done 1',
      capture: 'done 2',
      signing: 'active 1',
    })
  })

  it('[U] of the address of a parcel on its way calls it back and sends it anew; the money stays', () => {
    const order = inTransit()
      .when(amends({ attributes: { address: 'Nanjing Road 2' } }), undoSucceeds('shipment'))
      .thenAmongOthers([
        'call.started',
        { kind: 'do', key: 'main/SO-1/shipment/2', input: { attributes: { address: 'Nanjing Road 2' } } },
      ])
    order.when(succeeds('shipment'))
    assert.deepEqual(money(order), [1500, 1500, 0])
    order.when(reports('shipment.delivered')).thenStatus('completed')
  })

  it('[U] reopens a step that has become due, and what comes after it waits', () => {
    const order = unsent()
      .when(does('ling', 'amend', { changes: lines({ line: 1, unitPrice: '4999.00' }) }))
      .thenAmongOthers(
        ['step.reopened', { step: 'approval', round: 2 }],
        ['compensation.started', { steps: ['payment'] }],
      )
      .when(undoSucceeds('payment'))
      .thenStatus('manual_review')
    assert.deepEqual([order.state.steps.approval?.state, order.state.steps.payment?.state], ['active', 'waiting'])
    order
      .when(does('mei', 'approve', { step: 'approval' }))
      .thenAmongOthers(['call.started', { key: 'main/SO-1/payment/2' }])
  })

  it('[U] a step behind one that stays done waits for the one that was reopened', () => {
    const text = `
steps:
  - { id: look, kind: task, when: 'atLeast(order.total, "15.00 CNY")', status: pending_approval, owner: role:order-desk, ladder: [{ after: 3d, fallback: review }] }
  - { id: stock, kind: call, status: pending_stock, after: [look], do: inventory.reserve, undo: inventory.release, owner: role:warehouse }
  - { id: pack, kind: task, status: pending_stock, after: [stock], owner: role:warehouse, ladder: [{ after: 3d, fallback: review }] }
  - { id: send, kind: task, status: pending_shipment, after: [pack], owner: role:warehouse, ladder: [{ after: 3d, fallback: review }] }
`
    const cheap = { charges: [{ type: 'discount' as const, amountMinor: -100 }] }
    const order = given(text, placed(cheap), succeeds('stock'))
    order.when(amends({ charges: [] })).thenAmongOthers(['step.reopened', { step: 'look' }])
    order.when(does('wu', 'approve', { step: 'pack' })).thenExactly('step.completed')
    assert.deepEqual(phases(order), { look: 'active 2', stock: 'done 1', pack: 'done 1', send: 'waiting 1' })
    order.when(does('he', 'approve', { step: 'look' })).thenAmongOthers(['step.entered', { step: 'send' }])
  })

  it('[U] an approval is asked for again when the order becomes dearer, not when it becomes cheaper', () => {
    const approved: Happening[] = [
      placed({ total: 20_000 }),
      does('mei', 'approve'),
      succeeds('payment'),
      fails('stock'),
    ]
    given(sales, ...approved)
      .when(amends(lines({ line: 1, unitPrice: '19000' })))
      .thenExactly('order.amended')
    given(sales, ...approved)
      .when(amends(lines({ line: 1, unitPrice: '21000' })))
      .thenAmongOthers(['step.reopened', { step: 'approval', round: 2 }])
  })

  it('[U] ends a task that is due no more', () => {
    given(sales, placed({ total: 10_000 }))
      .when(amends(lines({ line: 1, unitPrice: '9999.99' })))
      .thenExactly(
        'order.amended',
        ['step.skipped', { step: 'approval', because: 'condition', values: { 'order.total': '9999.99 CNY' } }],
        ['step.entered', { step: 'payment' }],
        ['call.started', { input: { amountMinor: 999_999 } }],
        'step.entered',
        'call.started',
      )
  })

  it('[U] begins a step anew that had failed for what was amended', () => {
    given(sales, placed(), succeeds('payment'), fails('stock'))
      .when(amends(lines({ line: 2, quantity: 0 })))
      .thenAmongOthers('lines.cancelled', [
        'call.started',
        { key: 'main/SO-1/stock/2', input: { lines: [{ line: 1 }] } },
      ])
      .thenStatus('pending_stock')
  })

  it('[U] of what is only partly there: cut down to that, the order goes on', () => {
    given(sales, placed(), succeeds('payment'), succeeds('stock', { lines: [{ line: 1, sku: 'A', quantity: 2 }] }))
      .when(amends(lines({ line: 2, quantity: 0 })))
      .thenExactly(
        'order.amended',
        ['lines.cancelled', { lines: [{ line: 2, quantity: 1 }] }],
        ['step.completed', { step: 'stock', how: 'part' }],
        'step.entered',
        ['call.started', { step: 'shipment' }],
      )
  })

  it('[U] an undo that fails keeps the order in review, and then goes on', () => {
    unsent()
      .when(amends(lines({ line: 1, quantity: 1 })), undoFails('stock'))
      .thenStatus('manual_review')
      .when(does('he', 'retry', { step: 'stock' }), undoSucceeds('stock'))
      .thenAmongOthers('lines.cancelled', ['call.started', { key: 'main/SO-1/stock/2' }])
  })

  it('[U] what was kept although less is wanted becomes an exception', () => {
    const order = unsent()
    order.when(amends(lines({ line: 1, quantity: 1 })), undoFails('stock'))
    order.when(does('he', 'override', { step: 'stock', status: 'kept', evidence: 'seen', reason: 'sold as a pair' }))
    order
      .when(does('ling', 'confirm', { proposal: Object.keys(order.state.proposals ?? {})[0] }))
      .thenAmongOthers(['exception.raised', { kind: 'mismatch', evidence: { sku: 'A', quantity: 1 } }])
    assert.equal(order.state.lines[0]?.cancelled, 0)
  })

  it('[U] over a limit another person must confirm, whoever asks', () => {
    const order = given(sales, placed({ total: 20_000 }))
    order.when(amends(lines({ line: 1, unitPrice: '30000' }))).thenAmongOthers('proposal.made')
    const [proposal] = Object.keys(order.state.proposals ?? {})
    order.when(does('sun', 'confirm', { proposal })).thenRefused('not_permitted')
    order.when(does('ling', 'confirm', { proposal })).thenAmongOthers('proposal.confirmed', 'order.amended')
    order.when(amends(lines({ line: 1, unitPrice: '29999' }))).thenExactly('order.amended')
    order.when(does('wu', 'amend', { changes: { attributes: { a: 1 } } })).thenRefused('not_permitted')
  })

  it('[U] a prepaid order that becomes dearer waits for the rest, and one that becomes cheaper owes it', () => {
    const express = processNamed('express')
    const paid = () => given(express, placed(), reports('payment.received', { amountMinor: 1500 }), fails('stock'))
    const dearer = paid().when(amends(lines({ line: 1, unitPrice: '6' })))
    dearer.thenAmongOthers(['step.reopened', { step: 'payment', round: 1 }])
    dearer.when(reports('payment.received', { amountMinor: 200 }))
    assert.equal(dearer.state.steps.payment?.state, 'done')
    assert.equal(dearer.state.steps.payment?.did?.amountMinor, 1700)
    const cheaper = paid()
    cheaper
      .when(amends(lines({ line: 1, unitPrice: '4' })))
      .thenAmongOthers(['exception.raised', { kind: 'mismatch', evidence: { overpaidMinor: 200 } }])
    cheaper
      .when(amends(lines({ line: 1, unitPrice: '5' })))
      .thenAmongOthers(['exception.resolved', { outcome: 'fixed' }])
  })

  it('[U] a return gives back no more than it could', () => {
    const returned = {
      returnOf: {
        orderNo: 'SO-0',
        ceilings: [
          { sku: 'A', quantity: 2 },
          { sku: 'B', quantity: 1 },
        ],
        refundableMinor: 1500,
      },
    }
    const order = given(processNamed('return'), placed(returned))
    order.when(amends(lines({ line: 1, quantity: 3 }))).thenRefused('invalid', 'changes.lines')
    order.when(amends(lines({ line: 1, unitPrice: '6' }))).thenRefused('invalid', 'changes.lines')
    order.when(amends(lines({ line: 1, quantity: 1 }))).thenExactly('order.amended', 'lines.cancelled')
  })
})
