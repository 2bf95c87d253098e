import assert from 'node:assert/strict'
import { EnvironmentError, readEnvironment } from '../../config/environment.ts'

function refused(env: Record<string, string>, message: RegExp): void {
  assert.throws(
    () => readEnvironment(env),
    (error: unknown) => error instanceof EnvironmentError && message.test(error.message),
  )
}

const issuer = { NOLIMBO_OIDC_ISSUER: 'https://id.example.com', NOLIMBO_OIDC_AUDIENCE: 'orders' }

describe('readEnvironment, of who may ask', () => {
  it('[U] allows demo keys on a loopback address only', () => {
    for (const HOST of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) {
      assert.deepEqual(readEnvironment({ HOST }).auth, { kinds: ['demo'] })
      assert.deepEqual(readEnvironment({ HOST, NOLIMBO_AUTH: 'demo' }).auth, { kinds: ['demo'] })
    }
    for (const HOST of ['0.0.0.0', '::', '10.0.0.1', 'orders.example.com', '127.evil.example']) {
      refused({ HOST, NOLIMBO_AUTH: 'demo' }, /NOLIMBO_AUTH: demo keys are for a loopback address only/)
      refused({ HOST, NOLIMBO_AUTH: 'keys,demo' }, /NOLIMBO_AUTH: demo keys are for a loopback address only/)
      refused({ HOST }, /NOLIMBO_AUTH: must be set/)
      assert.deepEqual(readEnvironment({ HOST, NOLIMBO_AUTH: 'keys' }).auth, { kinds: ['keys'] })
    }
  })

  it('[U] takes several ways to sign in side by side', () => {
    const { auth } = readEnvironment({ ...issuer, NOLIMBO_AUTH: 'keys, oidc' })
    assert.deepEqual(auth, {
      kinds: ['keys', 'oidc'],
      oidc: {
        issuer: 'https://id.example.com',
        audience: 'orders',
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        clockSkewS: 30,
        subjectClaim: 'sub',
      },
    })
    refused({ NOLIMBO_AUTH: 'none' }, /NOLIMBO_AUTH.*there is no "none"; only demo, keys, oidc/)
    refused({ NOLIMBO_AUTH: 'keys,' }, /there is no ""/)
  })

  it('[U] takes what is set of an issuer', () => {
    const { auth } = readEnvironment({
      ...issuer,
      NOLIMBO_AUTH: 'oidc',
      NOLIMBO_OIDC_JWKS_URL: 'https://keys.example.com/jwks',
      NOLIMBO_OIDC_ALGORITHMS: 'ES256',
      NOLIMBO_OIDC_CLOCK_SKEW_S: '5',
      NOLIMBO_OIDC_SUBJECT_CLAIM: 'preferred_username',
      NOLIMBO_OIDC_ROLES_CLAIM: 'realm_access.roles',
      NOLIMBO_OIDC_ORGANISATION_CLAIM: 'branch',
      NOLIMBO_OIDC_SERVICE_CLAIM: 'idtyp=app',
    })
    assert.deepEqual(auth.oidc, {
      issuer: 'https://id.example.com',
      audience: 'orders',
      jwksUrl: 'https://keys.example.com/jwks',
      algorithms: ['ES256'],
      clockSkewS: 5,
      subjectClaim: 'preferred_username',
      rolesClaim: 'realm_access.roles',
      organisationClaim: 'branch',
      serviceClaim: { name: 'idtyp', value: 'app' },
    })
  })

  it('[U] refuses an issuer that could not be trusted', () => {
    refused({ NOLIMBO_AUTH: 'oidc' }, /NOLIMBO_OIDC_ISSUER: must be set.*NOLIMBO_OIDC_AUDIENCE: must be set/)
    const oidc = { ...issuer, NOLIMBO_AUTH: 'oidc' }
    refused({ ...oidc, NOLIMBO_OIDC_ISSUER: 'http://id.example.com' }, /NOLIMBO_OIDC_ISSUER: an https:/)
    refused({ ...oidc, NOLIMBO_OIDC_JWKS_URL: 'ftp://id.example.com' }, /NOLIMBO_OIDC_JWKS_URL: an https:/)
    refused({ ...oidc, NOLIMBO_OIDC_ALGORITHMS: 'RS256,none' }, /NOLIMBO_OIDC_ALGORITHMS.*"none" is not one of/)
    refused({ ...oidc, NOLIMBO_OIDC_ALGORITHMS: 'HS256' }, /NOLIMBO_OIDC_ALGORITHMS.*"HS256" is not one of/)
    refused({ ...oidc, NOLIMBO_OIDC_CLOCK_SKEW_S: '3600' }, /NOLIMBO_OIDC_CLOCK_SKEW_S: at most 300/)
    refused({ ...oidc, NOLIMBO_OIDC_SERVICE_CLAIM: 'app' }, /NOLIMBO_OIDC_SERVICE_CLAIM: written like/)
    refused({ ...oidc, NOLIMBO_OIDC_AUDIENCES: 'x' }, /NOLIMBO_OIDC_AUDIENCES: not known/)
    assert.ok(readEnvironment({ ...oidc, NOLIMBO_OIDC_ISSUER: 'http://127.0.0.1:9000' }).auth.oidc)
  })

  it('[U] has limits of pace', () => {
    assert.deepEqual(readEnvironment({}).rateLimits, { perIdentity: 30_000, perAddress: 600 })
    const set = { NOLIMBO_RATE_LIMIT: '10', NOLIMBO_RATE_LIMIT_ADDRESS: '5' }
    assert.deepEqual(readEnvironment(set).rateLimits, { perIdentity: 10, perAddress: 5 })
    refused({ NOLIMBO_RATE_LIMIT: '0' }, /NOLIMBO_RATE_LIMIT: at least 1/)
    refused({ NOLIMBO_RATE_LIMIT_ADDRESS: 'many' }, /NOLIMBO_RATE_LIMIT_ADDRESS: a whole number/)
  })
})
