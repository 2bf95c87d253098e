import assert from 'node:assert/strict'
import {
  clock,
  deadline,
  does,
  fails,
  given,
  mondayMorning,
  passes,
  placed,
  reports,
  succeeds,
  told,
  undoSucceeds,
} from '../specification.ts'

const paying = (onFailure: string, more = '') => `
flow: none
steps:
  - { id: pay, kind: call, status: pending_payment, do: payment.authorise, undo: payment.void, owner: role:finance, onFailure: ${onFailure}, retry: { giveUpAfter: 30m }, ${more} }
  - { id: post, kind: call, status: pending_stock, do: erp.post, undo: erp.reverse, owner: role:warehouse }
`

describe('a call', () => {
  it('[U] asks for the whole of what is outstanding under the key of its step and round, until its own deadline', () => {
    given(paying('review'))
      .when(placed())
      .thenExactly('order.received', 'step.entered', [
        'call.started',
        {
          key: 'main/SO-1/pay/1',
          giveUpAt: '2026-03-02T01:30:00.000Z',
          input: { amountMinor: 1500, currency: 'CNY', exponent: 2 },
        },
      ])
  })

  it('[U] that fails goes to review, and is retried under the same key', () => {
    given(paying('review'), placed())
      .when(fails('pay'))
      .thenExactly(
        ['call.failed', { certainty: 'not_done' }],
        ['step.failed', { code: 'declined' }],
        ['exception.raised', { kind: 'failed', step: 'pay' }],
        ['review.opened', { scope: 'step' }],
        ['notice.requested', { about: 'review' }],
      )
      .thenStatus('manual_review')
      .when(does('fang', 'retry'))
      .thenAmongOthers(['call.started', { key: 'main/SO-1/pay/1' }])
      .when(succeeds('pay'))
      .thenAmongOthers(['step.completed', { step: 'pay' }], ['exception.resolved', { outcome: 'fixed' }])
  })

  it('[U] that fails cancels the order, or is passed over, where its step says so', () => {
    given(paying('cancel'), placed())
      .when(fails('pay'))
      .thenAmongOthers('exception.raised', ['order.closed', { status: 'cancelled' }])
    given(paying('continue'), placed())
      .when(fails('pay'))
      .thenAmongOthers(['step.skipped', { because: 'failure' }], ['step.entered', { step: 'post' }])
  })

  it('[U] of which it is not known whether it came off is never passed over', () => {
    given(paying('continue'), placed()).when(fails('pay', 'unknown')).thenAmongOthers('review.opened')
    given(paying('continue'), placed()).when(deadline).thenAmongOthers('review.opened')
  })

  it('[U] has until its deadline, whichever wakes the order first: the clock', () => {
    given(paying('review'), placed())
      .when(passes('30m'), clock)
      .thenExactly(
        ['call.cancelling', { because: 'gave_up' }],
        ['step.failed', { code: 'gave_up' }],
        'exception.raised',
        'review.opened',
        'notice.requested',
      )
      .when(told(), passes('1m'), succeeds('pay'))
      .thenExactly('notice.delivered', [
        'call.succeeded',
        { late: true, effect: { effect: 'authorise', amountMinor: 1500 } },
      ])
  })

  it('[U] has until its deadline, whichever wakes the order first: its answer', () => {
    given(paying('review'), placed())
      .when(passes('30m'), succeeds('pay'))
      .thenExactly(
        ['call.cancelling', { because: 'gave_up' }],
        'step.failed',
        'exception.raised',
        'review.opened',
        'notice.requested',
        ['call.succeeded', { late: true }],
      )
  })

  it('[U] is not retried while it is not known what became of it', () => {
    given(paying('review'), placed(), passes('30m'), clock).when(does('fang', 'retry')).thenRefused('not_applicable')
  })

  it('[U] that came off late is accepted by a retry, or undone by a cancellation', () => {
    const late = () => given(paying('review'), placed(), passes('30m'), clock, succeeds('pay'))
    late()
      .when(does('fang', 'retry'))
      .thenExactly(
        ['step.retried', { what: 'accept' }],
        ['step.completed', { step: 'pay' }],
        'review.closed',
        'exception.resolved',
        ['step.entered', { step: 'post' }],
        'call.started',
      )
    late()
      .when(does('he', 'cancel'))
      .thenAmongOthers(['call.started', { kind: 'undo', operation: 'payment.void', input: { amountMinor: 1500 } }])
  })

  it('[U] whose outcome stays unknown is undone by its key', () => {
    given(paying('review'), placed(), fails('pay', 'unknown'))
      .when(does('he', 'cancel'))
      .thenAmongOthers(['call.started', { kind: 'undo', key: 'main/SO-1/pay/1', input: { amountMinor: 1500 } }])
      .when(undoSucceeds('pay'))
      .thenAmongOthers(['call.succeeded', { effect: { effect: 'none' } }], ['order.closed', { status: 'cancelled' }])
  })

  it('[U] asks the same under the same key, although less would do by now', () => {
    const twoWays = `
flow: none
on: { payment.received: review }
steps:
  - { id: pay, kind: call, status: pending_payment, after: [], do: payment.authorise, undo: payment.void, owner: role:finance }
  - { id: paid, kind: wait, status: pending_payment, after: [], fact: payment.received, undo: payment.refund, owner: role:finance, ladder: [{ after: 1d, fallback: review }] }
`
    given(twoWays, placed(), fails('pay', 'unknown'), reports('payment.received'))
      .when(does('fang', 'retry'))
      .thenAmongOthers(['call.started', { input: { amountMinor: 1500 } }])
  })

  it('[U] that does less, more or something else than it was asked goes to review', () => {
    given(paying('review'), placed())
      .when(succeeds('pay', { amountMinor: 900 }))
      .thenExactly(
        ['call.succeeded', { effect: { amountMinor: 900 } }],
        ['exception.raised', { kind: 'mismatch' }],
        ['step.failed', { code: 'bad_result' }],
        'exception.raised',
        'review.opened',
        'notice.requested',
      )
      .when(does('fang', 'retry'))
      .thenExactly('compensation.started', 'step.withdrawn', 'exception.resolved', 'review.closed', [
        'call.started',
        { kind: 'undo' },
      ])
      .when(undoSucceeds('pay'))
      .thenAmongOthers(['call.started', { key: 'main/SO-1/pay/2', input: { amountMinor: 1500 } }])
    const more = given(paying('review'), placed()).when(succeeds('pay', { amountMinor: 9000 }))
    more.thenAmongOthers(['call.succeeded', { effect: { amountMinor: 1500 } }], ['step.failed', { code: 'bad_result' }])
    more.when(does('fang', 'retry')).thenAmongOthers(['step.retried', { what: 'accept' }])
  })

  it('[U] that was given up while the clock was away cancels nothing', () => {
    given(paying('cancel'), placed()).when(passes('31m'), clock).thenAmongOthers('compensation.started')
    given(paying('cancel'), placed())
      .when(passes('60h'), clock)
      .thenAmongOthers(['review.opened', { code: 'gave_up' }])
  })

  it('[U] that nobody waits for any more changes nothing', () => {
    const order = given(paying('review'), placed(), succeeds('pay'))
    const call = { step: 'pay', round: 1, kind: 'do' } as const
    order.when(it => it.take({ type: 'result', at: mondayMorning, call, outcome: { ok: true, result: {} } }))
    order.thenExactly()
    assert.equal(order.state.money.authorisedMinor, 1500)
  })

  it('[U] that keeps the order open until its outcome is known', () => {
    given(paying('review'), placed())
      .when(does('he', 'cancel'))
      .thenExactly('compensation.started', ['call.cancelling', { because: 'withdrawn' }], 'step.withdrawn')
      .thenStatus('compensating')
      .when(passes('1d'), clock)
      .thenExactly()
      .when(fails('pay'))
      .thenExactly('call.failed', 'lines.cancelled', 'compensation.ended', 'order.closed')
  })
})
