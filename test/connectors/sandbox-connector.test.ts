import assert from 'node:assert/strict'
import type { Connectors } from '../../connectors/registry.ts'
import type { CallOutcome, CallRequest, CallResult } from '../../domain/call.ts'
import { lookups, operations } from '../../domain/operation.ts'
import { requestOf } from './call-request.ts'
import { sandboxConnectors } from './sandbox/sandbox-connectors.ts'
import { lines, TestSandbox } from './sandbox/test-sandbox.ts'

const money = { currency: 'CNY', exponent: 2, amountMinor: 12_050 }
const signal = new AbortController().signal

describe('connectors: processes/connectors.yaml with the sandbox', () => {
  let sandbox: TestSandbox
  let connectors: Connectors
  beforeEach(async () => {
    sandbox = await TestSandbox.start()
    connectors = sandboxConnectors(sandbox.url)
  })
  afterEach(() => sandbox.stop())

  const call = (operation: string, input?: CallRequest['input'], step?: string) =>
    connectors.call(requestOf(operation, input, step), signal, 1)
  const resultOf = (outcome: CallOutcome): CallResult => {
    assert.ok(outcome.ok, JSON.stringify(outcome))
    return outcome.result
  }
  const codeOf = (outcome: CallOutcome) => !outcome.ok && `${outcome.code} ${outcome.certainty}`

  it('[I] offers every standard operation and lookup', () => {
    assert.deepEqual(Object.keys(connectors.operations()).sort(), [...Object.keys(operations), ...lookups].sort())
  })

  for (const [operation, { undo }] of Object.entries(operations)) {
    if (!undo) continue
    const input = operation.startsWith('payment.') ? money : { lines }
    it(`[I] ${operation} is done, undone by ${undo} with the same key, and then barred`, async () => {
      const done = resultOf(await call(operation, input))
      assert.deepEqual(
        [done.amountMinor, done.lines],
        [input === money ? 12_050 : undefined, input === money ? undefined : lines],
      )
      const undone = resultOf(await call(undo, input))
      assert.deepEqual([undone.amountMinor, undone.lines], [done.amountMinor, done.lines])
      assert.equal(codeOf(await call(operation, input)), 'barred not_done')
    })
    it(`[I] ${undo} before ${operation} takes nothing back and bars it`, async () => {
      const undone = resultOf(await call(undo, { currency: 'CNY', exponent: 2 }))
      assert.deepEqual(undone.amountMinor ?? undone.lines, input === money ? 0 : [])
      assert.equal(codeOf(await call(operation, input)), 'barred not_done')
    })
  }

  it('[I] a return order refunds without a capture of that key', async () => {
    const refund = { ...money, attributes: { standalone: true } }
    assert.equal(resultOf(await call('payment.refund', refund)).amountMinor, 12_050)
    const { refunds } = (await sandbox.client.get('/ledger')).body
    assert.deepEqual([refunds.length, refunds[0].amount], [1, '120.50'])
  })

  it('[I] a part that was reserved comes back as such; nothing at all is a refusal', async () => {
    const part = [...lines, { line: 3, sku: 'NOSTOCK-1', quantity: 1 }]
    assert.deepEqual(resultOf(await call('inventory.reserve', { lines: part })).lines, lines)
    assert.equal(codeOf(await call('inventory.reserve', { lines: part.slice(2) }, 'other')), 'out_of_stock not_done')
  })

  it('[I] carrier.track lists the parcels that were delivered, which are then past recall', async () => {
    const shipped = resultOf(
      await call('shipment.create', { lines, attributes: { parcels: 2, address: 'Canton Road' } }),
    )
    assert.equal(shipped.parcels?.length, 2)
    assert.deepEqual(resultOf(await call('carrier.track')).parcels, [])
    const order = { organisation: 'main', orderNo: 'S-1' }
    await sandbox.client.post('/deliver', { ...order, parcel: shipped.parcels[0]!.id })
    assert.deepEqual(resultOf(await call('carrier.track')).parcels, [shipped.parcels[0]])
    await sandbox.client.post('/deliver', order)
    assert.deepEqual(resultOf(await call('carrier.track')).parcels, shipped.parcels)
    assert.equal(codeOf(await call('shipment.recall')), 'already_delivered not_done')
  })

  it('[I] a key used for something else may have been done; what is not understood was not', async () => {
    await call('payment.authorise', money)
    assert.equal(codeOf(await call('payment.authorise', { ...money, amountMinor: 1 })), 'unexpected_409 unknown')
    assert.equal(codeOf(await call('payment.capture', { lines })), 'invalid not_done')
  })

  it('[I] an answer that never came: the same key again tells what was done, once', async () => {
    await sandbox.client.put('/faults', { timeoutAfterDoing: true })
    const abort = AbortSignal.timeout(60)
    await assert.rejects(connectors.call(requestOf('payment.capture', money), abort, 1), { name: 'TimeoutError' })
    await sandbox.client.put('/faults', { timeoutAfterDoing: false })
    assert.equal(resultOf(await connectors.call(requestOf('payment.capture', money), signal, 2)).amountMinor, 12_050)
    assert.equal((await sandbox.client.get('/ledger')).body.captures.length, 1)
  })
})
