import assert from 'node:assert/strict'
import { processNamed } from '../definitions.ts'
import { does, fails, given, passes, placed, reports, succeeds, undoFails, undoSucceeds } from '../specification.ts'

const ladder = '[{ after: 1d, remind: owner }, { after: 3d, fallback: review }]'
const process = `
steps:
  - { id: look, kind: task, status: pending_approval, owner: role:order-desk, ladder: ${ladder} }
  - { id: pay, kind: call, status: pending_payment, after: [look], do: payment.authorise, undo: payment.void, owner: role:finance }
  - { id: stock, kind: call, status: pending_stock, after: [look], do: inventory.reserve, undo: inventory.release, owner: role:warehouse }
  - { id: pack, kind: task, status: pending_shipment, after: [pay, stock], owner: role:warehouse, ladder: ${ladder} }
`
const packing = () => given(process, placed(), does('he', 'approve'), succeeds('pay'), succeeds('stock'))

describe('sending back', () => {
  it('[U] undoes what lay between in reverse order of start, then begins a new round', () => {
    packing()
      .when(does('wu', 'send_back', { to: 'look' }))
      .thenExactly(
        ['compensation.started', { goal: { kind: 'rewind', to: 'look' }, steps: ['look', 'pay', 'stock', 'pack'] }],
        ['step.withdrawn', { step: 'pack' }],
        ['call.started', { step: 'stock', kind: 'undo', key: 'main/SO-1/stock/1' }],
      )
      .thenStatus('compensating')
      .when(undoSucceeds('stock'))
      .thenExactly(
        ['call.succeeded', { step: 'stock', kind: 'undo', effect: { effect: 'release' } }],
        ['call.started', { step: 'pay', kind: 'undo', key: 'main/SO-1/pay/1' }],
      )
      .when(undoSucceeds('pay'))
      .thenExactly(
        'call.succeeded',
        ['step.reset', { step: 'look', round: 2 }],
        ['step.reset', { step: 'pay', round: 2 }],
        ['step.reset', { step: 'stock', round: 2 }],
        ['step.reset', { step: 'pack', round: 2 }],
        'compensation.ended',
        ['step.entered', { step: 'look', round: 2 }],
        'notice.requested',
      )
      .when(does('he', 'approve'))
      .thenAmongOthers(
        ['call.started', { step: 'pay', kind: 'do', key: 'main/SO-1/pay/2', input: { amountMinor: 1500 } }],
        ['call.started', { step: 'stock', key: 'main/SO-1/stock/2' }],
      )
  })

  it('[U] to a step in the middle leaves what is beside and before it alone', () => {
    packing()
      .when(does('wu', 'send_back', { to: 'stock' }), undoSucceeds('stock'))
      .thenAmongOthers(['step.reset', { step: 'stock', round: 2 }], ['call.started', { key: 'main/SO-1/stock/2' }])
      .thenStatus('pending_stock')
  })

  it('[U] begins no new round before the undo is confirmed', () => {
    packing()
      .when(does('wu', 'send_back', { to: 'stock' }), undoFails('stock'))
      .thenExactly(
        'compensation.started',
        'step.withdrawn',
        'call.started',
        ['call.failed', { kind: 'undo' }],
        ['exception.raised', { kind: 'failed', step: 'stock' }],
        ['review.opened', { code: 'undo_failed', step: 'stock' }],
        'notice.requested',
      )
      .thenStatus('manual_review')
      .when(does('he', 'retry'))
      .thenExactly(
        'review.closed',
        ['step.retried', { what: 'undo', round: 1 }],
        ['call.started', { kind: 'undo', round: 1 }],
      )
      .when(undoSucceeds('stock'))
      .thenAmongOthers(['exception.resolved', { outcome: 'fixed' }], ['step.reset', { step: 'stock', round: 2 }])
  })

  it('[U] waits for calls under way: a success that comes late is undone, too', () => {
    given(process, placed(), does('he', 'approve'), fails('stock'))
      .when(does('he', 'send_back', { to: 'look', step: 'stock' }))
      .thenExactly(
        'compensation.started',
        ['call.cancelling', { step: 'pay', because: 'withdrawn' }],
        ['step.withdrawn', { step: 'pay' }],
        ['step.withdrawn', { step: 'stock' }],
        'exception.resolved',
        ['review.closed', { because: 'rewind' }],
      )
      .when(passes('1m'), succeeds('pay'))
      .thenExactly(['call.succeeded', { late: true }], ['call.started', { step: 'pay', kind: 'undo' }])
      .when(undoSucceeds('pay'))
      .thenAmongOthers(['step.reset', { step: 'pay', round: 2 }], ['step.entered', { step: 'look', round: 2 }])
  })

  it('[U] only goes to what comes before, and past nothing that cannot be undone', () => {
    packing()
      .when(does('wu', 'send_back', { step: 'pack', to: 'pack' }))
      .thenAmongOthers('step.reset')
    given(process, placed())
      .when(does('he', 'send_back', { to: 'stock' }))
      .thenRefused('not_applicable')
    const sealed = process.replace('do: payment.authorise, undo: payment.void', 'do: erp.seal, irreversible: true')
    given(sealed, placed(), does('he', 'approve'), succeeds('pay'), succeeds('stock'))
      .when(does('wu', 'send_back', { to: 'look' }))
      .thenRefused('not_applicable', 'to')
      .when(does('wu', 'send_back', { to: 'stock' }))
      .thenAmongOthers(['compensation.started', { steps: ['stock', 'pack'] }])
  })

  it('[U] does not begin while it is not known whether something irreversible was done', () => {
    const sealed = process.replace('do: payment.authorise, undo: payment.void', 'do: erp.seal, irreversible: true')
    given(sealed, placed(), does('he', 'approve'), fails('stock'))
      .when(does('he', 'send_back', { to: 'look', step: 'stock' }))
      .thenRefused('not_applicable', 'to')
  })

  it('[U] is taken over by a cancellation', () => {
    packing()
      .when(does('wu', 'send_back', { to: 'look' }), reports('customer.cancelled'), does('he', 'cancel'))
      .thenAmongOthers(['compensation.started', { goal: { kind: 'close', status: 'cancelled' } }])
      .when(undoSucceeds('stock'), undoSucceeds('pay'))
      .thenAmongOthers(['order.closed', { status: 'cancelled' }])
  })

  it('[U] past a capture authorises anew, so that the second round is paid too', () => {
    const paid = `
flow: none
steps:
  - { id: pay, kind: call, status: pending_payment, after: [], do: payment.authorise, undo: payment.void, owner: role:finance }
  - { id: stock, kind: call, status: pending_stock, after: [], do: inventory.reserve, undo: inventory.release, owner: role:warehouse }
  - { id: take, kind: call, status: in_transit, after: [pay, stock], do: payment.capture, undo: payment.refund, owner: role:finance }
  - { id: pack, kind: task, status: in_transit, after: [take], owner: role:warehouse, ladder: ${ladder} }
`
    const order = given(paid, placed(), succeeds('pay'), succeeds('stock'), succeeds('take'))
    order
      .when(does('he', 'send_back', { to: 'stock' }))
      .thenAmongOthers(['compensation.started', { steps: ['pay', 'stock', 'take', 'pack'] }])
      .when(undoSucceeds('take'), undoSucceeds('stock'), undoSucceeds('pay'))
      .thenAmongOthers(['call.started', { key: 'main/SO-1/pay/2', input: { amountMinor: 1500 } }])
      .when(succeeds('pay'), succeeds('stock'))
      .thenAmongOthers(['call.started', { key: 'main/SO-1/take/2', input: { amountMinor: 1500 } }])
    order.when(succeeds('take'))
    assert.deepEqual(order.state.money, { authorisedMinor: 3000, capturedMinor: 3000, refundedMinor: 1500 })
  })

  it('[U] past a capture that is still under way authorises anew, too, for it may come off', () => {
    const paid = `
flow: none
steps:
  - { id: pay, kind: call, status: pending_payment, do: payment.authorise, undo: payment.void, owner: role:finance }
  - { id: take, kind: call, status: in_transit, do: payment.capture, undo: payment.refund, owner: role:finance }
`
    const order = given(paid, placed(), succeeds('pay'), does('he', 'send_back', { to: 'take' }))
    order
      .when(succeeds('take'), undoSucceeds('take'), undoSucceeds('pay'), succeeds('pay'))
      .thenAmongOthers(['call.started', { key: 'main/SO-1/take/2', input: { amountMinor: 1500 } }])
  })

  it('[U] a part is asked for anew also where what came after it cannot be undone: the step alone is taken back', () => {
    const order = given(
      processNamed('sales'),
      placed(),
      succeeds('payment'),
      succeeds('stock'),
      succeeds('shipment'),
      does('he', 'send_back', { step: 'capture', to: 'capture' }),
      fails('capture'),
      undoSucceeds('payment'),
      succeeds('payment', { amountMinor: 750 }),
      reports('shipment.delivered'),
    )
    assert.deepEqual([order.state.steps.payment?.state, order.state.steps.signing?.state], ['failed', 'done'])
    order.when(does('he', 'retry', { step: 'payment' }))
    order.thenAmongOthers(
      ['review.closed', { because: 'rewind' }],
      ['call.started', { step: 'payment', kind: 'undo', round: 2 }],
    )
    order.when(undoSucceeds('payment')).thenAmongOthers(['call.started', { step: 'payment', kind: 'do', round: 3 }])
    order.when(succeeds('payment'), succeeds('capture')).thenAmongOthers(['order.closed', { status: 'completed' }])
  })
})
