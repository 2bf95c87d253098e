import assert from 'node:assert/strict'
import { checkSays, deadline, does, fails, reports, succeeds, undoFails, undoSucceeds } from '../specification.ts'
import { a, b, packed, sent, twoParcels } from './sales-so-far.ts'

describe('several parcels', () => {
  it('[U] are signed for one by one, and the order is done with the last', () => {
    sent()
      .when(reports('shipment.delivered', { parcel: 'P1' }))
      .thenExactly([
        'fact.received',
        { handling: 'taken', effect: { effect: 'deliver', lines: [a], parcels: [{ id: 'P1' }] } },
      ])
      .thenStatus('in_transit')
      .when(reports('shipment.delivered', { parcel: 'P1' }))
      .thenExactly('fact.received')
      .when(reports('shipment.delivered', { parcel: 'P2' }))
      .thenExactly('fact.received', ['step.completed', { step: 'signing' }], ['order.closed', { status: 'completed' }])
  })

  it('[U] are all there when everything outstanding is', () => {
    const order = sent().when(reports('shipment.delivered', { parcel: 'P1' }), reports('shipment.delivered'))
    order.thenAmongOthers(['order.closed', { status: 'completed' }])
    assert.deepEqual(
      Object.values(order.state.parcels).map(parcel => parcel.state),
      ['delivered', 'delivered'],
    )
  })

  it('[U] hold no more than was shipped, whatever the warehouse says', () => {
    const order = packed().when(
      succeeds('shipment', {
        lines: [a, b],
        parcels: [
          { id: 'P1', lines: [{ ...a, quantity: 9 }] },
          { id: 'P2', lines: [] },
        ],
      }),
    )
    order.thenAmongOthers([
      'call.succeeded',
      {
        effect: {
          parcels: [
            { id: 'P1', lines: [a] },
            { id: 'P2', lines: [b] },
          ],
        },
      },
    ])
  })

  it('[U] are one where nobody names any', () => {
    packed()
      .when(succeeds('shipment', { reference: 'W-7' }))
      .thenAmongOthers(['call.succeeded', { reference: 'W-7', effect: { parcels: [{ id: 'W-7', lines: [a, b] }] } }])
  })

  it('[U] make every cancellation a review once one is delivered', () => {
    sent()
      .when(reports('shipment.delivered', { parcel: 'P2' }), reports('customer.cancelled'))
      .thenAmongOthers(['review.opened', { code: 'irreversible', scope: 'order' }])
      .thenStatus('manual_review')
      .when(does('he', 'release'), reports('shipment.delivered', { parcel: 'P1' }))
      .thenAmongOthers(['order.closed', { status: 'completed' }])
  })

  it('[U] are asked about before a rung fires: a lost callback is not a lost delivery', () => {
    sent()
      .when(deadline)
      .thenExactly(
        [
          'call.started',
          { kind: 'check', operation: 'carrier.track', input: { parcels: [{ id: 'P1' }, { id: 'P2' }] } },
        ],
        'clock.checking',
      )
      .when(checkSays('signing', twoParcels))
      .thenExactly('call.succeeded', 'fact.received', 'fact.received', 'step.completed', [
        'order.closed',
        { status: 'completed' },
      ])
    sent()
      .when(deadline, checkSays('signing', { parcels: [{ id: 'P2', lines: [b] }] }))
      .thenAmongOthers(
        ['fact.received', { fact: { source: 'carrier.track', parcel: 'P2' } }],
        ['rung.fired', { action: 'remind' }],
      )
  })

  it('[U] leave the order in transit while a look-up has not come back, although all are signed for', () => {
    sent()
      .when(deadline, reports('shipment.delivered'))
      .thenAmongOthers(['step.completed', { step: 'signing' }], ['call.cancelling', { kind: 'check' }])
      .thenStatus('in_transit')
      .when(checkSays('signing', twoParcels))
      .thenExactly('call.succeeded', ['order.closed', { status: 'completed' }])
  })

  it('[U] that get lost stop the order for a person, and may turn up after all', () => {
    const order = sent().when(reports('shipment.lost', { parcel: 'P1', note: 'van burnt' }))
    order.thenAmongOthers(
      ['fact.received', { handling: 'review', effect: { effect: 'lose' } }],
      ['review.opened', { code: 'shipment.lost' }],
    )
    assert.equal(order.state.parcels.P1?.state, 'lost')
    order
      .when(reports('shipment.lost', { parcel: 'P1' }))
      .thenAmongOthers(['fact.received', { handling: 'contradicts' }])
    order.when(reports('shipment.delivered')).thenAmongOthers(['step.completed', { step: 'signing' }])
    order.when(does('he', 'release')).thenAmongOthers(['order.closed', { status: 'completed' }])
  })

  it('[U] are recalled when the order is cancelled in time, then the money goes back and the goods', () => {
    const order = sent().when(does('he', 'cancel'))
    order.thenAmongOthers(['call.started', { step: 'capture', operation: 'payment.refund' }])
    order
      .when(undoSucceeds('capture'))
      .thenAmongOthers([
        'call.started',
        { operation: 'shipment.recall', input: { parcels: [{ id: 'P1' }, { id: 'P2' }] } },
      ])
    order.when(undoSucceeds('shipment')).thenAmongOthers(['call.started', { operation: 'inventory.release' }])
    order
      .when(undoSucceeds('stock'), undoSucceeds('payment'))
      .thenAmongOthers(['order.closed', { status: 'cancelled' }])
    assert.ok(Object.values(order.state.parcels).every(parcel => parcel.state === 'recalled'))
  })

  it('[U] that are signed for while they are recalled are kept: a person decides, and only the rest comes back', () => {
    const order = sent().when(
      does('he', 'cancel'),
      undoSucceeds('capture'),
      reports('shipment.delivered', { parcel: 'P1' }),
    )
    order.thenAmongOthers(
      ['fact.received', { handling: 'recorded', step: 'signing' }],
      ['call.started', { operation: 'shipment.recall' }],
    )
    order
      .when(undoFails('shipment'), does('he', 'release'))
      .thenAmongOthers(['step.retried', { step: 'signing', what: 'keep' }])
    order
      .when(does('he', 'retry'))
      .thenAmongOthers([
        'call.started',
        { operation: 'shipment.recall', input: { parcels: [{ id: 'P2' }], lines: [b] } },
      ])
    order
      .when(undoSucceeds('shipment'))
      .thenAmongOthers(['call.started', { operation: 'inventory.release', input: { lines: [b] } }])
    order
      .when(undoSucceeds('stock'), undoSucceeds('payment'))
      .thenAmongOthers(['lines.cancelled', { lines: [b] }], ['order.closed', { status: 'cancelled' }])
    assert.equal(order.state.parcels.P1?.state, 'delivered')
    assert.equal(order.state.parcels.P2?.state, 'recalled')
  })

  it('[U] that have all been signed for cannot be recalled or released any more', () => {
    const order = sent().when(
      does('he', 'cancel'),
      undoSucceeds('capture'),
      undoFails('shipment'),
      reports('shipment.delivered'),
    )
    order.when(does('he', 'release'), does('he', 'retry'))
    order.thenAmongOthers(['step.retried', { step: 'signing', what: 'keep' }])
    order.when(undoSucceeds('payment')).thenAmongOthers(['order.closed', { status: 'cancelled' }])
    assert.ok(order.state.lines.every(line => line.delivered === line.ordered))
  })

  it('[U] that were shipped by a call whose answer came late are undone like any other', () => {
    packed()
      .when(does('he', 'cancel'), succeeds('shipment', twoParcels))
      .thenAmongOthers(['call.succeeded', { late: true }], ['call.started', { operation: 'shipment.recall' }])
    packed()
      .when(does('he', 'cancel'), fails('shipment'))
      .thenAmongOthers(['call.started', { operation: 'inventory.release' }])
  })
})
