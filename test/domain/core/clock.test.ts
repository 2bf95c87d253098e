import assert from 'node:assert/strict'
import { pending } from '../../../domain/core/pending.ts'
import { processNamed } from '../definitions.ts'
import { clock, deadline, deadlines, does, given, nobodyTold, passes, placed, reports, told } from '../specification.ts'

const sales = processNamed('sales')
const always = (fallback: string) => `
flow: none
steps:
  - id: look
    kind: task
    status: pending_payment
    owner: role:finance
    ladder: [{ after: 2h, remind: owner }, { after: 6h, escalate: manager, every: 4h }, { after: 2d, fallback: ${fallback} }]
`

describe('the clock', () => {
  it('[U] counts the working time of the calendar: an evening, a weekend and a holiday do not count', () => {
    const order = given(sales, placed({ total: 10_000 }), told())
    assert.equal(pending(sales, order.state).deadline, '2026-03-02T03:00:00.000Z')
    order.when(deadlines(1), told(), deadline)
    assert.equal(order.at, '2026-03-02T06:00:00.000Z')
    order.when(told(), deadline).thenAmongOthers(['rung.fired', { action: 'transfer' }])
    assert.equal(order.at, '2026-03-02T10:00:00.000Z', 'when the office closes')
    order.when(told('ling'), deadline).thenAmongOthers(['rung.fired', { fallback: 'cancel' }])
    assert.equal(order.at, '2026-03-04T10:00:00.000Z', 'eight hours a day, two days later')
  })

  it('[U] that is late fires one rung at a time, and the next counts from when this one really fired', () => {
    const order = given(always('cancel'), placed(), told()).when(passes('20h'), clock)
    order.thenExactly(['rung.fired', { rung: 0, clock: { dueAt: '2026-03-03T01:00:00.000Z' } }], 'notice.requested')
    order.when(clock).thenExactly()
    order.when(told(), deadline).thenAmongOthers(['rung.fired', { rung: 1 }])
    assert.equal(order.at, '2026-03-03T01:00:00.000Z')
  })

  it('[U] fires nothing before the notice of the rung before it has been tried', () => {
    const order = given(always('cancel'), placed()).when(passes('9h'), clock)
    order.thenExactly()
    assert.equal(pending(order.definition, order.state).deadline, null)
    order.when(nobodyTold).thenExactly('notice.failed', 'notice.requested').when(clock).thenExactly()
    order
      .when(nobodyTold)
      .thenExactly('notice.failed', 'exception.raised', ['notice.requested', { target: 'last-resort' }])
    order.when(nobodyTold, clock).thenAmongOthers('exception.raised', ['rung.fired', { rung: 0 }])
  })

  it('[U] makes one repeat of all that it missed, with their count', () => {
    const order = given(always('cancel'), placed(), deadlines(2), told()).when(passes('13h'), clock)
    order.thenExactly(['rung.fired', { rung: 1, repeat: 1, missed: 2 }], 'exception.raised', 'notice.requested')
    order.when(deadlines(1)).thenAmongOthers(['rung.fired', { rung: 1, repeat: 2 }])
  })

  it('[U] fires the next rung instead of a late repeat of the one before, and one rung alone', () => {
    const twoRungs = always('cancel').replace('remind: owner', 'remind: owner, every: 1h')
    const order = given(twoRungs, placed(), deadlines(2), told()).when(passes('5h'), clock)
    order.thenExactly(['rung.fired', { rung: 1, action: 'escalate', repeat: 0, missed: 5 }], 'exception.raised', [
      'notice.requested',
      { target: 'manager' },
    ])
    order.when(told(), clock).thenExactly('notice.delivered')
  })

  it('[U] cancels nothing because it was away for a weekend: who should act is told, and gets the time once more', () => {
    for (const fallback of ['cancel', 'continue']) {
      const order = given(always(fallback), placed(), deadlines(10), told()).when(passes('60h'), clock)
      order.thenExactly(
        ['clock.postponed', { clock: { since: '2026-03-06T03:00:00.000Z', usedMs: 0, next: 'repeat' } }],
        ['notice.requested', { target: 'role:finance', about: 'remind' }],
      )
      assert.equal(order.by('clock.postponed'), 'clock')
      order.when(deadlines(11)).thenAmongOthers(['rung.fired', { fallback }])
      assert.equal(order.at, '2026-03-07T21:00:00.000Z')
    }
  })

  it('[U] cancels nothing because it was away for less than an hour either', () => {
    const away = given(always('cancel'), placed(), deadlines(12), told()).when(passes('2h'), passes('50m'), clock)
    away.thenExactly('clock.postponed', 'notice.requested')
    given(always('cancel'), placed(), deadlines(12), told())
      .when(passes('2h'), passes('1m'), clock)
      .thenAmongOthers(['rung.fired', { fallback: 'cancel' }])
  })

  it('[U] counts the time until a fallback from when the notice before it has really been tried', () => {
    const told22h = always('cancel').replace(', { after: 6h, escalate: manager, every: 4h }', '')
    const order = given(told22h, placed(), deadlines(1)).when(passes('46h'), told())
    order.thenExactly('notice.delivered', ['clock.postponed', { clock: { since: '2026-03-04T01:00:00.000Z' } }])
    order.when(deadline).thenAmongOthers(['rung.fired', { fallback: 'cancel' }])
    assert.equal(order.at, '2026-03-05T23:00:00.000Z')
    const failing = given(told22h, placed(), deadlines(1)).when(passes('1h'), nobodyTold)
    failing.thenExactly('notice.failed', 'clock.postponed', 'notice.requested')
    given(told22h, placed(), deadlines(1)).when(passes('1m'), told()).thenExactly('notice.delivered')
  })

  it('[U] asks a person at once, however late it is', () => {
    given(always('review'), placed(), deadlines(10), told(), passes('60h'))
      .when(clock)
      .thenAmongOthers(['rung.fired', { fallback: 'review' }], 'review.opened')
  })

  it('[U] fires what is due of each ladder, and leaves a closed order alone', () => {
    const two = `
flow: none
steps:
  - { id: a, kind: task, status: pending_payment, after: [], owner: role:finance, ladder: [{ after: 1h, remind: owner }, { after: 1d, fallback: cancel }] }
  - { id: b, kind: task, status: pending_payment, after: [], owner: role:finance, ladder: [{ after: 1h, remind: owner }, { after: 1d, fallback: review }] }
`
    const order = given(two, placed(), told()).when(passes('61m'), clock)
    order.thenExactly(
      ['rung.fired', { subject: 'step:a' }],
      'notice.requested',
      ['rung.fired', { subject: 'step:b' }],
      'notice.requested',
    )
    order.when(told(), does('he', 'cancel'), passes('9d'), clock).thenAmongOthers('order.closed')
    order.when(clock).thenExactly()
    const nothing = { calls: [], notices: [], deadline: null, begin: [], messages: [], closed: true }
    assert.deepEqual(pending(order.definition, order.state), nothing)
  })
})

