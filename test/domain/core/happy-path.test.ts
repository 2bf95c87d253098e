import { processNamed } from '../definitions.ts'
import { does, given, placed, reports, succeeds, told } from '../specification.ts'

const sales = processNamed('sales')

describe('an order that nothing happens to but what should', () => {
  it('[U] is approved by nobody below the threshold, and authorises and reserves side by side', () => {
    given(sales)
      .when(placed())
      .thenExactly(
        'order.received',
        ['step.skipped', { step: 'approval', because: 'condition' }],
        ['step.entered', { step: 'payment', clock: null }],
        ['call.started', { step: 'payment', operation: 'payment.authorise', key: 'main/SO-1/payment/1' }],
        ['step.entered', { step: 'stock' }],
        ['call.started', { step: 'stock', input: { lines: [{ quantity: 2 }, { quantity: 1 }] } }],
      )
      .thenStatus('pending_payment')
  })

  it('[U] waits for a supervisor from the threshold on, and tells them', () => {
    given(sales)
      .when(placed({ total: 10_000 }))
      .thenExactly(
        'order.received',
        ['step.entered', { step: 'approval', owner: 'role:sales-supervisor' }],
        ['notice.requested', { target: 'role:sales-supervisor', about: 'entered', subject: 'step:approval' }],
      )
      .thenStatus('pending_approval')
      .when(told('mei'))
      .thenExactly(['notice.delivered', { persons: ['mei'] }])
      .when(does('mei', 'approve', { reason: 'known customer' }))
      .thenExactly(
        ['step.completed', { step: 'approval', how: 'approved' }],
        'step.entered',
        'call.started',
        'step.entered',
        'call.started',
      )
  })

  it('[U] ships once it is paid and in stock, captures, and completes when signed for', () => {
    given(sales, placed(), succeeds('payment'))
      .when(succeeds('stock'))
      .thenExactly(
        'call.succeeded',
        ['step.completed', { how: 'call' }],
        ['step.entered', { step: 'shipment' }],
        'call.started',
      )
  })

  it('[U] completes when everything has been signed for and captured', () => {
    given(sales, placed(), succeeds('payment'), succeeds('stock'), succeeds('shipment'))
      .thenStatus('in_transit')
      .when(succeeds('capture'), reports('shipment.delivered'))
      .thenExactly(
        'call.succeeded',
        ['step.completed', { step: 'capture' }],
        ['fact.received', { handling: 'taken', step: 'signing', effect: { effect: 'deliver' } }],
        ['step.completed', { step: 'signing', how: 'fact' }],
        ['order.closed', { status: 'completed' }],
      )
      .thenStatus('completed')
  })
})
