import assert from 'node:assert/strict'
import type { CallOutcome } from '../../../domain/call.ts'
import { planRun } from '../../../domain/core/steps/run-plan.ts'
import { processNamed } from '../definitions.ts'
import { does, given, type Happening, placed, succeeds, undoSucceeds } from '../specification.ts'

const sales = processNamed('sales')
const planned = (order: ReturnType<typeof given>) =>
  planRun(order.definition, order.state, order.at).map(({ request }) => request.operation)

/** A run has done a call of this step, which the order has not asked for. */
const ranAhead =
  (step: string, outcome: CallOutcome = { ok: true, result: {} }): Happening =>
  order =>
    order.take({ type: 'result', at: order.at, call: { step, round: 1, kind: 'do' }, outcome })

describe('a run', () => {
  it('[U] is planned of all calls that are ready, or become so by each other’s success', () => {
    const order = given(sales, placed())
    assert.deepEqual(planned(order), ['payment.authorise', 'inventory.reserve', 'shipment.create', 'payment.capture'])
    assert.deepEqual(planned(order.when(succeeds('payment'), succeeds('stock'))), [
      'shipment.create',
      'payment.capture',
    ])
  })

  it('[U] stops before what must not be repeated, and what waits for that', () => {
    const steps = sales.steps.map(step => (step.id === 'shipment' ? { ...step, idempotency: 'none' as const } : step))
    assert.deepEqual(planned(given({ ...sales, steps }, placed())), ['payment.authorise', 'inventory.reserve'])
  })

  it('[U] stops where a hold does', () => {
    const order = given(sales, placed(), does('fang', 'hold', { hold: 'credit' }))
    assert.deepEqual(planned(order), ['payment.authorise', 'inventory.reserve'])
  })

  it('[U] that outran a cancelled order is undone by its key, before what it followed', () => {
    given(sales, placed(), does('he', 'cancel'))
      .when(ranAhead('shipment'))
      .thenExactly(
        ['call.failed', { step: 'shipment', code: 'ran_ahead', certainty: 'unknown' }],
        ['call.started', { step: 'shipment', kind: 'undo', key: 'main/SO-1/shipment/1' }],
      )
      .when(
        undoSucceeds('shipment'),
        succeeds('stock'),
        undoSucceeds('stock'),
        succeeds('payment'),
        undoSucceeds('payment'),
      )
      .thenAmongOthers(['order.closed', { status: 'cancelled' }])
  })

  it('[U] that outran a hold has it done again after it, under the same key', () => {
    const order = given(
      sales,
      placed(),
      does('fang', 'hold', { hold: 'credit' }),
      succeeds('payment'),
      succeeds('stock'),
    )
    order
      .when(ranAhead('shipment'))
      .thenExactly(['call.failed', { step: 'shipment', code: 'ran_ahead' }])
      .when(does('fang', 'release', { hold: 'credit' }))
      .thenAmongOthers(['call.started', { step: 'shipment', kind: 'do', key: 'main/SO-1/shipment/1' }])
  })

  it('[U] that was refused ahead of the order has done nothing', () => {
    given(sales, placed(), does('he', 'cancel'))
      .when(ranAhead('shipment', { ok: false, code: 'no_such_address', message: '', certainty: 'not_done' }))
      .thenExactly()
  })
})
