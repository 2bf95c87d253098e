import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Command } from '../../../domain/core/commands/command.ts'
import { definitionOf } from '../definitions.ts'
import {
  checkSays,
  deadline,
  deadlines,
  does,
  fails,
  given,
  type Happening,
  placed,
  reports,
  succeeds,
  told,
  undoFails,
  undoSucceeds,
} from '../specification.ts'
import { a, b, sales, sent, twoParcels } from './sales-so-far.ts'

const because = { reason: 'the customer was asked' }
const seen = { ...because, evidence: 'mail of 2 March' }

/** Asked for by one person and confirmed by another, as the standard matrix wants it. */
const sure =
  (type: Command['type'], parts: Readonly<Record<string, unknown>>): Happening =>
  order => {
    does('zhao', type, parts)(order)
    const [proposal] = Object.keys(order.state.proposals ?? {})
    if (proposal !== undefined) does('ling', 'confirm', { proposal })(order)
  }

describe('skip', () => {
  it('[U] passes over a step in review, and the order goes on', () => {
    const order = given(sales, placed(), succeeds('payment'), fails('stock')).when(sure('skip', because))
    order.thenAmongOthers(
      ['step.skipped', { step: 'stock', because: 'command' }],
      ['review.closed', { because: 'skipped' }],
      'exception.resolved',
    )
    assert.equal(
      order.journal.find(event => event.type === 'step.skipped' && event.data.step === 'stock')?.reason,
      because.reason,
    )
    order.when(does('he', 'cancel'), fails('shipment'), undoSucceeds('payment'))
    order.thenAmongOthers(['order.closed', { status: 'cancelled' }])
    assert.ok(!Object.values(order.state.calls).some(call => call.step === 'stock'), 'its undo is not needed')
  })

  it('[U] of a reservation: everything is sent all the same, and only then captured', () => {
    const order = given(sales, placed(), succeeds('payment'), fails('stock')).when(sure('skip', because))
    order.thenAmongOthers(['call.started', { step: 'shipment', kind: 'do', input: { lines: [a, b] } }])
    order.when(succeeds('shipment', twoParcels))
    assert.deepEqual(
      order.state.lines.map(({ reserved, shipped }) => [reserved, shipped]),
      [
        [2, 2],
        [1, 1],
      ],
    )
    order.when(succeeds('capture'), sure('override', { ...seen, status: 'delivered' }))
    order.thenAmongOthers(['order.closed', { status: 'completed' }])
  })

  it('[U] of a reservation: what is recalled is reserved no more', () => {
    const order = given(sales, placed(), succeeds('payment'), fails('stock'))
      .when(sure('skip', because))
      .when(succeeds('shipment', twoParcels), succeeds('capture'), does('he', 'cancel'))
    order.when(undoSucceeds('capture'), undoSucceeds('shipment'))
    order.when(undoSucceeds('payment')).thenAmongOthers(['order.closed', { status: 'cancelled' }])
    assert.deepEqual(
      order.state.lines.map(({ reserved, shipped, cancelled }) => [reserved, shipped, cancelled]),
      [
        [0, 0, 2],
        [0, 0, 1],
      ],
    )
  })

  it('[U] of a shipment: what is handed over otherwise is still to arrive', () => {
    const order = given(sales, placed(), succeeds('payment'), succeeds('stock'), fails('shipment'))
      .when(sure('skip', { ...because, step: 'shipment' }))
      .when(succeeds('capture'))
      .thenStatus('in_transit')
    order
      .when(sure('override', { ...seen, status: 'delivered', data: { lines: [{ sku: 'A', quantity: 2 }] } }))
      .thenStatus('in_transit')
    order
      .when(sure('override', { ...seen, status: 'delivered' }))
      .thenAmongOthers(['order.closed', { status: 'completed' }])
    assert.deepEqual(
      order.state.lines.map(({ shipped, delivered }) => [shipped, delivered]),
      [
        [2, 2],
        [1, 1],
      ],
    )
  })

  it('[U] passes over a wait', () => {
    sent()
      .when(sure('skip', because))
      .thenAmongOthers(['step.skipped', { step: 'signing' }], ['review.opened', { code: 'unsettled' }])
  })

  it('[U] is refused where something was done, or may have been; an approval needs a second person', () => {
    given(sales, placed(), fails('payment', 'unknown')).when(sure('skip', because)).thenRefused('not_applicable')
    given(sales, placed({ total: 10_000 }))
      .when(sure('skip', because))
      .thenAmongOthers(['step.skipped', { step: 'approval' }])
    given(sales, placed())
      .when(sure('skip', { ...because, step: 'payment' }))
      .thenRefused('not_applicable')
  })
})

