import assert from 'node:assert/strict'
import { monday, orderRequest, type RunningApi, runApi } from './running-api.ts'

describe('an API that is hard to hurt', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi({ rateLimits: { perIdentity: 5, perAddress: 3 } })
  })
  after(() => api.close())
  let minute = 0
  beforeEach(() => {
    minute += 2
    api.setTime(new Date(Date.parse(monday) + minute * 60_000).toISOString())
  })
  const tasks = (as: string) => api.get('/api/tasks', { as })

  it('[I] counts each caller by themselves, and says how much is left', async () => {
    for (const left of [4, 3, 2, 1, 0]) {
      const { status, headers } = await tasks('mei')
      assert.equal(status, 200)
      assert.equal(headers.get('ratelimit'), `"caller";r=${left};t=60`)
      assert.equal(headers.get('ratelimit-policy'), '"caller";q=5;w=60')
    }
    api.setTime(new Date(Date.parse(monday) + minute * 60_000 + 20_000).toISOString())
    const { status, body, headers } = await tasks('mei')
    assert.deepEqual([status, body.code, headers.get('retry-after')], [429, 'too_many_requests', '40'])
    assert.equal(headers.get('content-type'), 'application/problem+json; charset=utf-8')
    assert.equal((await tasks('ling')).status, 200)
    api.setTime(new Date(Date.parse(monday) + minute * 60_000 + 60_000).toISOString())
    assert.equal((await tasks('mei')).status, 200)
  })

  it('[I] does nothing of what is too much', async () => {
    for (let made = 0; made < 5; made += 1) await tasks('shop')
    assert.equal((await api.post('/api/orders', orderRequest({ orderNo: 'H-1' }))).status, 429)
    assert.equal((await api.get('/api/orders/H-1', { as: 'mei' })).status, 404)
  })

  it('[I] slows down who tries keys, and nobody else behind the same address', async () => {
    for (let tried = 0; tried < 3; tried += 1) assert.equal((await tasks(`stranger-${tried}`)).status, 401)
    const { status, headers } = await tasks('stranger-4')
    assert.deepEqual([status, headers.get('retry-after')], [429, '60'])
    assert.equal(headers.get('ratelimit-policy'), '"address";q=3;w=60')
    assert.equal((await tasks('mei')).status, 200)
  })

  it('[I] counts who needs no key by their address', async () => {
    for (let asked = 0; asked < 3; asked += 1) assert.equal((await api.get('/healthz')).status, 200)
    assert.equal((await api.get('/healthz')).status, 429)
  })

  it('[I] tells browsers to be careful with every answer', async () => {
    for (const path of ['/api/tasks', '/api/nothing', '/openapi.json']) {
      const { headers } = await api.get(path, { as: 'mei' })
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'self'.*frame-ancestors 'none'/, path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('x-frame-options'), 'DENY')
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin')
      assert.equal(headers.get('strict-transport-security'), 'max-age=31536000')
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(headers.get('x-powered-by'), null)
    }
  })

  it('[I] lets no page of another site ask', async () => {
    const asking = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' }
    const preflight = await fetch(`${api.url}/api/orders`, { method: 'OPTIONS', headers: asking })
    assert.equal(preflight.status, 405)
    const asked = await api.get('/api/orders', { as: 'mei', headers: { Origin: 'https://evil.example' } })
    for (const headers of [preflight.headers, asked.headers]) {
      assert.deepEqual(
        [...headers.keys()].filter(name => name.startsWith('access-control-')),
        [],
      )
    }
  })
})
