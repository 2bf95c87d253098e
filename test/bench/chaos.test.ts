import assert from 'node:assert/strict'
import { judgeOrder, type Ledger, type OrderRow } from '../../bench/chaos/judge-order.ts'
import { plan } from '../../bench/chaos/plan.ts'
import type { Event } from '../../domain/core/events/event.ts'
import { processNamed } from '../domain/definitions.ts'
import { does, given, placed, reports, succeeds, told } from '../domain/specification.ts'

const order = given(
  processNamed('sales'),
  placed({ total: 10_000 }),
  told('mei'),
  does('mei', 'approve', { reason: 'known' }),
  succeeds('payment'),
  succeeds('stock'),
  succeeds('shipment'),
  succeeds('capture'),
  reports('shipment.delivered'),
)
const { journal } = order
const state = JSON.parse(JSON.stringify(order.state))
const orderNo = state.order.orderNo as string
const captured = { orderNo, key: `main/${orderNo}/capture/1`, amount: '10000.00' }
const ledger: Ledger = {
  authorisations: [{ orderNo, key: `main/${orderNo}/payment/1`, amount: '10000.00' }],
  captures: [captured],
  reservations: [{ orderNo, key: `main/${orderNo}/stock/1` }],
  parcels: [{ orderNo, key: `main/${orderNo}/shipment/1` }],
}
const row: OrderRow = {
  order_no: orderNo,
  status: 'completed',
  seq: journal.length,
  state,
  closed_at: new Date(),
  due_at: null,
  owners: [],
}
const acknowledged = { approved: new Set([orderNo]), reported: new Set<string>() }

/** What is found wrong when one thing is changed. */
function found(change: {
  row?: Partial<OrderRow>
  journal?: readonly Event[]
  ledger?: Ledger
  reported?: string
}): string[] {
  return judgeOrder({ ...row, ...change.row }, change.journal ?? journal, {
    ledger: { ...ledger, ...change.ledger },
    acknowledged: change.reported ? { ...acknowledged, reported: new Set([change.reported]) } : acknowledged,
    facts: new Set(),
  })
}

describe('chaos', () => {
  it('[U] draws the same orders and mishaps from the same seed, and others from another', () => {
    assert.deepEqual(plan(7, 100, 10), plan(7, 100, 10))
    assert.notDeepEqual(plan(7, 100, 10).mishaps, plan(8, 100, 10).mishaps)
    assert.equal(plan(7, 100, 10).mishaps.filter(({ mishap }) => mishap.what === 'kill').length, 10)
  })

  it('[U] finds nothing wrong with an order that went as it should', () => {
    assert.equal(state.closed?.status, 'completed')
    assert.deepEqual(found({}), [])
  })

  it('[U] finds an order that rests nowhere', () => {
    const open = { closed_at: null, status: 'in_transit' }
    assert.match(found({ row: { ...open, due_at: null, owners: ['luo'] } }).join(), /without a deadline/)
    assert.match(found({ row: { ...open, due_at: new Date(), owners: [] } }).join(), /without an owner/)
  })

  it('[U] finds a gap, an entry too few and a projection that is another', () => {
    assert.deepEqual(found({ journal: journal.toSpliced(3, 1) }), ['the journal has a gap at 4'])
    assert.match(found({ journal: journal.slice(0, -1) })[0]!, /entries, its projection is at/)
    assert.deepEqual(found({ row: { state: { ...state, at: '2026-01-01T00:00:00.000Z' } } }), [
      'the projection is not the fold of the journal',
    ])
  })

  it('[U] finds an acknowledged approval or fact that is not there', () => {
    const nobody = journal.map(event => (event.actor === 'mei' ? { ...event, actor: 'ling' } : event)) as Event[]
    assert.ok(found({ journal: nobody }).includes('an acknowledged approval is lost'))
    assert.deepEqual(found({ reported: orderNo }), ['an acknowledged fact is lost'])
  })

  it('[U] finds money taken twice, by nobody, or not taken back', () => {
    assert.match(found({ ledger: { captures: [captured, captured] } }).join(), /captures twice by one key/)
    const stranger = { ...captured, key: `main/${orderNo}/capture/9` }
    assert.match(found({ ledger: { captures: [stranger] } }).join(), /by a key that the journal has not/)
    assert.match(found({ ledger: { captures: [] } }).join(), /completed with 0 captures/)
    assert.match(found({ row: { status: 'cancelled' } }).join(), /cancelled with captures that were not taken back/)
    assert.match(found({ ledger: { captures: [{ ...captured, amount: '1.00' }] } }).join(), /money: the bank has/)
  })
})
