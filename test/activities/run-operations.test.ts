import assert from 'node:assert/strict'
import type { RunOutcome } from '../../activities/contract.ts'
import { isAsAsked, runOperations } from '../../activities/run-operations.ts'
import { TransientError } from '../../connectors/connector.ts'
import type { Connectors } from '../../connectors/registry.ts'
import type { CallOutcome } from '../../domain/call.ts'
import { connectorsThat, inActivity, quietEnvironment, requestOf, runOf, stored } from './samples.ts'

const ok: CallOutcome = { ok: true, result: {} }
const operations = ['payment.authorise', 'inventory.reserve', 'shipment.create'].map(name => requestOf(name))

describe('the activity of a run', () => {
  const run = async (call: Connectors['call'], environment = quietEnvironment()): Promise<RunOutcome> => {
    const activity = runOperations({ connectors: connectorsThat(call) }, stored)
    return (await inActivity(activity, runOf(...operations), environment)).outcome
  }

  it('[U] makes the calls one after the other', async () => {
    const begun: string[] = []
    const outcome = await run(async ({ operation }) => {
      begun.push(operation)
      return ok
    })
    assert.deepEqual(outcome, { outcomes: [ok, ok, ok], undecided: [] })
    assert.deepEqual(
      begun,
      operations.map(({ operation }) => operation),
    )
  })

  it('[U] ends after a refusal, or after less than was asked', async () => {
    const refusal: CallOutcome = { ok: false, code: 'no_stock', message: '', certainty: 'not_done' }
    const short: CallOutcome = { ok: true, result: { amountMinor: 5 } }
    for (const end of [refusal, short]) {
      const outcome = await run(async ({ step }) => (step === 'inventory' ? end : ok))
      assert.deepEqual(outcome, { outcomes: [ok, end], undecided: [] })
    }
  })

  it('[U] ends at a call without a definite answer, and says what little is known of it', async () => {
    for (const certainty of ['unknown', 'not_done'] as const) {
      const { outcomes, undecided } = await run(async ({ step }) => {
        if (step === 'inventory') throw new TransientError('no answer', certainty)
        return ok
      })
      assert.deepEqual(outcomes, [ok])
      assert.deepEqual(undecided, [{ ok: false, code: 'transient', message: 'no answer', certainty }])
    }
  })

  it('[U] begins no further call once it is not wanted, and keeps what is done', async () => {
    const environment = quietEnvironment()
    const outcome = await run(async ({ step }) => {
      if (step === 'inventory') environment.cancel()
      return ok
    }, environment)
    assert.deepEqual(outcome, { outcomes: [ok, ok], undecided: [] })
  })

  it('[U] begins no call whose time is over', async () => {
    const calls = [{ request: operations[0]!, giveUpAt: new Date(Date.now() - 1).toISOString() }]
    const activity = runOperations({ connectors: connectorsThat(() => assert.fail('it was called')) }, stored)
    const { outcome } = await inActivity(activity, { calls })
    assert.deepEqual(outcome, { outcomes: [], undecided: [] })
  })
})

describe('an outcome', () => {
  const lines = [
    { line: 1, sku: 'A', quantity: 2 },
    { line: 2, sku: 'B', quantity: 3 },
  ]
  const reserve = requestOf('inventory.reserve', { lines })
  const capture = requestOf('payment.capture', { amountMinor: 500 })
  const [a, b] = [lines[0]!, lines[1]!]

  it('[U] is as asked where it says nothing else', () => {
    assert.ok(isAsAsked(capture, ok))
    assert.ok(isAsAsked(capture, { ok: true, result: { amountMinor: 500 } }))
    assert.ok(isAsAsked(reserve, { ok: true, result: { lines: [b, { ...a, quantity: 1 }, { ...a, quantity: 1 }] } }))
    assert.ok(isAsAsked(reserve, { ok: true, result: { parcels: [{ id: 'P1', lines }] } }))
  })

  it('[U] is not, where an amount, a line or what is in the parcels differs', () => {
    assert.ok(!isAsAsked(capture, { ok: true, result: { amountMinor: 499 } }))
    const swapped = [
      { ...a, quantity: 3 },
      { ...b, quantity: 2 },
    ]
    assert.ok(!isAsAsked(reserve, { ok: true, result: { lines: swapped } }), 'as many units, of other lines')
    assert.ok(!isAsAsked(reserve, { ok: true, result: { lines: [a] } }))
    assert.ok(!isAsAsked(reserve, { ok: true, result: { parcels: [{ id: 'P1', lines: [a] }] } }))
  })
})
