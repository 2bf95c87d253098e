import assert from 'node:assert/strict'
import { deadline, deadlines, does, given, passes, placed, reports, succeeds, told } from '../specification.ts'

const ladder = '[{ after: 10h, remind: owner }, { after: 20h, fallback: cancel }]'
const holdsThen = (fallback: string) => `
flow: none
on: { customer.cancelled: cancel }
holds:
  customer: { owner: role:order-desk, blocks: { steps: all, commands: [approve] }, release: [role:order-desk], ladder: [{ after: 30h, fallback: ${fallback} }] }
  credit: { owner: role:finance, blocks: { steps: [pay] }, ladder: [{ after: 1d, remind: owner }, { after: 2d, fallback: release }] }
steps:
  - { id: post, kind: call, status: pending_stock, after: [], do: erp.post, undo: erp.reverse, owner: role:warehouse, retry: { giveUpAfter: 9d } }
  - { id: look, kind: task, status: pending_approval, after: [], owner: role:sales-supervisor, ladder: ${ladder} }
  - { id: pay, kind: task, status: pending_payment, after: [post], owner: role:finance, ladder: ${ladder} }
`
const held = (type: string, fallback = 'review') =>
  given(holdsThen(fallback), placed(), told(), passes('4h'), does('he', 'hold', { hold: type }))

