import {
  deadlines,
  does,
  fails,
  given,
  placed,
  reports,
  succeeds,
  temporalCancels,
  undoFails,
  undoSucceeds,
} from '../specification.ts'

const ladder = (fallback: string) => `[{ after: 1d, remind: owner }, { after: 3d, fallback: ${fallback} }]`
const process = `
flow: none
on: { customer.cancelled: cancel }
steps:
  - { id: seal, kind: call, status: pending_stock, after: [], do: erp.seal, irreversible: true, owner: role:warehouse }
  - { id: look, kind: task, status: pending_payment, after: [], owner: role:finance, ladder: ${ladder('cancel')} }
  - { id: post, kind: call, status: pending_stock, after: [], do: erp.post, undo: erp.reverse, onFailure: cancel, owner: role:warehouse }
`
const sealed = () => given(process, placed(), succeeds('seal'))
const asked = ['review.opened', { code: 'irreversible', scope: 'order' }] as const

describe('once something irreversible has been done', () => {
  it('[U] a cancellation, whoever says it, becomes a review of the whole order', () => {
    sealed().when(does('he', 'cancel')).thenAmongOthers(asked).thenStatus('manual_review')
    sealed().when(reports('customer.cancelled')).thenAmongOthers(asked)
    sealed().when(temporalCancels).thenAmongOthers(asked)
  })

  it('[U] a second cancellation is refused while a person is being asked, and allowed after they have answered', () => {
    sealed()
      .when(does('he', 'cancel'))
      .when(does('he', 'cancel'))
      .thenRefused('not_applicable')
      .when(does('he', 'release'), does('he', 'cancel'))
      .thenAmongOthers('review.closed', asked)
  })

  it('[U] a step that would have cancelled fails instead, and waits for a person', () => {
    const failed = (step: string) => ['review.opened', { code: 'irreversible', scope: 'step', step }] as const
    sealed().when(does('fang', 'reject')).thenAmongOthers('step.rejected', 'step.failed', failed('look'))
    sealed()
      .when(succeeds('post'), deadlines(2))
      .thenAmongOthers(['rung.fired', { fallback: 'cancel' }], failed('look'))
    sealed().when(fails('post')).thenAmongOthers('step.failed', failed('post'))
  })

  it('[U] a task that was done counts, too', () => {
    given(process.replace('kind: task,', 'kind: task, irreversible: true,'), placed(), does('fang', 'approve'))
      .when(does('he', 'cancel'))
      .thenAmongOthers(asked)
  })

  it('[U] what is under way when the order is cancelled and comes off late is not undone: a person accepts it', () => {
    given(process, placed(), does('he', 'cancel'))
      .when(fails('post'), succeeds('seal'))
      .thenExactly(
        'call.failed',
        ['call.succeeded', { step: 'seal', late: true }],
        ['call.failed', { step: 'seal', kind: 'undo', code: 'irreversible' }],
        ['review.opened', { step: 'seal', code: 'undo_failed' }],
        'notice.requested',
      )
      .thenStatus('manual_review')
      .when(does('wu', 'retry'))
      .thenRefused('not_applicable')
      .when(does('he', 'release', { reason: 'the seal may stay' }))
      .thenExactly(
        'review.closed',
        ['step.retried', { step: 'seal', what: 'keep' }],
        'lines.cancelled',
        'compensation.ended',
        ['order.closed', { status: 'cancelled' }],
      )
  })

  it('[U] an undo that failed although it could be undone is not simply accepted', () => {
    given(process, placed(), succeeds('post'), does('he', 'cancel'), fails('seal'), undoFails('post'))
      .when(does('he', 'release'))
      .thenRefused('not_applicable')
  })

  it('[U] what a person has accepted as kept does not keep the order from going back', () => {
    const parcels = `
flow: outbound
steps:
  - { id: ship, kind: call, status: pending_shipment, do: shipment.create, undo: shipment.recall, onFailure: review, owner: role:warehouse }
  - { id: sign, kind: wait, status: in_transit, fact: shipment.delivered, irreversible: true, owner: role:logistics, ladder: ${ladder('review')} }
`
    const parcel = (id: string, line: number) => ({ id, lines: [{ line, sku: `sku-${line}`, quantity: 1 }] })
    const lines = [1, 2].map(line => ({ line, sku: `sku-${line}`, quantity: 1, unitPriceMinor: 100 }))
    const back = does('he', 'send_back', { to: 'ship' })
    given(parcels, placed({ lines }), succeeds('ship', { parcels: [parcel('a', 1), parcel('b', 2)] }), back)
      .when(reports('shipment.delivered', { parcel: 'a' }), undoSucceeds('ship'))
      .thenAmongOthers(['review.opened', { step: 'sign', code: 'undo_failed' }])
      .when(does('he', 'release', { reason: 'it has arrived' }), fails('ship'))
      .thenAmongOthers(['step.retried', { step: 'sign', what: 'keep' }], ['review.opened', { step: 'ship' }])
      .when(back)
      .thenAmongOthers('compensation.started')
  })
})
