import assert from 'node:assert/strict'
import { generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose'
import type { OidcSettings } from '../../../config/auth-environment.ts'
import { orderRequest, type RunningApi, runApi } from '../running-api.ts'
import { audience, type Issuer, startIssuer } from './issuer.ts'

/** Claims of a person's token, beside what the issuer's own tokens have. */
const ofMei = { sub: 'mei', client_id: 'console' }

describe('OIDC tokens', () => {
  let issuer: Issuer
  let api: RunningApi
  let branch = ''
  /** The API's clock stands here. */
  const standsAt = Math.floor(Date.now() / 1000)
  const now = () => standsAt

  before(async function () {
    this.timeout(60_000)
    issuer = await startIssuer(['webshop', 'shop', 'mei', 'clock', 'console'], () => ({
      groups: ['service', 'finance'],
      branch,
    }))
    api = await run()
  })
  after(async () => {
    await api.close()
    await issuer.close()
  })

  async function run(changes: Partial<OidcSettings> = {}): Promise<RunningApi> {
    const oidc: OidcSettings = {
      issuer: issuer.url,
      audience,
      algorithms: ['RS256', 'ES256'],
      clockSkewS: 30,
      subjectClaim: 'sub',
      ...changes,
    }
    const running = await runApi({ auth: { kinds: ['keys', 'oidc'], oidc } })
    running.setTime(new Date(standsAt * 1000).toISOString())
    return running
  }

  /** As the issuer would sign it, if it were asked to say this. */
  async function signed(claims: JWTPayload, header: { kid?: string } = {}): Promise<string> {
    const [key] = issuer.keys()
    return new SignJWT({ iss: issuer.url, aud: audience, exp: now() + 600, iat: now(), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: key!.kid!, ...header })
      .sign(await importJWK(key!, 'RS256'))
  }

  const withToken = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })

  async function codeOf(token: string, of: RunningApi = api): Promise<string> {
    const { status, body, headers } = await of.get('/api/tasks', withToken(token))
    if (status === 401) {
      assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
      const challenge = headers.get('www-authenticate') ?? ''
      assert.match(challenge, /^Bearer realm="nolimbo", error="invalid_token", error_description="[^"]+"$/)
      assert.ok(body.detail.length > 10 && body.title.length > 10)
    }
    return status === 200 ? 'good' : `${status} ${body.code}`
  }

  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it('[I] of a backend, by client credentials: a service account with the roles of its token', async () => {
    const taking = await run({ rolesClaim: 'groups', organisationClaim: 'branch' })
    branch = taking.organisation
    try {
      const token = await issuer.tokenOf('webshop')
      const placed = await taking.post(
        '/api/orders',
        orderRequest({ orderNo: 'O-1', total: '20000.00' }),
        withToken(token),
      )
      assert.deepEqual([placed.status, placed.body.order?.placedBy], [201, 'webshop'], JSON.stringify(placed.body))
      const refused = await taking.post('/api/orders/O-1/commands', { type: 'approve' }, withToken(token))
      assert.deepEqual([refused.status, refused.body.code], [403, 'not_permitted'])
      assert.match(refused.body.detail, /webshop is a service account/)
    } finally {
      await taking.close()
    }
  })

  it('[I] of a backend of the directory: with the roles that it has there', async () => {
    const placed = await api.post(
      '/api/orders',
      orderRequest({ orderNo: 'O-2' }),
      withToken(await issuer.tokenOf('shop')),
    )
    assert.deepEqual([placed.status, placed.body.order?.placedBy], [201, 'shop'], JSON.stringify(placed.body))
    assert.equal(await codeOf(await issuer.tokenOf('webshop')), '401 unknown_person')
  })

  it('[I] of a person: with the roles that the directory gives today', async () => {
    const token = await signed(ofMei)
    const placed = await api.post(
      '/api/orders',
      orderRequest({ orderNo: 'O-3', total: '20000.00' }),
      withToken(await issuer.tokenOf('shop')),
    )
    assert.equal(placed.status, 201)
    const approved = await api.post('/api/orders/O-3/commands', { type: 'approve' }, withToken(token))
    assert.equal(approved.status, 200, JSON.stringify(approved.body))
  })

  it('[I] that are no good: each its own code', async () => {
    const good = await signed(ofMei)
    assert.equal(await codeOf(good), 'good')
    const [header = '', payload = '', signature = ''] = good.split('.')
    const other = await generateKeyPair('RS256')
    const claims = { iss: issuer.url, aud: audience, exp: now() + 600, ...ofMei }
    const kid = issuer.keys()[0]!.kid!
    const forged = (key: Parameters<SignJWT['sign']>[0], alg: string) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key)
    const publicPart = JSON.stringify((({ kty, n, e }) => ({ kty, n, e }))(issuer.keys()[0]!))
    const cases: [what: string, token: string, code: string][] = [
      ['expired', await signed({ ...ofMei, exp: now() - 31 }), 'token_expired'],
      ['not yet valid', await signed({ ...ofMei, nbf: now() + 60 }), 'token_not_yet_valid'],
      ['for somebody else', await signed({ ...ofMei, aud: 'urn:other' }), 'token_audience'],
      ['for somebody else, of the issuer', await issuer.tokenOf('shop', 'urn:other'), 'token_audience'],
      ['of another issuer', await signed({ ...ofMei, iss: 'https://evil.example' }), 'token_issuer'],
      ['of no issuer', await signed({ ...ofMei, iss: undefined }), 'token_claims'],
      ['for ever', await signed({ ...ofMei, exp: undefined }), 'token_claims'],
      ['forged', await forged(other.privateKey, 'RS256'), 'token_signature'],
      ['of a key that is not published', await signed(ofMei, { kid: 'no-such' }), 'token_signature'],
      ['changed', `${header}.${encoded({ ...claims, sub: 'ling' })}.${signature}`, 'token_signature'],
      ['cut', `${header}.${payload}.`, 'token_signature'],
      ['not signed', `${encoded({ alg: 'none' })}.${encoded(claims)}.`, 'token_algorithm'],
      ['not signed, in capitals', `${encoded({ alg: 'NONE', kid })}.${encoded(claims)}.x`, 'token_algorithm'],
      ['signed with the public key as a secret', await forged(Buffer.from(publicPart), 'HS256'), 'token_algorithm'],
      [
        'signed otherwise than allowed',
        await forged(other.privateKey, 'RS256').then(token => {
          const [, ...rest] = token.split('.')
          return [encoded({ alg: 'PS256', kid }), ...rest].join('.')
        }),
        'token_algorithm',
      ],
      ['none at all', 'eyJ.b.c', 'token_malformed'],
      ['of nobody here', await signed({ ...ofMei, sub: 'stranger' }), 'unknown_person'],
      ['of a service that a person claims to be', await signed({ ...ofMei, sub: 'shop' }), 'wrong_account'],
      ["of a service with a person's name", await issuer.tokenOf('mei'), 'wrong_account'],
      ['of a service with the name of the clock', await issuer.tokenOf('clock'), 'wrong_account'],
      ['of a subject that is no text', await signed({ ...ofMei, sub: 7 as unknown as string }), 'token_claims'],
    ]
    for (const [what, token, code] of cases) assert.equal(await codeOf(token), `401 ${code}`, what)
    assert.equal(await codeOf(await signed({ ...ofMei, exp: now() - 10 })), 'good', 'within the skew of the clocks')
    assert.equal(await codeOf('demo-mei'), '401 wrong_credential')
  })

  it('[I] take roles, organisation and subject from the claims that are named', async () => {
    const named = await run({
      subjectClaim: 'preferred_username',
      rolesClaim: 'realm_access.roles',
      organisationClaim: 'branch',
      serviceClaim: { name: 'idtyp', value: 'app' },
    })
    try {
      const said = (claims: JWTPayload) =>
        signed({ sub: 'd41d8cd9', preferred_username: 'mei', branch: named.organisation, ...claims })
      const roles = (list: unknown) => ({ realm_access: { roles: list } })
      const keysFor = async (claims: JWTPayload) => (await named.get('/api/keys', withToken(await said(claims)))).status
      assert.equal(await keysFor(roles(['sales'])), 403)
      assert.equal(await keysFor(roles(['sales', 'admin'])), 200)
      assert.equal(await keysFor(roles('sales admin')), 200)
      assert.equal(await keysFor({ 'realm_access.roles': ['admin'] }), 200)
      assert.equal(await codeOf(await said({}), named), '401 token_claims')
      assert.equal(await codeOf(await said(roles([7])), named), '401 token_claims')
      assert.equal(await codeOf(await said({ ...roles([]), branch: 'elsewhere' }), named), '401 unknown_person')
      assert.equal(await codeOf(await said({ ...roles([]), preferred_username: undefined }), named), '401 token_claims')
      const app = { idtyp: 'app', azp: 'webshop', preferred_username: undefined, ...roles(['service']) }
      const placed = await named.post('/api/orders', orderRequest({ orderNo: 'O-4' }), withToken(await said(app)))
      assert.deepEqual([placed.status, placed.body.order?.placedBy], [201, 'webshop'], JSON.stringify(placed.body))
      assert.equal(placed.body.organisation, named.organisation)
    } finally {
      await named.close()
    }
  })

  it('[I] signed with a new key are taken, those of the old one no more', async function () {
    this.timeout(30_000)
    const fresh = await run()
    try {
      const old = await signed(ofMei)
      assert.equal(await codeOf(old, fresh), 'good')
      const asked = issuer.asked()
      for (let time = 0; time < 5; time += 1) assert.equal(await codeOf(old, fresh), 'good')
      assert.equal(issuer.asked(), asked, 'the keys are kept')
      await issuer.rotate()
      const next = await signed(ofMei)
      // Unknown keys are looked for at most every five seconds.
      await new Promise(resolve => setTimeout(resolve, 5_100))
      assert.equal(await codeOf(next, fresh), 'good')
      assert.equal(issuer.asked(), asked + 1)
      assert.equal(await codeOf(old, fresh), '401 token_signature')
      for (let time = 0; time < 5; time += 1) await codeOf(await signed(ofMei, { kid: `made-up-${time}` }), fresh)
      assert.ok(issuer.asked() <= asked + 2, 'strangers make the issuer be asked again and again')
    } finally {
      await fresh.close()
    }
  })

  it('[I] cannot be judged while the issuer is away, and can when it is back', async () => {
    const early = await run()
    try {
      const token = await signed(ofMei)
      issuer.pause()
      assert.equal(await codeOf(token, early), '503 unavailable')
      assert.equal(
        await codeOf(`${encoded({ alg: 'none' })}.${encoded({ sub: 'mei' })}.`, early),
        '401 token_algorithm',
      )
      issuer.resume()
      assert.equal(await codeOf(token, early), 'good')
    } finally {
      issuer.resume()
      await early.close()
    }
  })
})