describe('a hold', () => {
  it('[U] has a ladder and an owner of its own, who is told, and stops the clocks of what it blocks', () => {
    const order = given(holdsThen('review'), placed(), passes('4h')).when(
      does('he', 'hold', { hold: 'customer', reason: 'she asked' }),
    )
    order.thenExactly(
      [
        'hold.placed',
        { hold: '1', type: 'customer', owner: 'role:order-desk', clock: { dueAt: '2026-03-03T11:00:00.000Z' } },
      ],
      ['notice.requested', { subject: 'hold:1', about: 'hold', target: 'role:order-desk' }],
      ['clock.paused', { subject: 'step:look', clock: { usedMs: 4 * 3_600_000, dueAt: null, paused: true } }],
    )
    order.thenStatus('on_hold')
    assert.deepEqual(order.state.holds['1'], {
      type: 'customer',
      owner: 'role:order-desk',
      by: 'he',
      at: '2026-03-02T05:00:00.000Z',
      reason: 'she asked',
    })
  })

  it('[U] blocks the commands it names, and no others', () => {
    held('customer').when(does('ling', 'approve')).thenRefused('not_applicable')
    held('customer').when(does('ling', 'reject')).thenAmongOthers('step.rejected')
    held('credit').when(does('ling', 'approve')).thenExactly('step.completed')
  })

  it('[U] begins nothing new, while calls under way finish and facts are taken', () => {
    const order = held('customer').when(succeeds('post'))
    order.thenExactly('call.succeeded', ['step.completed', { step: 'post' }])
    order.when(reports('stock.short')).thenExactly(['fact.received', { handling: 'recorded' }])
    order
      .when(does('he', 'release'))
      .thenExactly('hold.released', ['step.entered', { step: 'pay' }], 'notice.requested', [
        'clock.resumed',
        { subject: 'step:look', clock: { dueAt: '2026-03-02T11:00:00.000Z' } },
      ])
  })

  it('[U] blocks only the steps it names', () => {
    held('credit').when(succeeds('post')).thenExactly('call.succeeded', 'step.completed').thenStatus('on_hold')
    const order = held('credit').when(does('ling', 'approve'))
    order.thenExactly('step.completed')
  })

  it('[U] gives back to a ladder what was left of it, however long it lasted', () => {
    held('customer')
      .when(told(), passes('20h'), does('he', 'release'))
      .thenAmongOthers([
        'clock.resumed',
        { subject: 'step:look', clock: { usedMs: 4 * 3_600_000, dueAt: '2026-03-03T07:00:00.000Z' } },
      ])
      .when(deadline)
      .thenExactly(['rung.fired', { subject: 'step:look', rung: 0 }], 'notice.requested')
  })

  it('[U] gives back what was left of it in working time, over a week of holidays too', () => {
    const office = holdsThen('review').replace('\nflow', '\ncalendar: cn-office\nflow')
    // Monday 28 September, 9:00, until 13:00; then held for a week, into the holidays.
    const order = given(
      office,
      order => (order.at = '2026-09-28T01:00:00.000Z'),
      placed(),
      told(),
      succeeds('post'),
      passes('4h'),
      does('he', 'hold', { hold: 'customer' }),
    )
    assert.equal(order.state.clocks['step:look']?.usedMs, 3 * 3_600_000, 'the break at noon is no work')
    order.when(told(), passes('7d'), does('he', 'release'))
    // Monday 5 October, 13:00: seven hours are left, and Thursday the 8th is the next day worked.
    order.thenAmongOthers(['clock.resumed', { subject: 'step:look', clock: { dueAt: '2026-10-08T09:00:00.000Z' } }])
    order.when(told(), deadline).thenAmongOthers(['rung.fired', { subject: 'step:look', rung: 0 }])
    assert.equal(order.at, '2026-10-08T09:00:00.000Z')
  })

  it('[U] has a clock that goes on until it becomes a review of the whole order', () => {
    held('customer')
      .when(deadlines(1))
      .thenExactly(
        'notice.delivered',
        ['rung.fired', { subject: 'hold:1', fallback: 'review', clock: null }],
        'hold.released',
        ['review.opened', { code: 'hold_expired', scope: 'order' }],
        'notice.requested',
      )
      .thenStatus('manual_review')
  })

  it('[U] has a clock that goes on until it cancels the order', () => {
    held('customer', 'cancel')
      .when(deadlines(1))
      .thenAmongOthers('hold.released', ['compensation.started', { goal: { kind: 'close' } }])
  })

  it('[U] has a clock that goes on until it lets the order go', () => {
    held('credit')
      .when(deadlines(2))
      .thenAmongOthers(['rung.fired', { action: 'remind' }])
    const order = given(holdsThen('release'), placed(), told(), does('he', 'hold', { hold: 'customer' }))
    order.when(deadlines(1)).thenAmongOthers('hold.released', 'clock.resumed')
    order.thenStatus('pending_stock')
  })

  it('[U] of one type is placed once, and others beside it', () => {
    const order = held('customer')
      .when(does('he', 'hold', { hold: 'customer' }))
      .thenRefused('not_applicable')
    order.when(does('fang', 'hold', { hold: 'credit' })).thenExactly('hold.placed', 'notice.requested')
    order.when(does('he', 'release')).thenRefused('invalid', 'hold')
    order.when(does('fang', 'release', { hold: 'customer' })).thenRefused('not_permitted')
    order.when(does('he', 'release', { hold: 'customer' })).thenExactly('hold.released', 'clock.resumed')
    order.thenStatus('on_hold')
  })

  it('[U] is not placed on an order that is being cancelled', () => {
    given(holdsThen('review'), placed(), does('he', 'cancel'))
      .when(does('he', 'hold', { hold: 'customer' }))
      .thenRefused('not_applicable')
  })

  it('[U] keeps an order open although every step is done', () => {
    const order = given(
      holdsThen('review'),
      placed(),
      succeeds('post'),
      does('ling', 'approve', { step: 'look' }),
      does('fang', 'hold', { hold: 'credit' }),
    )
    order.when(does('ling', 'approve')).thenExactly(['step.completed', { step: 'pay' }])
    order.when(does('fang', 'release')).thenExactly('hold.released', ['order.closed', { status: 'completed' }])
  })

  it('[U] does not keep an order from being cancelled, and ends with it', () => {
    held('customer')
      .when(reports('customer.cancelled'))
      .thenAmongOthers('compensation.started')
      .thenStatus('compensating')
    const order = held('customer', 'cancel').when(does('he', 'cancel'), told(), deadlines(1))
    order.thenAmongOthers('hold.released')
    assert.equal(order.journal.filter(event => event.type === 'compensation.started').length, 1)
  })
})
