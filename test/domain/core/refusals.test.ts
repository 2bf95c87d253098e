import assert from 'node:assert/strict'
import type { Command } from '../../../domain/core/commands/command.ts'
import { processNamed } from '../definitions.ts'
import { does, given, type Happening, placed, reports, succeeds } from '../specification.ts'

const sales = processNamed('sales')
const pending = () => given(sales, placed({ total: 10_000 }))
const closed = () => given(sales, placed({ total: 10_000 }), does('mei', 'reject'))

const asStranger =
  (type: Command['type']): Happening =>
  order => {
    const caller = {
      actor: 'x',
      roles: ['order-desk'],
      organisation: 'other',
      matrixVersion: '1',
      allowed: [{ statuses: 'open' as const }],
    }
    order.take({ type: 'command', at: order.at, command: { type } as Command, caller })
  }

describe('a command', () => {
  it('[U] that names what the process does not know is invalid, whoever gives it and in whatever state', () => {
    for (const order of [pending(), closed()]) {
      order.when(does('qin', 'approve', { step: 'nowhere', expectedSeq: 1 })).thenRefused('invalid', 'step')
      order.when(does('qin', 'send_back', { to: 'nowhere' })).thenRefused('invalid', 'to')
      order.when(does('qin', 'hold', { hold: 'nothing' })).thenRefused('invalid', 'hold')
    }
  })

  it('[U] that does not say enough is invalid', () => {
    const two = `
flow: none
steps:
  - { id: a, kind: task, status: pending_payment, after: [], owner: role:finance, ladder: [{ after: 1d, fallback: review }] }
  - { id: b, kind: task, status: pending_payment, after: [], owner: role:finance, ladder: [{ after: 1d, fallback: review }] }
`
    given(two, placed()).when(does('qin', 'approve')).thenRefused('invalid', 'step')
    given(two, placed())
      .when(does('fang', 'approve', { step: 'b' }))
      .thenExactly(['step.completed', { step: 'b' }])
  })

  it('[U] is not permitted without a role for it, before anything else is said', () => {
    pending()
      .when(does('qin', 'approve', { expectedSeq: 1 }))
      .thenRefused('not_permitted')
    pending().when(does('wu', 'approve')).thenRefused('not_permitted')
    pending().when(asStranger('cancel')).thenRefused('not_permitted')
    closed()
      .when(does('qin', 'approve', { expectedSeq: 1 }))
      .thenRefused('not_permitted')
    closed().when(asStranger('cancel')).thenRefused('not_permitted')
  })

  it('[U] is permitted by status and by who asks', () => {
    pending().when(does('sun', 'cancel')).thenAmongOthers('order.closed')
    given(sales, placed({ placedBy: 'someone' }))
      .when(does('sun', 'cancel'))
      .thenRefused('not_permitted')
    given(sales, placed()).when(does('shop', 'cancel')).thenAmongOthers('compensation.started')
    given(sales, placed(), succeeds('payment'), succeeds('stock'), succeeds('shipment'))
      .when(does('shop', 'cancel'))
      .thenRefused('not_permitted')
  })

  it('[U] is stale when the order has moved on, before it is said that it is closed', () => {
    const order = pending()
    order.when(does('mei', 'approve', { expectedSeq: order.state.seq - 1 })).thenRefused('stale', 'expectedSeq')
    order.when(does('mei', 'approve', { expectedSeq: order.state.seq })).thenAmongOthers('step.completed')
    closed()
      .when(does('mei', 'approve', { expectedSeq: 1 }))
      .thenRefused('stale', 'expectedSeq')
  })

  it('[U] is refused by a closed order', () => {
    for (const type of ['approve', 'reject', 'retry', 'cancel', 'release'] as const)
      closed().when(does('ling', type)).thenRefused('closed')
    closed().when(does('mei', 'approve')).thenRefused('closed')
    closed()
      .when(does('he', 'send_back', { to: 'approval' }))
      .thenRefused('closed')
  })

  it('[U] that does not fit is not applicable, also to the person who would have been the one', () => {
    const approved = () => pending().when(does('mei', 'approve'))
    approved().when(does('mei', 'approve')).thenRefused('not_applicable')
    approved()
      .when(does('mei', 'reject', { step: 'approval' }))
      .thenRefused('not_applicable')
    approved().when(does('fang', 'retry')).thenRefused('not_applicable')
    approved().when(does('he', 'release')).thenRefused('not_applicable')
    approved()
      .when(does('he', 'transfer', { step: 'signing', to: 'ling', reason: 'on leave' }))
      .thenRefused('not_applicable')
    approved()
      .when(does('he', 'send_back', { to: 'signing' }))
      .thenRefused('not_applicable')
    given(sales, placed(), does('he', 'cancel')).when(does('he', 'cancel')).thenRefused('not_applicable')
    given(sales, placed(), does('he', 'cancel'))
      .when(does('he', 'send_back', { to: 'approval' }))
      .thenRefused('not_applicable')
  })

  it('[U] that comes again under the same id is done once, even after the order has closed', () => {
    const order = pending().when(does('mei', 'approve', { id: 'c-1', reason: 'fine' }))
    assert.deepEqual(
      { reason: order.journal.at(-5)?.reason, command: order.journal.at(-5)?.command },
      { reason: 'fine', command: 'c-1' },
    )
    order.when(does('mei', 'approve', { id: 'c-1' })).thenExactly()
    order.when(does('he', 'cancel', { id: 'c-1' })).thenExactly()
    const rejected = pending().when(does('mei', 'reject', { id: 'c-2' }))
    rejected
      .when(does('mei', 'reject', { id: 'c-2' }))
      .thenExactly()
      .thenStatus('cancelled')
  })

  it('[U] that was refused may be given again under the same id', () => {
    pending()
      .when(does('wu', 'approve', { id: 'c-3' }))
      .thenRefused('not_permitted')
      .when(does('mei', 'approve', { id: 'c-3' }))
      .thenAmongOthers('step.completed')
  })

  it('[U] leaves its reason and its id on the first event only', () => {
    const order = pending()
    const from = order.journal.length
    order.when(does('mei', 'reject', { reason: 'no', id: 'c-4' }))
    const marked = order.journal.slice(from).filter(event => event.reason !== undefined || event.command !== undefined)
    assert.deepEqual(
      marked.map(({ type, reason, command }) => ({ type, reason, command })),
      [{ type: 'step.rejected', reason: 'no', command: 'c-4' }],
    )
  })
})

describe('a start', () => {
  it('[U] that comes again changes nothing', () => {
    pending().when(placed()).thenExactly()
  })

  it('[U] is the first thing that an order is told', () => {
    assert.throws(() => given(sales, reports('payment.received')), /begins with start/)
  })
})