describe('telling people', () => {
  it('[U] who is to be told and cannot be found is replaced by the process owner, and that one by the last resort', () => {
    given(always('cancel'), placed())
      .when(nobodyTold)
      .thenExactly(
        ['notice.failed', { reason: 'no_answer' }],
        ['notice.requested', { target: 'zhao', about: 'undelivered', subject: 'step:look' }],
      )
      .when(nobodyTold)
      .thenExactly(
        'notice.failed',
        ['exception.raised', { kind: 'undelivered', step: 'look', owner: 'zhao' }],
        ['notice.requested', { target: 'last-resort', about: 'last-resort', subject: 'step:look' }],
      )
      .when(nobodyTold)
      .thenExactly('notice.failed', ['exception.raised', { kind: 'undelivered', evidence: { target: 'last-resort' } }])
  })

  it('[U] a notice that was delivered to nobody was not delivered', () => {
    const order = given(always('cancel'), placed())
    const outcome = { ok: true, persons: [], channel: 'inbox' } as const
    order
      .when(it => it.take({ type: 'notice', at: it.at, notice: 'n1', outcome }))
      .thenExactly('notice.failed', 'notice.requested')
  })

  it('[U] a transfer that finds nobody gives the step to the process owner', () => {
    const transferring = always('cancel').replace('remind: owner', 'transfer: manager')
    given(transferring, placed(), deadlines(1))
      .when(nobodyTold)
      .thenExactly(
        'notice.failed',
        ['step.transferred', { from: 'role:finance', to: 'zhao' }],
        ['notice.requested', { target: 'zhao' }],
      )
  })

  it('[U] a notice that is answered twice, or of a closed order, changes nothing', () => {
    const order = given(always('cancel'), placed(), told())
    const late = { type: 'notice', at: order.at, notice: 'n1', outcome: { ok: false, reason: 'late' } } as const
    order.when(it => it.take(late)).thenExactly()
  })

  it('[U] a person who is given a step keeps it under the same ladder', () => {
    given(always('cancel'), placed(), told())
      .when(does('he', 'transfer', { to: 'role:warehouse', reason: 'on leave' }))
      .thenExactly(
        ['step.transferred', { to: 'role:warehouse' }],
        ['notice.requested', { target: 'role:warehouse', about: 'entered' }],
      )
      .when(told('wu'))
      .when(does('fang', 'approve'))
      .thenRefused('not_permitted')
      .when(deadline)
      .thenExactly(['rung.fired', { rung: 0 }], ['notice.requested', { target: 'role:warehouse' }])
      .when(told(), does('wu', 'approve'))
      .thenAmongOthers('order.closed')
  })

  it('[U] a wait tells nobody when it begins: the outside world must act first', () => {
    given(`
flow: none
steps:
  - { id: wait, kind: wait, status: in_transit, fact: invoice.matched, owner: role:finance, ladder: [{ after: 5d, fallback: review }] }
`)
      .when(placed())
      .thenExactly('order.received', 'step.entered')
      .when(reports('invoice.matched'))
      .thenAmongOthers('order.closed')
  })
})
