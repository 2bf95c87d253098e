import assert from 'node:assert/strict'
import { connectorsDescription } from '../../connectors/description.ts'
import { createConnectors } from '../../connectors/registry.ts'
import { requestOf } from './call-request.ts'
import { FakeSystem } from './fake-system.ts'

const operation = { method: 'POST', path: '/do', idempotency: 'key' }
const variable = (name: string) => `\${${name}}`

const describeConnectors = (connectors: Record<string, object>) => connectorsDescription.parse({ connectors })
const bank = {
  baseUrl: `${variable('BANK_URL')}/v1/`,
  headers: { 'x-token': `t-${variable('BANK_TOKEN')}` },
  operations: { 'payment.authorise': operation, 'payment.void': { ...operation, idempotency: 'none' } },
}
const carrier = { baseUrl: 'http://127.0.0.1:9', operations: { 'shipment.create': operation } }
const signal = new AbortController().signal

describe('connectors: registry', () => {
  it('[U] says what is offered, by whom and how it may be repeated', () => {
    const connectors = createConnectors(describeConnectors({ bank, carrier }), {
      BANK_URL: 'http://127.0.0.1:9',
      BANK_TOKEN: 'x',
    })
    assert.deepEqual(connectors.operations(), {
      'payment.authorise': { connector: 'bank', idempotency: 'key' },
      'payment.void': { connector: 'bank', idempotency: 'none' },
      'shipment.create': { connector: 'carrier', idempotency: 'key' },
    })
  })

  it('[I] calls the connector that offers the operation; address and headers take variables', async () => {
    const system = new FakeSystem()
    await system.start()
    try {
      const environment = { BANK_URL: system.url, BANK_TOKEN: 'secret' }
      const connectors = createConnectors(describeConnectors({ bank, carrier }), environment)
      assert.deepEqual(await connectors.call(requestOf('payment.authorise'), signal, 1), { ok: true, result: {} })
      assert.deepEqual([system.asked[0]?.path, system.asked[0]?.headers['x-token']], ['/v1/do', 't-secret'])
      const again = await connectors.call(requestOf('payment.void'), signal, 2)
      assert.equal(!again.ok && again.code, 'outcome_unknown', 'the attempt gets there')
    } finally {
      await system.stop()
    }
  })

  it('[U] an operation that nobody offers is not done', async () => {
    const outcome = await createConnectors(describeConnectors({ carrier }), {}).call(
      requestOf('goods.paint'),
      signal,
      1,
    )
    assert.deepEqual(!outcome.ok && [outcome.code, outcome.certainty], ['no_such_operation', 'not_done'])
  })

  it('[U] refuses two connectors that offer the same', () => {
    const other = { ...carrier, operations: { 'payment.void': operation } }
    assert.throws(
      () => createConnectors(describeConnectors({ bank, other }), { BANK_URL: 'http://127.0.0.1', BANK_TOKEN: 'x' }),
      /connectors bank and other both offer payment\.void/,
    )
  })

  it('[U] says which variables are missing, and where', () => {
    assert.throws(
      () => createConnectors(describeConnectors({ bank }), { BANK_TOKEN: '' }),
      /connector bank: .*BANK_URL \(in baseUrl\), BANK_TOKEN \(in headers\.x-token\)/,
    )
    assert.throws(
      () => createConnectors(describeConnectors({ bank }), { BANK_URL: 'ftp://bank', BANK_TOKEN: 'x' }),
      /not an http address: ftp:\/\/bank\/v1/,
    )
  })
})
