import {
  checkFails,
  clock,
  deadline,
  deadlines,
  does,
  fails,
  given,
  passes,
  placed,
  reports,
  succeeds,
  told,
} from '../specification.ts'

const ladder = (fallback: string) => `[{ after: 1d, remind: owner }, { after: 2d, fallback: ${fallback} }]`
const reviewed = (
  more = '',
  review = '{ owner: role:order-desk, ladder: [{ after: 4h, escalate: role:ops-manager, every: 1d }] }',
) => `
flow: none
on: { stock.short: review, shipment.lost: review }
review: ${review}
steps:
  - { id: post, kind: call, status: pending_stock, after: [], do: erp.post, undo: erp.reverse, owner: role:warehouse, ${more} }
  - { id: look, kind: task, status: pending_approval, after: [], owner: role:sales-supervisor, ladder: ${ladder('cancel')} }
  - { id: wait, kind: wait, status: in_transit, after: [post], fact: invoice.matched, owner: role:finance, ladder: ${ladder('review')} }
`

describe('a review of the whole order', () => {
  it('[U] stops everything but calls under way: nothing begins, and the clocks of all steps stand still', () => {
    const order = given(reviewed(), placed(), told()).when(reports('stock.short', { note: 'fire' }))
    order.thenExactly(
      ['fact.received', { handling: 'review' }],
      ['review.opened', { code: 'stock.short', scope: 'order', message: 'test reports stock.short: fire' }],
      ['notice.requested', { subject: 'review:1', about: 'review' }],
      ['clock.paused', { subject: 'step:look' }],
    )
    order.thenStatus('manual_review')
    order.when(succeeds('post')).thenExactly('call.succeeded', ['step.completed', { step: 'post' }])
    order
      .when(does('he', 'release', { reason: 'found elsewhere' }))
      .thenExactly(
        ['review.closed', { because: 'released' }],
        ['step.entered', { step: 'wait' }],
        ['clock.resumed', { subject: 'step:look' }],
      )
  })

  it('[U] is opened once for one reason, and again after it has been released', () => {
    const order = given(reviewed(), placed(), reports('stock.short')).when(reports('stock.short'))
    order.thenExactly('fact.received')
    order
      .when(does('he', 'release', { hold: 'review:1' }), reports('stock.short'))
      .thenAmongOthers(['review.opened', { review: '2' }])
  })

  it('[U] tells its owner, then others, again and again, and from the third time on one level up', () => {
    const order = given(reviewed(), placed(), does('mei', 'approve'), succeeds('post'), reports('stock.short'), told())
    order
      .when(deadline)
      .thenExactly(
        ['rung.fired', { subject: 'review:1', action: 'escalate', repeat: 0 }],
        ['notice.requested', { target: 'role:ops-manager', owner: 'role:order-desk', about: 'escalate' }],
      )
    order.when(deadlines(2)).thenAmongOthers(['rung.fired', { repeat: 2 }])
    order
      .when(deadlines(1))
      .thenAmongOthers(['rung.fired', { repeat: 3 }], ['notice.requested', { target: 'role:ops-manager', level: 1 }])
    order.when(deadlines(3)).thenAmongOthers(['rung.fired', { repeat: 6 }], ['notice.requested', { level: 2 }])
  })

  it('[U] can be handed over, and the new owner is told', () => {
    given(reviewed(), placed(), reports('stock.short'))
      .when(does('he', 'transfer', { to: 'ling', reason: 'on leave' }))
      .thenExactly(
        ['review.transferred', { review: '1', from: 'role:order-desk', to: 'ling' }],
        ['notice.requested', { subject: 'review:1', target: 'ling', owner: 'ling', about: 'review' }],
      )
      .when(told('someone-else'))
      .thenExactly('notice.delivered', 'notice.delivered', 'notice.delivered')
  })

  it('[U] lets nothing that has failed begin again before it is released', () => {
    given(reviewed(), placed(), fails('post'), reports('stock.short'))
      .when(does('wu', 'retry'))
      .thenRefused('not_applicable')
      .when(does('he', 'release'), does('wu', 'retry'))
      .thenAmongOthers(['call.started', { step: 'post' }])
  })

  it('[U] ends by a person alone: where its ladder runs out it begins anew', () => {
    const order = given(
      reviewed(
        '',
        '{ owner: role:order-desk, ladder: [{ after: 4h, remind: owner }, { after: 1d, fallback: review }] }',
      ),
      placed(),
      succeeds('post'),
      does('mei', 'approve'),
      reports('shipment.lost'),
    )
    order
      .when(deadlines(2))
      .thenAmongOthers(
        ['rung.fired', { action: 'fallback', clock: { rung: 0 } }],
        ['notice.requested', { target: 'zhao' }],
      )
    order
      .when(deadlines(2))
      .thenAmongOthers(['rung.fired', { action: 'remind' }], ['rung.fired', { action: 'fallback' }])
    order.thenStatus('manual_review')
  })

  it('[U] may cancel the order when its ladder says so', () => {
    const order = given(
      reviewed('', '{ owner: role:order-desk, ladder: [{ after: 1d, fallback: cancel }] }'),
      placed(),
      fails('post'),
    )
    order
      .when(deadlines(1))
      .thenAmongOthers(['review.closed', { because: 'close' }], ['order.closed', { status: 'cancelled' }])
  })
})

