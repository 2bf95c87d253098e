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
      auth: 'demo',
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

  it('[U] names the variable that has a bad value', () => {
    refused({ PORT: 'http' }, /^PORT: /)
    refused({ PORT: '70000' }, /^PORT: /)
    refused({ DATABASE_URL: 'mysql://db' }, /^DATABASE_URL: /)
    refused({ TEMPORAL_ADDRESS: 'https://temporal' }, /^TEMPORAL_ADDRESS: /)
    refused({ TEMPORAL_TLS_INSECURE: 'true' }, /^TEMPORAL_TLS_INSECURE: not known/)
    refused({ PORT: 'x', SANDBOX_PORT: 'y' }, /PORT: .*SANDBOX_PORT: /)
  })

  it('[U] allows demo keys on a loopback address only', () => {
    for (const HOST of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) {
      assert.equal(readEnvironment({ HOST, NOLIMBO_AUTH: 'demo' }).auth, 'demo')
    }
    for (const HOST of ['0.0.0.0', '::', '10.0.0.1', 'orders.example.com', '127.evil.example']) {
      refused({ HOST, NOLIMBO_AUTH: 'demo' }, /NOLIMBO_AUTH: demo keys are for a loopback address only/)
      refused({ HOST }, /NOLIMBO_AUTH: must be set/)
    }
  })

  it('[U] refuses the ways to sign in that do not exist yet', () => {
    refused({ NOLIMBO_AUTH: 'keys' }, /NOLIMBO_AUTH: "keys" is not available/)
    refused({ NOLIMBO_AUTH: 'oidc' }, /NOLIMBO_AUTH: "oidc" is not available/)
    refused({ NOLIMBO_AUTH: 'none' }, /NOLIMBO_AUTH: there is no "none"/)
  })
})
