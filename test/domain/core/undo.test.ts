import assert from 'node:assert/strict'
import {
  clock,
  deadlines,
  does,
  fails,
  given,
  passes,
  placed,
  reports,
  succeeds,
  temporalCancels,
  told,
  undoFails,
  undoSucceeds,
} from '../specification.ts'

const call = (id: string, after: string) =>
  `  - { id: ${id}, kind: call, status: pending_stock, after: [${after}], do: erp.${id}, undo: erp.un${id}, owner: role:warehouse, retry: { giveUpAfter: 1h } }`
const chain = `
steps:
${call('one', '')}
${call('two', 'one')}
${call('beside', '')}
${call('last', 'two, beside')}
`
const three = () => given(chain, placed(), succeeds('one'), succeeds('beside'), succeeds('two'))

describe('undo', () => {
  it('[U] takes nothing back while what stands on it may still come off', () => {
    three()
      .when(does('he', 'cancel'))
      .thenExactly('compensation.started', ['call.cancelling', { step: 'last' }], ['step.withdrawn', { step: 'last' }])
      .when(passes('1d'), clock)
      .thenExactly()
  })

  it('[U] runs in reverse order of start, one at a time, by the key of what it takes back', () => {
    three()
      .when(does('he', 'cancel'), fails('last'))
      .thenAmongOthers([
        'call.started',
        {
          step: 'two',
          kind: 'undo',
          operation: 'erp.untwo',
          key: 'main/SO-1/two/1',
          giveUpAt: '2026-03-02T02:00:00.000Z',
        },
      ])
      .when(undoSucceeds('two'))
      .thenExactly('call.succeeded', ['call.started', { step: 'beside', kind: 'undo' }])
      .when(undoSucceeds('beside'))
      .thenExactly('call.succeeded', ['call.started', { step: 'one', kind: 'undo' }])
      .when(undoSucceeds('one'))
      .thenExactly('call.succeeded', 'lines.cancelled', 'compensation.ended', ['order.closed', { status: 'cancelled' }])
  })

  it('[U] that fails goes to review, while what does not depend on it goes on', () => {
    const order = three().when(does('he', 'cancel', { reason: 'changed her mind' }), fails('last'), undoFails('two'))
    order.thenAmongOthers(
      ['exception.raised', { kind: 'failed', step: 'two', evidence: { operation: 'erp.untwo', code: 'refused' } }],
      ['review.opened', { code: 'undo_failed', step: 'two' }],
      ['call.started', { step: 'beside', kind: 'undo' }],
    )
    order.when(undoSucceeds('beside')).thenExactly('call.succeeded').thenStatus('manual_review')
    order
      .when(does('wu', 'retry'), undoSucceeds('two'))
      .thenExactly(
        'review.closed',
        ['step.retried', { step: 'two', what: 'undo' }],
        ['call.started', { step: 'two', kind: 'undo', key: 'main/SO-1/two/1' }],
        'call.succeeded',
        'exception.resolved',
        ['call.started', { step: 'one', kind: 'undo' }],
      )
  })

  it('[U] that has failed can be handed over', () => {
    three()
      .when(does('he', 'cancel'), fails('last'), undoFails('two'))
      .when(does('he', 'transfer', { step: 'two', to: 'luo', reason: 'on leave' }))
      .thenExactly(['review.transferred', { to: 'luo' }], ['notice.requested', { target: 'luo', about: 'review' }])
  })

  it('[U] is not held up by what an order that is being cancelled need not be asked about', () => {
    const asks = `${chain}on: { stock.short: review }\n`
    given(asks, placed(), succeeds('one'), does('he', 'cancel'), fails('beside'), fails('two'))
      .when(reports('stock.short'))
      .thenExactly(['fact.received', { handling: 'recorded' }])
      .when(undoSucceeds('one'))
      .thenAmongOthers(['order.closed', { status: 'cancelled' }])
  })

  it('[U] keeps a person told until it has come off', () => {
    const order = three().when(
      does('he', 'cancel'),
      fails('last'),
      undoSucceeds('two'),
      undoSucceeds('beside'),
      undoFails('one'),
    )
    order.when(deadlines(6)).thenAmongOthers(['notice.requested', { target: 'role:ops-manager', level: 1 }])
    order.thenStatus('manual_review')
  })

  it('[U] has an end: it is given up, others go on, and a success that comes late settles it', () => {
    const order = three().when(does('he', 'cancel'), fails('last'), passes('1h'), clock)
    order.thenAmongOthers(
      ['call.cancelling', { step: 'two', kind: 'undo', because: 'gave_up' }],
      ['review.opened', { code: 'undo_failed', step: 'two' }],
      ['call.started', { step: 'beside', kind: 'undo' }],
    )
    order
      .when(told(), undoSucceeds('two'))
      .thenAmongOthers(['call.succeeded', { step: 'two' }], ['review.closed', { because: 'undone' }])
    order.when(undoSucceeds('beside'), undoSucceeds('one')).thenAmongOthers(['order.closed', { status: 'cancelled' }])
  })

  it('[U] that takes back less than was done is not confirmed', () => {
    const process = `
flow: none
steps:
  - { id: pay, kind: call, status: pending_payment, do: payment.authorise, undo: payment.void, owner: role:finance }
  - { id: take, kind: call, status: pending_payment, do: payment.capture, undo: payment.refund, owner: role:finance }
  - { id: post, kind: call, status: pending_stock, do: erp.post, undo: erp.reverse, owner: role:warehouse }
`
    const order = given(process, placed(), succeeds('pay'), succeeds('take'), does('he', 'cancel'), fails('post'))
    order
      .when(undoSucceeds('take', { amountMinor: 500 }))
      .thenExactly(
        ['call.failed', { kind: 'undo', code: 'bad_result', certainty: 'unknown' }],
        'exception.raised',
        'review.opened',
        'notice.requested',
      )
    assert.equal(order.state.money.refundedMinor, 0)
    order
      .when(does('fang', 'retry'), undoSucceeds('take', { amountMinor: 1500 }))
      .thenAmongOthers(['call.started', { step: 'pay', kind: 'undo' }])
    order.when(undoSucceeds('pay')).thenAmongOthers(['order.closed', { status: 'cancelled' }])
    assert.deepEqual(order.state.money, { authorisedMinor: 1500, capturedMinor: 1500, refundedMinor: 1500 })
  })

  it('[U] follows a cancellation by Temporal, too', () => {
    const order = three().when(temporalCancels)
    order.thenExactly('compensation.started', 'call.cancelling', 'step.withdrawn')
    assert.equal(order.by('compensation.started'), 'temporal')
    order.when(temporalCancels).thenExactly()
  })

  it('[U] takes back money that came by a fact, also while the order is being undone', () => {
    const process = `
flow: none
steps:
  - { id: post, kind: call, status: pending_stock, after: [], do: erp.post, undo: erp.reverse, owner: role:warehouse }
  - { id: paid, kind: wait, status: pending_payment, after: [], fact: payment.received, undo: payment.refund, owner: role:finance, ladder: [{ after: 1d, fallback: review }] }
`
    const order = given(process, placed(), reports('payment.received', { amountMinor: 1000 })).when(
      does('he', 'cancel'),
    )
    order.thenAmongOthers([
      'call.started',
      { kind: 'undo', operation: 'payment.refund', key: 'main/SO-1/paid/1', input: { amountMinor: 1000 } },
    ])
    order.when(undoSucceeds('paid'), reports('payment.received', { amountMinor: 500 }))
    order.thenExactly(
      ['call.succeeded', { effect: { effect: 'refund', amountMinor: 1000 } }],
      ['step.reset', { step: 'paid', round: 2 }],
      ['fact.received', { handling: 'recorded', effect: { effect: 'pay', amountMinor: 500 } }],
      ['call.started', { kind: 'undo', key: 'main/SO-1/paid/2', input: { amountMinor: 500 } }],
    )
    order.when(undoSucceeds('paid'), fails('post')).thenAmongOthers('order.closed')
    assert.deepEqual(order.state.money, { authorisedMinor: 1500, capturedMinor: 1500, refundedMinor: 1500 })
  })
})