describe('a review of a step', () => {
  it('[U] lets parallel branches go on', () => {
    given(reviewed(), placed(), fails('post'))
      .when(does('mei', 'approve'))
      .thenExactly(['step.completed', { step: 'look' }])
      .thenStatus('manual_review')
  })

  it('[U] stops them where the step says so, until it is retried', () => {
    given(reviewed('stopsAll: true'), placed(), told())
      .when(fails('post'))
      .thenAmongOthers(['review.opened', { scope: 'order', step: 'post' }], ['clock.paused', { subject: 'step:look' }])
      .when(does('wu', 'retry'))
      .thenAmongOthers('review.closed', ['call.started', { step: 'post' }], ['clock.resumed', { subject: 'step:look' }])
  })

  it('[U] stops everything twice over when two such steps fail, and either is retried', () => {
    const both = `
flow: none
steps:
  - { id: post, kind: call, status: pending_stock, after: [], do: erp.post, undo: erp.reverse, stopsAll: true, owner: role:warehouse }
  - { id: book, kind: call, status: pending_stock, after: [], do: erp.post, undo: erp.reverse, stopsAll: true, owner: role:warehouse }
`
    given(both, placed(), fails('post'), fails('book'))
      .when(does('wu', 'retry', { step: 'post' }))
      .thenAmongOthers(['call.started', { step: 'post' }])
      .when(does('wu', 'retry', { step: 'book' }))
      .thenAmongOthers(['call.started', { step: 'book' }])
  })

  it('[U] is not released but retried, sent back or cancelled', () => {
    given(reviewed(), placed(), fails('post')).when(does('he', 'release')).thenRefused('not_applicable')
    given(reviewed(), placed(), fails('post'))
      .when(does('he', 'release', { hold: 'review:1' }))
      .thenRefused('not_applicable')
    given(reviewed(), placed(), fails('post'))
      .when(does('he', 'send_back', { to: 'post' }))
      .thenAmongOthers('step.reset')
  })

  it('[U] can be handed over to someone who may then act on it', () => {
    given(reviewed(), placed(), fails('post'))
      .when(does('luo', 'retry'))
      .thenRefused('not_permitted')
      .when(does('he', 'transfer', { step: 'post', to: 'luo', reason: 'on leave' }), does('luo', 'retry'))
      .thenAmongOthers(['review.transferred', { to: 'luo' }], 'step.retried')
  })

  it('[U] of a wait ends by itself when what it waits for is reported after all', () => {
    given(reviewed(), placed(), succeeds('post'), does('mei', 'approve'), deadlines(2))
      .thenAmongOthers(['review.opened', { step: 'wait', code: 'overdue' }])
      .when(reports('invoice.matched'))
      .thenExactly(
        ['fact.received', { handling: 'taken', step: 'wait' }],
        'step.completed',
        ['review.closed', { because: 'completed' }],
        ['exception.resolved', { outcome: 'fixed' }],
        ['order.closed', { status: 'completed' }],
      )
  })

  it('[U] opened by the clock stops the others that are due at the same time', () => {
    const both = `
flow: none
steps:
  - { id: first, kind: task, status: pending_approval, after: [], stopsAll: true, owner: role:finance, ladder: [{ after: 1d, fallback: review }] }
  - { id: second, kind: task, status: pending_approval, after: [], owner: role:finance, ladder: [{ after: 1d, fallback: cancel }] }
`
    given(both, placed(), told())
      .when(passes('1d'), clock)
      .thenExactly(
        ['rung.fired', { subject: 'step:first' }],
        'step.failed',
        'exception.raised',
        ['review.opened', { scope: 'order' }],
        'notice.requested',
        ['clock.paused', { subject: 'step:second' }],
      )
  })
})

describe('a look-up before a rung', () => {
  const tracked = `
flow: none
holds:
  customer: { owner: role:order-desk, ladder: [{ after: 1d, remind: owner, every: 1d }] }
steps:
  - { id: sign, kind: wait, status: in_transit, fact: shipment.delivered, irreversible: true, check: carrier.track, owner: role:logistics, ladder: ${ladder('review')} }
`

  it('[U] is waited for, a minute at most, and then the rung fires', () => {
    given(tracked, placed())
      .when(deadline)
      .thenExactly(
        ['call.started', { kind: 'check', operation: 'carrier.track', giveUpAt: '2026-03-03T01:01:00.000Z' }],
        'clock.checking',
      )
      .when(checkFails('sign'))
      .thenExactly('call.failed', ['rung.fired', { action: 'remind' }], 'notice.requested')
    given(tracked, placed(), deadline)
      .when(deadline)
      .thenExactly(
        ['call.cancelling', { because: 'gave_up' }],
        ['rung.fired', { action: 'remind' }],
        'notice.requested',
      )
  })

  it('[U] does not fire its rung into a hold', () => {
    given(tracked, placed(), deadline, does('he', 'hold'))
      .when(checkFails('sign'))
      .thenExactly('call.failed', ['clock.paused', { subject: 'step:sign' }])
  })
})
