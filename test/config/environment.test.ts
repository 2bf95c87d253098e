import assert from 'node:assert/strict'
import { EnvironmentError, readEnvironment } from '../../config/environment.ts'

function refused(env: Record<string, string>, message: RegExp): void {
  assert.throws(
    () => readEnvironment(env),
    (error: unknown) => error instanceof EnvironmentError && message.test(error.message),
  )
}

describe('readEnvironment', () => {
  it('[U] has a default for everything', () => {
    assert.deepEqual(readEnvironment({}), {
      port: 3000,
      host: '127.0.0.1',
      temporal: { namespace: 'default', port: 7233, uiPort: 8233 },
      dataFolder: '.nolimbo',
      processesFolder: 'processes',
      makeCurrent: false,
      auth: { kinds: ['demo'] },
      rateLimits: { perIdentity: 30_000, perAddress: 600 },
      sandboxPort: 0,
    })
  })

  it('[U] takes what is set; an empty variable is not set', () => {
    const read = readEnvironment({
      PORT: '8080',
      HOST: '',
      TEMPORAL_ADDRESS: 'temporal.example.com:7233',
      TEMPORAL_API_KEY: 'secret',
      DATABASE_URL: 'postgresql://me@db/orders',
      PATH: '/bin',
    })
    assert.equal(read.port, 8080)
    assert.equal(read.host, '127.0.0.1')
    assert.equal(read.temporal.address, 'temporal.example.com:7233')
    assert.equal(read.databaseUrl, 'postgresql://me@db/orders')
    assert.deepEqual(read.temporal.tls, {}, 'an API key never travels without TLS')
  })

  it('[U] reads the certificates of mutual TLS', () => {
    const files = { TEMPORAL_TLS_CLIENT_CERT_PATH: 'a.pem', TEMPORAL_TLS_CLIENT_KEY_PATH: 'b.pem' }
    assert.deepEqual(readEnvironment(files).temporal.tls, {
      clientCertificatePath: 'a.pem',
      clientKeyPath: 'b.pem',
    })
    refused({ TEMPORAL_TLS_CLIENT_CERT_PATH: 'a.pem' }, /TEMPORAL_TLS_CLIENT_KEY_PATH/)
  })

  it('[U] reads what this version is called, and whether it is to be the current one', () => {
    const { buildId, makeCurrent } = readEnvironment({ NOLIMBO_BUILD_ID: '2026-11-25.3', NOLIMBO_MAKE_CURRENT: 'true' })
    assert.deepEqual([buildId, makeCurrent], ['2026-11-25.3', true])
    refused({ NOLIMBO_BUILD_ID: 'a b' }, /^NOLIMBO_BUILD_ID: /)
    refused({ NOLIMBO_BUILD_ID: 'nolimbo:1' }, /^NOLIMBO_BUILD_ID: /)
    refused({ NOLIMBO_MAKE_CURRENT: 'yes' }, /^NOLIMBO_MAKE_CURRENT: /)
  })

  it('[U] names the variable that has a bad value', () => {
    refused({ PORT: 'http' }, /^PORT: /)
    refused({ PORT: '70000' }, /^PORT: /)
    refused({ DATABASE_URL: 'mysql://db' }, /^DATABASE_URL: /)
    refused({ TEMPORAL_ADDRESS: 'https://temporal' }, /^TEMPORAL_ADDRESS: /)
    refused({ TEMPORAL_TLS_INSECURE: 'true' }, /^TEMPORAL_TLS_INSECURE: not known/)
    refused({ PORT: 'x', SANDBOX_PORT: 'y' }, /PORT: .*SANDBOX_PORT: /)
  })
})
