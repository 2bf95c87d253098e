import assert from 'node:assert/strict'
import { type Why, why, withAttempts } from '../../../domain/view/why.ts'
import { type Driven, matrix, monday, sales, salesOrder } from './sales-order.ts'

const reason = (order: Driven, people: { id: string; roles: string[] }[] = []): Why =>
  why(sales, order.state(), { matrix, at: monday, people })
const whoCan = (answer: Why, type: string) => answer.can.find(command => command.type === type)?.by

describe('why an order is where it is', () => {
  it('[U] names whom it waits for, since when, and what the clock will do', () => {
    const order = salesOrder('20000.00')
    const answer = reason(order)
    assert.deepEqual(
      answer.waitingFor.map(({ what, step, whom, since }) => [what, step, whom, since]),
      [['decision', 'approval', 'role:sales-supervisor', monday]],
    )
    assert.equal(answer.since, monday)
    assert.deepEqual(answer.next, {
      at: '2026-03-02T04:00:00.000Z',
      subject: 'step:approval',
      step: 'approval',
      action: 'remind',
      target: 'owner',
      inMs: 7_200_000,
      inWorkingMs: 7_200_000,
      workingDayMs: 8 * 3_600_000,
    })
    assert.equal(
      answer.text,
      'Pending approval. Since 2026-03-02 02:00 UTC it waits for role:sales-supervisor to decide "Approval". ' +
        'If nothing happens, the clock reminds the owner at 2026-03-02 04:00 UTC (in 2h).',
    )
    assert.equal(
      answer.textZh,
      '待审核。自 2026-03-02 02:00 UTC 起等待 role:sales-supervisor 处理“审核”。若无人处理，系统将于 2026-03-02 04:00 UTC（2h 后）提醒负责人。',
    )
  })

  it('[U] gives the entry conditions with the values that they had', () => {
    const condition = { step: 'approval', when: 'atLeast(order.total, "10000.00 CNY")' }
    assert.deepEqual(reason(salesOrder('20000.00')).conditions, [
      { ...condition, met: true, values: { 'order.total': '20200.00 CNY' }, decidedAt: null },
    ])
    assert.deepEqual(reason(salesOrder()).conditions, [
      { ...condition, met: false, values: { 'order.total': '250.00 CNY' }, decidedAt: null },
    ])
    const order = salesOrder('20000.00')
    const since = { matrix, at: monday, people: [], journal: order.events }
    // As if its content were another one by now.
    const cheaper = { ...order.state(), order: { ...order.state().order, lines: [] } }
    assert.deepEqual(why(sales, cheaper, since).conditions, [
      { ...condition, met: true, values: { 'order.total': '20200.00 CNY' }, decidedAt: monday },
    ])
  })

  it('[U] says who can do what: roles, and persons whom no role of theirs allows it', () => {
    const order = salesOrder('20000.00')
    const people = [
      { id: 'sun', roles: ['sales'] },
      { id: 'wu', roles: ['warehouse'] },
    ]
    assert.deepEqual(whoCan(reason(order), 'approve'), [
      'role:sales-supervisor',
      'role:ops-manager',
      'role:process-owner',
    ])
    assert.equal(whoCan(reason(order, people), 'cancel')?.includes('sun'), false, 'she did not place it')
    order.command('mei', { type: 'transfer', to: 'wu', reason: 'on leave' })
    assert.ok(whoCan(reason(order, people), 'approve')?.includes('wu'))
    assert.ok(!whoCan(reason(order, people), 'approve')?.includes('role:sales-supervisor'))
  })

  it('[U] tells of calls under way, of those no longer wanted, and of what is undone', () => {
    const order = salesOrder()
    assert.deepEqual(
      reason(order).attempts.map(({ step, operation, since, giveUpAt, cancelling }) => [
        step,
        operation,
        since,
        giveUpAt,
        cancelling,
      ]),
      [
        ['payment', 'payment.authorise', monday, '2026-03-02T02:30:00.000Z', false],
        ['stock', 'inventory.reserve', monday, '2026-03-02T02:30:00.000Z', false],
      ],
    )
    order.succeed('payment')
    order.command('he', { type: 'cancel' })
    const answer = reason(order)
    assert.deepEqual(
      answer.waitingFor.map(({ what, about }) => [what, about]),
      [
        ['undo', 'payment.void'],
        ['outcome', 'inventory.reserve'],
      ],
    )
    assert.match(answer.text, /on behalf of he: it will be cancelled/)
    assert.match(answer.textZh, /撤销/)
  })

  it('[U] tells of a review, of a part that is missing and of a hold, what is due first in front', () => {
    const order = salesOrder()
    order.fail('payment')
    order.succeed('stock', { lines: [{ line: 1, sku: 'chair', quantity: 2 }] })
    order.command('he', { type: 'hold', hold: 'credit' })
    const answer = reason(order)
    assert.deepEqual(
      answer.waitingFor.map(({ what, about }) => [what, about]),
      [
        ['review', 'declined'],
        ['rest', 'inventory.reserve'],
        ['hold', 'credit'],
      ],
    )
    assert.match(answer.text, /must look into it \("Payment authorised"\): declined/)
    assert.match(answer.text, /on hold since .* \("Credit check"\)/)
    assert.equal(answer.next?.subject, 'review:1')
  })

  it('[U] tells what the outside world has yet to report', () => {
    const order = salesOrder()
    for (const step of ['payment', 'stock', 'shipment', 'capture']) order.succeed(step)
    const [signing] = reason(order).waitingFor
    assert.deepEqual([signing?.what, signing?.about, signing?.whom], ['fact', 'shipment.delivered', 'role:logistics'])
    assert.equal(reason(order).attempts.length, 0)
  })

  it('[U] says of a closed order that it waits for nothing', () => {
    const order = salesOrder('20000.00')
    order.command('mei', { type: 'reject' })
    const answer = reason(order)
    assert.deepEqual([answer.waitingFor, answer.next, answer.can, answer.since], [[], null, [], monday])
    assert.match(answer.text, /^Cancelled since 2026-03-02/)
  })

  it('[U] of one in review says what was expected, what was seen, and what each way out would mean', () => {
    const order = salesOrder()
    order.fail('stock')
    const answer = reason(order)
    const [review] = answer.reviews
    assert.deepEqual([review?.step, review?.code, review?.message], ['stock', 'declined', 'declined'])
    assert.deepEqual(
      [review?.expected, review?.seen, review?.since, review?.lastError],
      ['inventory.reserve succeeds', 'declined', monday, 'declined'],
    )
    assert.deepEqual(
      answer.exceptions.map(({ kind, step }) => [kind, step]),
      [['failed', 'stock']],
    )
    const meaning = (type: string) => answer.can.find(command => command.type === type)?.means?.en ?? ''
    assert.match(meaning('retry'), /tried again, under the same key/)
    assert.match(meaning('cancel'), /undone in reverse order/)
    assert.match(meaning('send_back'), /begins anew there/)
    assert.ok(answer.can.every(({ means }) => means !== undefined && means.zh.length > 0))
  })

  it('[U] says how long it is until the clock acts in working time, and that it is late where it should have', () => {
    const order = salesOrder('20000.00')
    const at = (time: string) => why(sales, order.state(), { matrix, at: time, people: [] })
    order.told()
    order.take({ type: 'clock' }, '2026-03-02T04:00:00.000Z')
    order.told()
    const friday = salesOrder('20000.00')
    assert.match(at('2026-03-02T03:30:00.000Z').text, /\(in 2h 30m of working time\)\.$/)
    assert.match(
      why(sales, friday.state(), { matrix, at: '2026-03-02T04:05:00.000Z', people: [] }).text,
      /it is late: the clock does not move/,
    )
  })

  it('[U] says how often a call was tried and what went wrong last', () => {
    const reasons = reason(salesOrder())
    const [call] = reasons.attempts
    const tried = withAttempts(reasons, [{ ...call!, attempt: 4, lastError: 'try again later' }])
    assert.match(
      tried.text,
      /payment\.authorise is at its attempt 4, until .*; the last one failed: try again later\.$/,
    )
    assert.equal(withAttempts(reasons, [{ ...call!, attempt: 1 }]).text, reasons.text)
  })
})
