import assert from 'node:assert/strict'
import { deadlines, does, given, placed, reports, succeeds, told, undoSucceeds } from '../specification.ts'

const stocking = (partial: string) => `
flow: outbound
on: { stock.short: review }
steps:
  - { id: stock, kind: call, status: pending_stock, after: [], do: inventory.reserve, undo: inventory.release, owner: role:warehouse, ${partial} }
  - { id: ship, kind: call, status: pending_shipment, after: [stock], do: shipment.create, undo: shipment.recall, owner: role:warehouse }
  - { id: sign, kind: wait, status: in_transit, after: [ship], fact: shipment.delivered, irreversible: true, owner: role:logistics, ladder: [{ after: 1d, fallback: review }] }
`
const ladder = (fallback: string) =>
  `partial: { mode: wait, ladder: [{ after: 1d, remind: owner }, { after: 2d, fallback: ${fallback} }] }`
const one = { lines: [{ line: 1, sku: 'A', quantity: 1 }] }
const partly = (partial: string) => given(stocking(partial), placed(), succeeds('stock', one))

describe('a reservation that comes back partly', () => {
  it('[U] waits for the rest with a ladder of its own, and its owner is told', () => {
    given(stocking(ladder('review')), placed())
      .when(succeeds('stock', one))
      .thenExactly(
        ['call.succeeded', { effect: { effect: 'reserve', lines: [{ line: 1, quantity: 1 }] } }],
        [
          'step.partial',
          {
            outstanding: [
              { sku: 'A', quantity: 1 },
              { sku: 'B', quantity: 1 },
            ],
            clock: { dueAt: '2026-03-03T01:00:00.000Z' },
          },
        ],
        ['notice.requested', { target: 'role:warehouse', about: 'entered' }],
      )
      .thenStatus('pending_stock')
      .when(reports('stock.reserved', { lines: [{ sku: 'B', quantity: 1 }] }))
      .thenExactly(['fact.received', { handling: 'taken', step: 'stock', effect: { effect: 'reserve' } }])
      .when(reports('stock.reserved'))
      .thenExactly(
        'fact.received',
        ['step.completed', { step: 'stock', how: 'fact' }],
        ['step.entered', { step: 'ship' }],
        ['call.started', { input: { lines: [{ quantity: 2 }, { quantity: 1 }] } }],
      )
  })

  it('[U] goes on without the rest when its ladder says so', () => {
    partly(ladder('continue'))
      .when(deadlines(2))
      .thenAmongOthers(
        [
          'lines.cancelled',
          {
            lines: [
              { line: 1, quantity: 1 },
              { line: 2, quantity: 1 },
            ],
          },
        ],
        ['step.completed', { how: 'part' }],
        ['call.started', { step: 'ship', input: { lines: [{ line: 1, quantity: 1 }] } }],
      )
  })

  it('[U] becomes a review, or is cancelled and released, when its ladder says so', () => {
    partly(ladder('review'))
      .when(deadlines(2))
      .thenAmongOthers(['step.failed', { code: 'overdue' }], 'review.opened')
    partly(ladder('cancel'))
      .when(deadlines(2))
      .thenAmongOthers([
        'call.started',
        { operation: 'inventory.release', input: { lines: [{ line: 1, quantity: 1 }] } },
      ])
      .when(undoSucceeds('stock'))
      .thenAmongOthers(['order.closed', { status: 'cancelled' }])
  })

  it('[U] gives back what came by facts, too', () => {
    const order = partly(ladder('review')).when(
      reports('stock.reserved', { lines: [{ sku: 'B', quantity: 1 }] }),
      does('he', 'cancel'),
    )
    order.thenAmongOthers([
      'call.started',
      {
        kind: 'undo',
        input: {
          lines: [
            { line: 1, quantity: 1 },
            { line: 2, quantity: 1 },
          ],
        },
      },
    ])
    order.when(undoSucceeds('stock')).thenAmongOthers('order.closed')
    assert.ok(order.state.lines.every(line => line.reserved === 0 && line.cancelled === line.ordered))
  })

  it('[U] that a person tries again is taken back first, and asked for anew in a new round', () => {
    partly(ladder('review'))
      .when(does('wu', 'retry'))
      .thenAmongOthers('compensation.started', ['call.started', { kind: 'undo', round: 1 }])
      .when(undoSucceeds('stock'))
      .thenAmongOthers([
        'call.started',
        { kind: 'do', key: 'main/SO-1/stock/2', input: { lines: [{ quantity: 2 }, { quantity: 1 }] } },
      ])
  })

  it('[U] cancels the rest at once where the step says so', () => {
    partly('partial: cancel').thenAmongOthers(
      [
        'lines.cancelled',
        {
          lines: [
            { line: 1, quantity: 1 },
            { line: 2, quantity: 1 },
          ],
        },
      ],
      ['step.completed', { how: 'part' }],
    )
  })

  it('[U] of which nothing at all came back cancels the order, not its lines alone', () => {
    given(stocking('partial: cancel'), placed())
      .when(succeeds('stock', { lines: [] }))
      .thenAmongOthers('compensation.started', ['call.started', { kind: 'undo', key: 'main/SO-1/stock/1' }])
  })

  it('[U] is a failure where the step says nothing about it', () => {
    partly('')
      .thenAmongOthers(
        ['step.failed', { code: 'partial', message: 'only a part was done: 1 A, 1 B missing' }],
        'review.opened',
      )
      .when(does('wu', 'retry'))
      .thenAmongOthers(['call.started', { kind: 'undo' }])
  })

  it('[U] is looked at by a person when stock is reported short', () => {
    const order = partly(ladder('cancel')).when(reports('stock.short'))
    order.thenAmongOthers(['review.opened', { scope: 'order' }], ['clock.paused', { subject: 'step:stock' }])
    order.when(told(), does('he', 'release')).thenAmongOthers(['clock.resumed', { subject: 'step:stock' }])
  })
})
