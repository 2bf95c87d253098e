import assert from 'node:assert/strict'
import { processNamed } from '../definitions.ts'
import { does, fails, given, placed, reports, succeeds, undoSucceeds } from '../specification.ts'

const ladder = '[{ after: 1d, remind: owner }, { after: 3d, fallback: review }]'
const paid = `
flow: none
on: { payment.received: review, stock.short: review, supplier.delayed: ignore, customer.cancelled: cancel, payment.refused: record, goods.received: ignore }
steps:
  - { id: look, kind: task, status: pending_approval, owner: role:finance, ladder: ${ladder} }
  - { id: paid, kind: wait, status: pending_payment, fact: payment.received, undo: payment.refund, owner: role:finance, ladder: ${ladder} }
  - { id: matched, kind: wait, status: pending_payment, fact: invoice.matched, owner: role:finance, ladder: ${ladder}, on: { stock.short: cancel } }
`
const waiting = () => given(paid, placed(), does('fang', 'approve'))

describe('a fact', () => {
  it('[U] does what the process says of it', () => {
    given(paid, placed())
      .when(reports('payment.refused'))
      .thenExactly(['fact.received', { handling: 'recorded' }])
    given(paid, placed())
      .when(reports('supplier.delayed'))
      .thenExactly(['fact.received', { handling: 'ignored' }])
    given(paid, placed())
      .when(reports('stock.short'))
      .thenAmongOthers(
        ['fact.received', { handling: 'review' }],
        ['review.opened', { code: 'stock.short', scope: 'order' }],
      )
    given(paid, placed())
      .when(reports('customer.cancelled'))
      .thenAmongOthers(['fact.received', { handling: 'cancel' }], 'compensation.started', 'order.closed')
    given(paid, placed())
      .when(reports('weather.bad'))
      .thenExactly(['fact.received', { handling: 'recorded' }])
  })

  it('[U] does first what a step under way says of it', () => {
    const order = waiting().when(reports('payment.received'))
    order.thenAmongOthers(['step.entered', { step: 'matched' }])
    order
      .when(reports('stock.short'))
      .thenAmongOthers(['fact.received', { handling: 'cancel' }], 'compensation.started')
  })

  it('[U] that comes twice changes nothing; the same id from elsewhere is another one', () => {
    const order = waiting().when(reports('payment.received', { id: '1', amountMinor: 500 }))
    order.thenExactly(['fact.received', { handling: 'taken' }])
    order.when(reports('payment.received', { id: '1', amountMinor: 500 })).thenExactly()
    order.when(reports('payment.received', { id: '1', source: 'bank', amountMinor: 500 })).thenExactly('fact.received')
    assert.equal(order.state.money.capturedMinor, 1000)
  })

  it('[U] completes its step when it has reported all of it', () => {
    waiting()
      .when(reports('payment.received', { amountMinor: 400 }))
      .thenExactly(['fact.received', { handling: 'taken', effect: { effect: 'pay', amountMinor: 400 } }])
      .when(reports('payment.received', { amountMinor: 1100 }))
      .thenAmongOthers('fact.received', ['step.completed', { step: 'paid', how: 'fact' }])
  })

  it('[U] that says nothing more means all that is outstanding', () => {
    waiting()
      .when(reports('payment.received', { amountMinor: 400 }), reports('payment.received'))
      .thenAmongOthers(['fact.received', { effect: { amountMinor: 1100 } }], 'step.completed')
  })

  it('[U] for a step that is not there yet waits for it', () => {
    given(paid, placed())
      .when(reports('payment.received', { amountMinor: 400 }), reports('invoice.matched'))
      .thenExactly(['fact.received', { handling: 'early' }], ['fact.received', { handling: 'early' }])
      .when(does('fang', 'approve'))
      .thenExactly(
        'step.completed',
        ['step.entered', { step: 'paid' }],
        ['fact.applied', { effect: { effect: 'pay', amountMinor: 400 } }],
      )
      .when(reports('payment.received'))
      .thenAmongOthers(
        ['step.completed', { step: 'paid' }],
        ['fact.applied', { step: 'matched' }],
        ['step.completed', { step: 'matched' }],
        'order.closed',
      )
  })

  it('[U] for a step that is then passed over is booked all the same', () => {
    const conditional = paid.replace(
      'fact: payment.received,',
      'fact: payment.received, when: order.attributes.prepaid == true,',
    )
    const order = given(
      conditional,
      placed({ attributes: { prepaid: false } }),
      reports('payment.received', { amountMinor: 400 }),
    )
    order
      .when(does('fang', 'approve'))
      .thenAmongOthers('step.skipped', ['fact.applied', { step: 'paid', effect: { amountMinor: 400 } }])
    order
      .when(does('he', 'cancel'))
      .thenAmongOthers(['call.started', { kind: 'undo', operation: 'payment.refund', input: { amountMinor: 400 } }])
  })

  it('[U] that came before its step is taken back when the order is cancelled', () => {
    given(paid, placed(), reports('payment.received', { amountMinor: 400 }))
      .when(does('he', 'cancel'))
      .thenExactly(
        'compensation.started',
        ['fact.applied', { effect: { effect: 'pay', amountMinor: 400 } }],
        'step.withdrawn',
        [
          'call.started',
          {
            operation: 'payment.refund',
            key: 'main/SO-1/paid/1',
            input: { amountMinor: 400, attributes: { standalone: true } },
          },
        ],
      )
      .when(undoSucceeds('paid'))
      .thenAmongOthers(['order.closed', { status: 'cancelled' }])
  })

  it('[U] of more money than was asked is booked, and becomes an exception', () => {
    const order = waiting().when(reports('payment.received', { amountMinor: 2000 }))
    order.thenAmongOthers(
      ['fact.received', { handling: 'taken', effect: { amountMinor: 2000 } }],
      [
        'exception.raised',
        {
          kind: 'mismatch',
          step: 'paid',
          owner: 'role:finance',
          evidence: { problem: '500 minor units more than the order costs' },
        },
      ],
      'step.completed',
    )
    order.when(reports('payment.received', { amountMinor: 100 }))
    order.thenExactly(['fact.received', { handling: 'recorded' }], ['exception.raised', { exception: 'x1' }])
    assert.equal(order.state.exceptions.x1?.count, 2)
    order.when(does('he', 'cancel')).thenAmongOthers(['call.started', { kind: 'undo', input: { amountMinor: 2100 } }])
  })

  it('[U] of money that no step waits for is not booked: a person must look', () => {
    given(
      'flow: none\nsteps:\n  - { id: a, kind: call, status: pending_stock, do: erp.a, undo: erp.b, owner: role:finance }\non: { payment.received: review }',
      placed(),
    )
      .when(reports('payment.received', { amountMinor: 100 }))
      .thenAmongOthers(
        ['fact.received', { handling: 'contradicts' }],
        ['exception.raised', { kind: 'mismatch', owner: 'zhao' }],
        ['review.opened', { scope: 'order' }],
      )
  })

  it('[U] that cannot be true is kept, and becomes an exception with an owner', () => {
    const sales = processNamed('sales')
    const sent = () =>
      given(sales, placed(), succeeds('payment'), succeeds('stock'), succeeds('shipment', { reference: 'P1' }))
    const contradicts = (problem: string) =>
      [
        ['fact.received', { handling: 'contradicts' }],
        ['exception.raised', { kind: 'mismatch', evidence: { problem } }],
      ] as const
    sent()
      .when(reports('shipment.delivered', { parcel: 'P9' }))
      .thenExactly(...contradicts(`parcel "P9" is not one of this order's`))
    sent()
      .when(reports('shipment.delivered', { lines: [{ sku: 'A', quantity: 3 }] }))
      .thenExactly(...contradicts('3 of A reported, 2 outstanding'))
    sent()
      .when(reports('shipment.delivered', { parcel: 'P1', lines: [{ sku: 'A', quantity: 1 }] }))
      .thenExactly(...contradicts('parcel "P1" holds something else than was reported'))
    given(sales, placed())
      .when(reports('shipment.shipped'))
      .thenExactly(...contradicts('shipment.shipped is reported, but no call of this order has done it'))
    given(sales, placed(), succeeds('payment'), succeeds('stock'), fails('shipment'))
      .when(reports('shipment.shipped'))
      .thenExactly(...contradicts('shipment.shipped is reported, but no call of this order has done it'))
  })

  it('[U] that says once more what a call of the order has done moves nothing', () => {
    const sales = processNamed('sales')
    const order = given(sales, placed(), reports('stock.reserved'), succeeds('payment'))
    order
      .when(succeeds('stock'))
      .thenAmongOthers(['call.succeeded', { effect: { lines: [{ quantity: 2 }, { quantity: 1 }] } }])
    order.when(reports('stock.reserved'), reports('shipment.shipped')).thenExactly('fact.received', 'fact.received')
    order.when(succeeds('shipment')).thenAmongOthers('step.completed')
    assert.deepEqual(
      order.state.lines.map(({ reserved, shipped }) => [reserved, shipped]),
      [
        [2, 2],
        [1, 1],
      ],
    )
  })

  it('[U] that comes after the order has closed is refused, so that it is not lost in it; a known one changes nothing', () => {
    const order = given(paid, placed(), reports('payment.received', { id: '1' }), does('fang', 'approve'))
    order.when(reports('invoice.matched')).thenAmongOthers(['order.closed', { status: 'completed' }])
    order.when(reports('payment.received', { id: '2' })).thenRefused('closed')
    order.when(reports('payment.received', { id: '1' })).thenExactly()
  })

  it('[U] says when it happened, which is evidence only', () => {
    const order = waiting().when(reports('payment.received', { claimedAt: '2020-01-01T00:00:00.000Z' }))
    order.thenAmongOthers(['fact.received', { fact: { claimedAt: '2020-01-01T00:00:00.000Z' } }])
    assert.equal(order.journal.at(-1)?.at, order.at)
  })
})
