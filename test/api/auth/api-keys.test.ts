import assert from 'node:assert/strict'
import { isWholeKey, newKeyText } from '../../../api/auth/key-text.ts'
import { StoreUnavailable } from '../../../store/store-error.ts'
import { monday, orderRequest, type RunningApi, runApi } from '../running-api.ts'

describe('the text of a key', () => {
  it('[U] is recognised, never twice the same, and tells when it was mistyped', () => {
    const keys = Array.from({ length: 100 }, newKeyText)
    assert.equal(new Set(keys).size, 100)
    for (const key of keys) {
      assert.match(key, /^nolimbo_[0-9a-f]{72}$/)
      assert.ok(isWholeKey(key))
      const place = 8 + Math.floor(Math.random() * 72)
      assert.ok(!isWholeKey(`${key.slice(0, place)}${key[place] === '0' ? '1' : '0'}${key.slice(place + 1)}`))
      assert.ok(!isWholeKey(key.slice(0, -1)))
    }
  })
})

describe('API keys', () => {
  let api: RunningApi
  let away = false
  before(async () => {
    api = await runApi({
      auth: { kinds: ['demo', 'keys'] },
      around: store => ({
        ...store,
        findApiKey: hash => (away ? Promise.reject(new StoreUnavailable('away')) : store.findApiKey(hash)),
      }),
    })
  })
  after(() => api.close())
  beforeEach(() => {
    away = false
    api.setTime(monday)
  })

  const create = async (body: object) => {
    const reply = await api.post('/api/keys', body, { as: 'admin' })
    assert.equal(reply.status, 201, JSON.stringify(reply.body))
    return reply.body
  }
  const withKey = (key: string) => ({ headers: { Authorization: `Bearer ${key}` } })
  const codeOf = async (key: string) => {
    const { status, body, headers } = await api.get('/api/tasks', withKey(key))
    if (status === 401)
      assert.match(headers.get('www-authenticate') ?? '', /^Bearer realm="nolimbo", error="invalid_token"/)
    return status === 200 ? 'good' : `${status} ${body.code}`
  }

  it('[I] are shown once and kept as a hash', async () => {
    const { key, id, ...shown } = await create({ person: 'mei', note: 'laptop' })
    assert.deepEqual(
      [shown.actor, shown.kind, shown.roles, shown.note, shown.createdBy],
      ['mei', 'person', [], 'laptop', 'admin'],
    )
    assert.equal(await codeOf(key), 'good')
    const listed = await api.get('/api/keys', { as: 'admin' })
    assert.ok(listed.body.items.some((one: { id: string }) => one.id === id))
    const kept = await api.store.listApiKeys({ organisation: api.organisation, limit: 100 })
    const everything = JSON.stringify([listed.body, kept.items, api.logged])
    assert.ok(!everything.includes(key.slice('nolimbo_'.length, -8)), 'the key is to be read somewhere')
    assert.match(kept.items.find(row => row.id === id)?.hash ?? '', /^[0-9a-f]{64}$/)
  })

  it('[I] are not kept for an Idempotency-Key either', async () => {
    const reply = await api.post('/api/keys', { person: 'mei' }, { as: 'admin', key: 'once' })
    assert.deepEqual([reply.status, reply.body.errors[0].field], [422, 'Idempotency-Key'])
  })

  it('[I] of a person act with the roles that the directory gives today', async () => {
    const { key } = await create({ person: 'mei' })
    const orderNo = await api.place('20000.00')
    const approved = await api.post(`/api/orders/${orderNo}/commands`, { type: 'approve' }, withKey(key))
    assert.equal(approved.status, 200, JSON.stringify(approved.body))
    const { items } = (await api.get(`/api/orders/${orderNo}/journal`)).body
    assert.ok(items.some(({ actor }: { actor: string }) => actor === 'mei'))
  })

  it('[I] of a service act with their own roles, but decide nothing, whatever those are', async () => {
    const { key } = await create({ service: 'webshop', roles: ['service', 'ops-manager'] })
    const placed = await api.post('/api/orders', orderRequest({ orderNo: 'W-1', total: '20000.00' }), withKey(key))
    assert.deepEqual([placed.status, placed.body.order.placedBy], [201, 'webshop'])
    const commands = placed.body.availableCommands.map(({ type }: { type: string }) => type)
    assert.ok(commands.includes('cancel') && !commands.includes('approve') && !commands.includes('reject'))
    for (const type of ['approve', 'reject']) {
      const refused = await api.post('/api/orders/W-1/commands', { type, reason: 'x' }, withKey(key))
      assert.deepEqual([refused.status, refused.body.code], [403, 'not_permitted'])
      assert.equal(refused.body.detail, `${type} is for a person to say, and webshop is a service account`)
    }
    assert.equal((await api.post('/api/orders/W-1/commands', { type: 'approve' }, { as: 'ling' })).status, 200)
  })

  it('[I] that expired, were revoked, are mistyped or never were: each is told why', async () => {
    const short = await create({ person: 'mei', expiresAt: '2026-03-02T03:00:00Z' })
    assert.equal(await codeOf(short.key), 'good')
    api.setTime('2026-03-02T03:00:00.000Z')
    assert.equal(await codeOf(short.key), '401 key_expired')

    const lost = await create({ person: 'mei' })
    assert.equal(await codeOf(lost.key), 'good')
    const ask = () =>
      fetch(`${api.url}/api/keys/${lost.id}`, { method: 'DELETE', headers: { Authorization: 'Bearer demo-admin' } })
    const revoked = (await (await ask()).json()) as { revokedBy: string; revokedAt: string }
    assert.equal(revoked.revokedBy, 'admin')
    assert.equal(await codeOf(lost.key), '401 key_revoked')
    api.setTime('2026-03-02T04:00:00.000Z')
    assert.equal(((await (await ask()).json()) as typeof revoked).revokedAt, revoked.revokedAt)

    assert.equal(await codeOf(newKeyText()), '401 unauthenticated')
    const { detail } = (await api.get('/api/tasks', withKey(`${newKeyText().slice(0, -1)}x`))).body
    assert.match(detail, /not whole/)
  })

  it('[I] say when they were last used, to the minute', async () => {
    const { key, id } = await create({ service: 'batch', roles: ['service'] })
    const lastUse = async () => {
      // Nobody waits for it to be written.
      await new Promise(resolve => setTimeout(resolve, 50))
      const { items } = (await api.get('/api/keys?limit=200', { as: 'admin' })).body
      return items.find((one: { id: string }) => one.id === id).lastUsedAt
    }
    assert.equal(await lastUse(), null)
    await codeOf(key)
    assert.equal(await lastUse(), monday)
    api.setTime('2026-03-02T02:00:30.000Z')
    await codeOf(key)
    assert.equal(await lastUse(), monday)
    api.setTime('2026-03-02T02:01:00.000Z')
    await codeOf(key)
    assert.equal(await lastUse(), '2026-03-02T02:01:00.000Z')
  })

  it('[I] that are known stay good for ten minutes while the store is away; others are answered 503', async () => {
    const { key } = await create({ person: 'mei' })
    const other = await create({ person: 'mei' })
    assert.equal(await codeOf(key), 'good')
    away = true
    api.setTime('2026-03-02T02:09:00.000Z')
    assert.equal(await codeOf(key), 'good')
    assert.equal(await codeOf(other.key), '503 unavailable')
    api.setTime('2026-03-02T02:10:00.000Z')
    assert.equal(await codeOf(key), '503 unavailable')
  })

  it('[I] are for admins to make, of people who are there and of services that are none', async () => {
    for (const as of ['ling', 'qin', 'shop']) {
      assert.equal((await api.post('/api/keys', { person: 'mei' }, { as })).status, 403)
      assert.equal((await api.get('/api/keys', { as })).status, 403)
    }
    const fieldOf = async (body: object) => {
      const reply = await api.post('/api/keys', body, { as: 'admin' })
      assert.equal(reply.status, 422, JSON.stringify(reply.body))
      return `${reply.body.errors[0].field}: ${reply.body.errors[0].message}`
    }
    assert.match(await fieldOf({ person: 'nobody' }), /^person: nobody in the organisation/)
    assert.match(await fieldOf({ person: 'shop' }), /^person: "shop" is a service account/)
    assert.match(await fieldOf({ service: 'mei', roles: ['service'] }), /^service: "mei" is a person/)
    assert.match(await fieldOf({ service: 'clock', roles: ['service'] }), /^service: "clock" is what the journal calls/)
    assert.match(await fieldOf({ person: 'mei', expiresAt: monday }), /^expiresAt: is past already/)
    for (const body of [{}, { service: 'x' }, { service: 'x', roles: [] }, { person: 'mei', roles: ['admin'] }]) {
      await fieldOf(body)
    }
  })

  it('[I] of the wrong kind are told apart from unknown ones', async () => {
    const strict = await runApi({ auth: { kinds: ['keys'] } })
    try {
      const wrong = await strict.get('/api/tasks')
      assert.deepEqual([wrong.status, wrong.body.code], [401, 'wrong_credential'])
      assert.equal(wrong.body.detail, 'this is a demo key; send an API key')
      const token = await strict.get('/api/tasks', withKey('eyJhbGciOiJub25lIn0.e30.'))
      assert.deepEqual([token.status, token.body.code], [401, 'wrong_credential'])
    } finally {
      await strict.close()
    }
    const demo = await runApi()
    try {
      assert.equal((await demo.get('/api/tasks', withKey(newKeyText()))).body.code, 'wrong_credential')
    } finally {
      await demo.close()
    }
  })
})