describe('void', () => {
  it('[U] undoes everything, and closes the order as voided', () => {
    const order = given(sales, placed(), succeeds('payment'), fails('stock')).when(sure('void', because))
    order.thenAmongOthers(['compensation.started', { goal: { kind: 'close', status: 'voided' } }])
    order.when(undoSucceeds('payment')).thenAmongOthers(['order.closed', { status: 'voided' }])
    assert.equal(order.state.money.authorisedMinor, 0)
  })

  it('[U] is refused past something irreversible', () => {
    sent()
      .when(reports('shipment.delivered', { parcel: 'P1' }))
      .when(sure('void', because))
      .thenRefused('irreversible')
  })
})

describe('rollback', () => {
  it('[U] undoes what came after a step, in reverse order, and goes on from there', () => {
    const order = sent().when(sure('rollback', { ...because, to: 'stock' }))
    order.thenAmongOthers(
      ['step.withdrawn', { step: 'signing' }],
      ['call.started', { step: 'capture', kind: 'undo', key: 'main/SO-1/capture/1' }],
    )
    order.when(undoSucceeds('capture'), undoSucceeds('shipment'))
    order.when(undoSucceeds('payment'))
    order.thenAmongOthers(
      ['step.reset', { step: 'shipment', round: 2 }],
      ['call.started', { step: 'payment', round: 2 }],
    )
    assert.equal(order.state.steps.stock?.state, 'done')
    order.when(succeeds('payment')).thenAmongOthers(['call.started', { step: 'shipment', round: 2 }])
  })

  it('[U] waits for what a look-up of the round before finds, so that it is told of that round', () => {
    const order = sent()
      .when(deadline)
      .thenAmongOthers(['call.started', { step: 'signing', kind: 'check' }])
    order.when(sure('rollback', { ...because, to: 'stock' }))
    order.when(undoSucceeds('capture'), undoSucceeds('shipment'), undoSucceeds('payment'))
    assert.ok(order.state.compensation, 'the look-up is still out')
    order.when(checkSays('signing', { parcels: [] }))
    order.thenAmongOthers('compensation.ended', ['call.started', { step: 'payment', round: 2 }])
  })

  it('[U] also goes back from a review of the whole order, and ends it', () => {
    sent()
      .when(reports('shipment.lost', { parcel: 'P2' }))
      .thenStatus('manual_review')
      .when(sure('rollback', { ...because, to: 'stock' }))
      .thenAmongOthers('compensation.started', ['review.closed', { because: 'rollback' }])
  })

  it('[U] is refused past something irreversible, and to a step that is not done', () => {
    const order = sent().when(reports('shipment.delivered', { parcel: 'P1' }))
    order.when(sure('rollback', { ...because, to: 'stock' })).thenRefused('irreversible', 'to')
    order.when(sure('rollback', { ...because, to: 'signing' })).thenRefused('not_applicable', 'to')
    order.when(sure('rollback', { ...because, to: 'nowhere' })).thenRefused('invalid', 'to')
  })
})

