import assert from 'node:assert/strict'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { orderRequest, type RunningApi, runApi } from './running-api.ts'

describe('bad input', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => {
    const internal = api.logged.filter(({ code }) => code === 'internal')
    assert.deepEqual(internal, [], 'an error of ours')
    return api.close()
  })
  const sent = async (body: string, headers: Record<string, string> = {}) => {
    const reply = await api.post('/api/orders', body, { headers })
    return `${reply.status} ${reply.body.code}`
  }
  const order = (changes: object) => JSON.stringify(orderRequest({ orderNo: 'B-1', ...changes }))
  const fieldsOf = async (body: string) => {
    const reply = await api.post('/api/orders', body)
    assert.equal(reply.status, 422, JSON.stringify(reply.body))
    return reply.body.errors.map(({ field }: { field: string }) => field)
  }

  it('[I] that is not JSON', async () => {
    for (const body of ['', ' ', '{', '{"a":1,}', 'null{}', "{'a':1}", 'NaN', '[1', '{"a":\u0000}']) {
      assert.equal(await sent(body), '400 malformed_json', JSON.stringify(body))
    }
    const { body } = await api.post('/api/orders', '{')
    assert.deepEqual(Object.keys(body).sort(), ['code', 'detail', 'status', 'title', 'type'])
    assert.equal(body.type, 'urn:nolimbo:problem:malformed_json')
  })

  it('[I] that is JSON, but no object', async () => {
    for (const body of ['null', '[]', '"text"', '7', 'true']) assert.equal(await sent(body), '422 invalid', body)
  })

  it('[I] that is not UTF-8, or not sent as JSON', async () => {
    const bytes = await fetch(`${api.url}/api/orders`, {
      method: 'POST',
      headers: { Authorization: 'Bearer demo-shop', 'Content-Type': 'application/json' },
      body: new Uint8Array([0x22, 0xff, 0x22]),
    })
    assert.deepEqual([bytes.status, ((await bytes.json()) as { code: string }).code], [400, 'malformed_json'])
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      assert.equal(await sent(order({}), { 'Content-Type': type }), '415 unsupported_media_type', type)
    }
    const latin = { 'Content-Type': 'application/json; charset=iso-8859-1' }
    assert.equal(await sent(order({}), latin), '415 unsupported_media_type')
    assert.equal(await sent(order({}), { 'Content-Encoding': 'snappy' }), '415 unsupported_media_type')
  })

  it('[I] that is larger than a megabyte, also when it is packed', async () => {
    const long = 'x'.repeat(1_100_000)
    assert.equal(await sent(JSON.stringify({ long })), '413 too_large')
    const bomb = await fetch(`${api.url}/api/orders`, {
      method: 'POST',
      headers: {
        Authorization: 'Bearer demo-shop',
        'Content-Type': 'application/json',
        'Content-Encoding': 'gzip',
      },
      body: gzipSync(JSON.stringify({ long: 'x'.repeat(20_000_000) })),
    })
    assert.deepEqual([bomb.status, ((await bomb.json()) as { code: string }).code], [413, 'too_large'])
  })

  it('[I] with a version that no store can have', async () => {
    const orderNo = await api.place()
    const body = { type: 'migrate', version: 2_147_483_648, reason: 'newer rules' }
    const answer = await api.post(`/api/orders/${orderNo}/commands`, body, { as: 'zhao' })
    assert.deepEqual([answer.status, answer.body.errors?.[0]?.field], [422, 'version'])
  })

  it('[I] with characters that cannot be stored', async () => {
    const nul = '\u0000'
    const half = '\ud800'
    assert.deepEqual(await fieldsOf(order({ customer: { id: `c${nul}`, name: 'Li' } })), ['customer.id'])
    assert.deepEqual(await fieldsOf(order({ customer: { id: 'c', name: `${half}Li` } })), ['customer.name'])
    assert.deepEqual(await fieldsOf(order({ attributes: { deep: [{ a: nul }] } })), ['attributes.deep.0.a'])
    assert.deepEqual(await fieldsOf(order({ attributes: { [`a${nul}`]: 1 } })), ['attributes'])
    assert.deepEqual(await fieldsOf(order({ attributes: { [half]: 1 } })), ['attributes'])
    const whole = await api.post('/api/orders', order({ orderNo: 'B-2', customer: { id: 'c', name: '𠮷野家' } }))
    assert.equal(whole.status, 201)
    assert.equal((await api.get('/api/orders/B-2')).body.order.customer.name, '𠮷野家')
  })

  it('[I] with keys that reach for a prototype', async () => {
    const polluted = (json: string) => order({ attributes: { here: 1 } }).replace('"here":1', json)
    assert.deepEqual(await fieldsOf(polluted('"__proto__":{"admin":true}')), ['attributes'])
    assert.deepEqual(await fieldsOf(polluted('"a":{"__proto__":{"admin":true}}')), ['attributes.a'])
    assert.equal(await sent(polluted('"constructor":{"prototype":{"admin":true}}')), '422 invalid')
    assert.equal(await sent('{"__proto__":{"orderNo":"B-3"}}'), '422 invalid')
    for (const reserved of ['__proto__', 'constructor', 'prototype']) {
      const fact = `{"id":"1","source":"s","type":"stock.short","at":"2026-03-02T02:00:00Z","data":{"${reserved}":{}}}`
      const reported = await api.post('/api/orders/B-9/facts', fact)
      assert.deepEqual([reported.status, reported.body.errors[0].field], [422, 'data'], reserved)
      assert.equal((await api.get(`/api/orders?${reserved}=1`)).status, 422, reserved)
      assert.equal((await api.get(`/api/orders/${reserved}`)).status, 404, reserved)
      assert.equal((await api.get(`/api/processes/${reserved}/versions`)).status, 404, reserved)
      assert.equal(await sent(polluted(`"a":[{"${reserved}":1}]`)), '422 invalid', reserved)
      assert.equal(await sent(order({ process: reserved })), '422 unknown_process', reserved)
    }
    assert.equal(({} as { admin?: boolean }).admin, undefined)
  })

  it('[I] with numbers that are too large to be kept, or none', async () => {
    const priced = (price: string) => order({ total: 'PRICE' }).replace('"PRICE"', price)
    for (const price of [
      '1e400',
      '-1e400',
      '9007199254740993',
      '1e21',
      '-5',
      '0.001',
      '1e-7',
      '"1e5"',
      '"NaN"',
      'true',
    ]) {
      assert.deepEqual(await fieldsOf(priced(price)), ['lines.0.unitPrice'], price)
    }
    assert.deepEqual(await fieldsOf(priced(`"${'9'.repeat(400)}"`)), ['lines.0.unitPrice'])
    assert.deepEqual(await fieldsOf(priced('"90071992547409.92"')), ['lines.0.unitPrice'])
    for (const quantity of [0, -1, 1.5, 1e10, '2']) {
      assert.deepEqual(await fieldsOf(order({ lines: [{ sku: 'a', quantity, unitPrice: '1' }] })), ['lines.0.quantity'])
    }
    assert.deepEqual(await fieldsOf(order({ lines: [{ sku: 'a', quantity: 1e9, unitPrice: '90000000' }] })), ['lines'])
    assert.deepEqual(await fieldsOf(order({}).replace('"c1"', '12345678901234567890')), ['customer.id'])
    assert.deepEqual(
      await fieldsOf(order({ attributes: { here: 1 } }).replace('"here":1', '"here":12345678901234567890')),
      ['attributes.here'],
    )
  })

  it('[I] that goes too deep', async () => {
    const deep = `${'['.repeat(40)}${']'.repeat(40)}`
    assert.equal(await sent(order({ attributes: { here: 1 } }).replace('"here":1', `"here":${deep}`)), '422 invalid')
    assert.equal(await sent(`${'['.repeat(200_000)}${']'.repeat(200_000)}`), '422 invalid')
    assert.equal(await sent('['.repeat(500_000)), '400 malformed_json')
  })

  it('[I] in the number of the order, which says what may be in it', async () => {
    for (const orderNo of ['', 'a b', 'a/b', '../x', '-a', '.', '订单', 'a'.repeat(65), 'a\n', 7, null, 'a%2Fb']) {
      assert.deepEqual(await fieldsOf(order({ orderNo })), ['orderNo'], JSON.stringify(orderNo))
    }
    const { body } = await api.post('/api/orders', order({ orderNo: 'a/b' }))
    assert.match(body.errors[0].message, /1 to 64 letters, digits, "\.", "_" or "-"/)
    assert.equal((await api.post('/api/orders', order({ orderNo: 'a'.repeat(64) }))).status, 201)
  })

  it('[I] in any other field, all of them named at once', async () => {
    const body = {
      orderNo: 'B-4',
      customer: { name: '' },
      currency: 'XYZ',
      lines: [{ sku: '', quantity: 1 }],
      extra: true,
    }
    const fields = await fieldsOf(JSON.stringify(body))
    for (const field of ['customer.id', 'customer.name', 'currency', 'lines.0.sku', 'extra']) {
      assert.ok(fields.includes(field), field)
    }
    assert.deepEqual(await fieldsOf(order({ currency: 'JPY', total: '1.5' })), ['lines.0.unitPrice'])
    assert.deepEqual(await fieldsOf(order({ returnOf: 'A' })), ['returnOf'])
    assert.deepEqual(await fieldsOf(order({ charges: [{ type: 'discount', amount: '100.01' }] })), ['charges'])
  })

  it('[I] in paths and methods', async () => {
    assert.deepEqual((await api.get('/api/nothing')).body.code, 'not_found')
    assert.deepEqual((await api.get('/')).body.code, 'not_found')
    const { status, body } = await api.get('/api/orders/%E0%A4%A')
    assert.deepEqual([status, body.code], [400, 'malformed_request'])
    for (const [method, path, allow] of [
      ['DELETE', '/api/orders', 'POST, GET, HEAD'],
      ['PUT', '/api/orders/A-1', 'GET, HEAD'],
      ['GET', '/api/orders/A-1/commands', 'POST'],
      ['PATCH', '/healthz', 'GET, HEAD'],
    ] as const) {
      const reply = await fetch(`${api.url}${path}`, { method, headers: { Authorization: 'Bearer demo-shop' } })
      assert.deepEqual([reply.status, reply.headers.get('allow')], [405, allow], `${method} ${path}`)
      assert.equal(((await reply.json()) as { code: string }).code, 'method_not_allowed')
    }
    assert.equal((await fetch(`${api.url}/healthz`, { method: 'HEAD' })).status, 200)
  })

  it('[I] in headers', async () => {
    for (const authorization of ['', 'demo-shop', 'Basic demo-shop', 'Bearer', 'Bearer demo-', 'Bearer demo-shop x']) {
      const reply = await api.get('/api/orders', { headers: { Authorization: authorization } })
      assert.deepEqual([reply.status, reply.body.code], [401, 'unauthenticated'], authorization)
      assert.match(reply.headers.get('www-authenticate') ?? '', /^Bearer /)
    }
    const nobody = await fetch(`${api.url}/api/orders`)
    assert.equal(nobody.headers.get('www-authenticate'), 'Bearer realm="nolimbo"')
    for (const key of ['x'.repeat(201), 'a b', 'é']) {
      const reply = await api.post('/api/orders', order({ orderNo: 'B-5' }), { key })
      assert.deepEqual([reply.status, reply.body.errors[0].field], [422, 'Idempotency-Key'])
    }
    assert.equal(
      (await api.get('/healthz', { headers: { 'X-Request-Id': 'mine-1' } })).headers.get('x-request-id'),
      'mine-1',
    )
    const forged = await api.get('/healthz', { headers: { 'X-Request-Id': 'a b' } })
    assert.match(forged.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  })

  it('[I] that breaks off in the middle harms nobody else', async () => {
    await new Promise<void>(resolve => {
      const broken = request(`${api.url}/api/orders`, {
        method: 'POST',
        headers: { Authorization: 'Bearer demo-shop', 'Content-Type': 'application/json', 'Content-Length': 1000 },
      })
      broken.on('error', () => resolve())
      broken.write('{"orderNo":')
      setTimeout(() => broken.destroy(), 20)
    })
    assert.equal((await api.get('/healthz')).status, 200)
  })

  it('[I] is judged before who asks, unless nobody knows who asks', async () => {
    const unknown = await api.post('/api/orders', '{', { as: 'nobody' })
    assert.equal(unknown.status, 401)
    assert.equal((await api.post('/api/orders', '{}', { as: 'qin' })).status, 422)
  })
})
