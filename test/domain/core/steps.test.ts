import { does, given, placed, reports, succeeds, told } from '../specification.ts'

const ladder = '[{ after: 1d, remind: owner }, { after: 3d, fallback: cancel }]'
const parallel = `
steps:
  - { id: pay, kind: call, status: pending_payment, after: [], do: payment.authorise, undo: payment.void, owner: role:finance }
  - { id: look, kind: task, status: pending_approval, after: [], owner: role:order-desk, ladder: ${ladder} }
  - { id: ship, kind: call, status: pending_shipment, after: [pay, look], do: erp.ship, undo: erp.unship, owner: role:warehouse }
`
const conditional = `
steps:
  - { id: check, kind: task, status: pending_approval, when: 'atLeast(order.total, "100.00 CNY")', owner: role:order-desk, ladder: ${ladder} }
  - { id: gift, kind: call, status: pending_stock, when: order.attributes.gift == true, do: erp.wrap, undo: erp.unwrap, owner: role:warehouse }
`

describe('steps', () => {
  it('[U] are skipped where their condition does not hold, with the values that decided it', () => {
    given(conditional)
      .when(placed({ total: 99, attributes: { gift: false } }))
      .thenExactly(
        'order.received',
        ['step.skipped', { step: 'check', because: 'condition', values: { 'order.total': '99.00 CNY' } }],
        ['step.skipped', { step: 'gift', values: { 'order.attributes.gift': 'false' } }],
        ['order.closed', { status: 'completed' }],
      )
  })

  it('[U] are entered where it holds, the limit included', () => {
    given(conditional)
      .when(placed({ total: 100 }))
      .thenExactly('order.received', ['step.entered', { step: 'check' }], 'notice.requested')
  })

  it('[U] are entered where the amount is of another currency: it counts as reached', () => {
    given(conditional)
      .when(placed({ total: 1, currency: 'USD' }))
      .thenExactly('order.received', ['step.entered', { step: 'check' }], 'notice.requested')
  })

  it('[U] go to review where their condition cannot be evaluated, and a person may begin them all the same', () => {
    given(conditional)
      .when(placed({ total: 1 }))
      .thenExactly(
        'order.received',
        'step.skipped',
        ['step.failed', { step: 'gift', code: 'condition_failed' }],
        ['exception.raised', { kind: 'failed', step: 'gift' }],
        ['review.opened', { step: 'gift', scope: 'step', owner: 'role:order-desk' }],
        ['notice.requested', { about: 'review', target: 'role:order-desk' }],
      )
      .thenStatus('manual_review')
      .when(told(), does('he', 'retry'))
      .thenAmongOthers('review.closed', ['step.retried', { what: 'begin' }], ['call.started', { step: 'gift' }])
  })

  it('[U] run side by side, and what comes after both waits for both', () => {
    given(parallel, placed())
      .thenStatus('pending_payment')
      .when(succeeds('pay'))
      .thenExactly('call.succeeded', ['step.completed', { step: 'pay' }])
      .thenStatus('pending_approval')
      .when(does('he', 'approve'))
      .thenExactly(
        ['step.completed', { step: 'look' }],
        ['step.entered', { step: 'ship' }],
        ['call.started', { step: 'ship' }],
      )
      .when(succeeds('ship'))
      .thenExactly('call.succeeded', 'step.completed', ['order.closed', { status: 'completed' }])
  })

  it('[U] with nothing to pay, capture or ship for need no call', () => {
    given(
      `
flow: outbound
steps:
  - { id: pay, kind: call, status: pending_payment, do: payment.authorise, undo: payment.void, owner: role:finance }
  - { id: prepaid, kind: wait, status: pending_payment, fact: payment.received, undo: payment.refund, owner: role:finance, ladder: ${ladder} }
  - { id: stock, kind: call, status: pending_stock, do: inventory.reserve, undo: inventory.release, owner: role:warehouse }
`,
    )
      .when(placed({ total: 0 }))
      .thenExactly(
        'order.received',
        ['step.skipped', { step: 'pay', values: { outstanding: '0' } }],
        ['step.entered', { step: 'prepaid' }],
        ['step.completed', { step: 'prepaid' }],
        ['step.entered', { step: 'stock' }],
        'call.started',
      )
  })

  it('[U] that are all done do not complete an order whose lines are not settled: a person decides', () => {
    given(
      `
flow: outbound
steps:
  - { id: look, kind: task, status: pending_approval, owner: role:order-desk, ladder: ${ladder} }
`,
      placed(),
    )
      .when(does('he', 'approve'))
      .thenExactly('step.completed', ['review.opened', { code: 'unsettled', scope: 'order' }], 'notice.requested')
      .thenStatus('manual_review')
      .when(reports('shipment.delivered'))
      .thenExactly(['fact.received', { handling: 'recorded', effect: { effect: 'deliver' } }])
      .when(does('he', 'release'))
      .thenExactly('review.closed', ['order.closed', { status: 'completed' }])
  })

  it('[U] that are all done, in an order that is not settled, can be sent back', () => {
    given(
      `
flow: outbound
steps:
  - { id: look, kind: task, status: pending_approval, owner: role:order-desk, ladder: ${ladder} }
`,
      placed(),
      does('he', 'approve'),
    )
      .when(does('he', 'send_back', { to: 'look' }))
      .thenExactly(
        ['compensation.started', { goal: { kind: 'rewind', to: 'look' } }],
        ['review.closed', { because: 'rewind' }],
        ['step.reset', { step: 'look', round: 2 }],
        'compensation.ended',
        ['step.entered', { step: 'look', round: 2 }],
        'notice.requested',
      )
  })
})