describe('override', () => {
  it('[U] books what the world has done, with the evidence, as if its system had told', () => {
    const order = sent().when(sure('override', { ...seen, status: 'delivered', data: { parcel: 'P1' } }))
    order.thenAmongOthers(
      ['override.made', { status: 'delivered', evidence: 'mail of 2 March' }],
      [
        'fact.received',
        { handling: 'taken', fact: { id: 'SO-1/25', source: 'override', parcel: 'P1', note: 'mail of 2 March' } },
      ],
    )
    order
      .when(sure('override', { ...seen, status: 'delivered' }))
      .thenAmongOthers(['order.closed', { status: 'completed' }])
  })

  it('[U] is refused where a step waits for it and nothing can come of it', () => {
    const content = parse(readFileSync('processes/sales.yaml', 'utf8')) as { steps: { id: string; after?: string[] }[] }
    for (const step of content.steps) if (step.id === 'signing') step.after = ['stock']
    const order = given(definitionOf(content), placed(), succeeds('payment'), succeeds('stock'))
    assert.equal(order.state.steps.signing?.state, 'active')
    order.when(sure('override', { ...seen, status: 'delivered' })).thenRefused('not_applicable', 'status')
  })

  it('[U] never breaks the sums', () => {
    const order = sent()
    order
      .when(sure('override', { ...seen, status: 'delivered', data: { parcel: 'P9' } }))
      .thenRefused('not_applicable', 'data')
    order
      .when(sure('override', { ...seen, status: 'delivered', data: { lines: [{ sku: 'A', quantity: 3 }] } }))
      .thenRefused('not_applicable', 'data')
    order.when(sure('override', { ...seen, status: 'paid' })).thenRefused('not_applicable', 'data')
    order.when(sure('override', { ...seen, status: 'refunded' })).thenRefused('not_applicable', 'data.amount')
    order
      .when(sure('override', { ...seen, status: 'refunded', data: { amount: '1.005' } }))
      .thenRefused('invalid', 'data.amount')
  })

  it('[U] settles a lost parcel beside a delivered one, and what was paid for it', () => {
    const order = sent()
      .when(reports('shipment.delivered', { parcel: 'P1' }))
      .when(reports('shipment.lost', { parcel: 'P2' }))
      .thenStatus('manual_review')
    order.when(sure('override', { ...seen, status: 'refunded' })).thenRefused('not_applicable', 'data.amount')
    order.when(sure('override', { ...seen, status: 'written_off', data: { parcel: 'P2' } }))
    order.thenAmongOthers(
      ['override.made', { effect: { effect: 'write_off', lines: [b] } }],
      ['review.closed', { because: 'written off' }],
      ['exception.raised', { kind: 'mismatch', evidence: { overpaidMinor: 500 } }],
      ['order.closed', { status: 'completed' }],
    )
  })

  it('[U] accepts an undo that is refused for ever, as kept or as done outside', () => {
    for (const status of ['kept', 'undone'] as const) {
      const order = given(
        sales,
        placed(),
        succeeds('payment'),
        fails('stock'),
        does('he', 'cancel'),
        undoFails('payment'),
        told(),
      )
      order.when(deadlines(3)).thenStatus('manual_review')
      order.when(sure('override', { ...seen, status }))
      order.thenAmongOthers(
        ['override.made', { status, step: 'payment', mark: status }],
        ['order.closed', { status: 'cancelled' }],
      )
      assert.equal(order.state.money.authorisedMinor, status === 'kept' ? 1500 : 0)
    }
  })

  it('[U] says what became of a call that nobody knows of', () => {
    const unknown = () => given(sales, placed(), succeeds('stock'), fails('payment', 'unknown'))
    const done = unknown().when(sure('override', { ...seen, status: 'done' }))
    done.thenAmongOthers(
      ['override.made', { step: 'payment', effect: { effect: 'authorise', amountMinor: 1500 } }],
      ['step.completed', { step: 'payment', how: 'override' }],
    )
    unknown()
      .when(sure('override', { ...seen, status: 'done', data: { amount: '20.00' } }))
      .thenRefused('not_applicable', 'data')
    const not = unknown().when(sure('override', { ...seen, status: 'not_done' }))
    not.thenAmongOthers(['override.made', { step: 'payment', mark: 'none' }]).thenStatus('manual_review')
    not.when(sure('skip', because)).thenAmongOthers(['step.skipped', { step: 'payment' }])
  })
})
