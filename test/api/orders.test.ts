import assert from 'node:assert/strict'
import { orderRequest, type RunningApi, runApi } from './running-api.ts'

describe('POST /api/orders', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())
  const post = (changes: object, as = 'shop') => api.post('/api/orders', orderRequest({ ...changes }), { as })

  it('[I] accepts an order, starts it and answers with it', async () => {
    const { status, body, headers } = await post({ orderNo: 'A-1', total: '20000.00' })
    assert.equal(status, 201)
    assert.match(headers.get('content-type') ?? '', /^application\/json/)
    assert.equal(body.orderNo, 'A-1')
    assert.equal(body.organisation, api.organisation)
    assert.equal(body.order.total, '20000.00')
    assert.deepEqual(body.process, { id: 'sales', version: 1 })
    assert.equal(body.temporal.workflowId, `order/${api.organisation}/A-1`)
    assert.equal(body.temporal.runId, 'run-1')
    assert.equal(
      body.temporal.url,
      `http://localhost:8233/namespaces/default/workflows/order%2F${api.organisation}%2FA-1`,
    )
    const row = await api.store.getOrder(api.organisation, 'A-1')
    assert.notEqual(row?.startedAt, null)
    assert.equal((await api.get('/api/orders/A-1')).body.status, 'pending_approval')
  })

  it('[I] answers the same again with the same order, however its amounts are written', async () => {
    await post({ orderNo: 'A-2', total: '10.50' })
    const again = await post({ orderNo: 'A-2', total: 10.5, process: 'sales', attributes: {}, charges: [] })
    assert.equal(again.status, 200)
    assert.equal(again.body.seq, (await api.get('/api/orders/A-2')).body.seq)
    assert.equal(api.orders.asked.filter(what => what === 'start').length, 2)
  })

  it('[I] refuses other content under the same number and says what differs', async () => {
    await post({ orderNo: 'A-3' })
    const other = orderRequest({
      orderNo: 'A-3',
      customer: { id: 'c2', name: 'Li', vip: true },
      lines: [{ sku: 'chair', quantity: 2, unitPrice: '100' }],
    })
    const { status, body } = await api.post('/api/orders', other)
    assert.equal(status, 409)
    assert.equal(body.code, 'order_conflict')
    assert.deepEqual(
      body.differences.toSorted((a: { field: string }, b: { field: string }) => (a.field < b.field ? -1 : 1)),
      [
        { field: 'customer.id', stored: 'c1', sent: 'c2' },
        { field: 'customer.vip', stored: null, sent: true },
        { field: 'lines.0.quantity', stored: 1, sent: 2 },
      ],
    )
  })

  it('[I] makes one exception of all other content that is sent under a number: what differs, and who sent it', async () => {
    await post({ orderNo: 'A-31', total: '1.00' })
    for (const total of ['2.00', '2.00', '3.00']) assert.equal((await post({ orderNo: 'A-31', total })).status, 409)
    const { items } = (await api.get('/api/exceptions?kind=duplicate&orderNo=A-31')).body
    assert.deepEqual(
      items.map((one: Record<string, unknown>) => [one.id, one.owner, one.status, one.count]),
      [['A-31:duplicate', 'zhao', 'open', 3]],
    )
    const { sentBy, placedBy, differences, seen } = items[0].evidence
    assert.deepEqual([sentBy, placedBy], ['shop', 'shop'])
    assert.deepEqual(
      differences.map(({ sent }: { sent: string }) => sent),
      ['3.00'],
    )
    assert.match(seen, /shop sent it again with other content: lines\.0\.unitPrice/)
  })

  it('[I] takes one order of any number that are sent at once under one number', async () => {
    const replies = await Promise.all(
      ['1.00', '1.00', '2.00', '1.00', '2.00'].map(total => post({ orderNo: 'A-4', total })),
    )
    const { order } = (await api.get('/api/orders/A-4')).body
    assert.equal(replies.filter(({ status }) => status === 201).length, 1)
    for (const { status, body } of replies) {
      if (status === 409) assert.equal(body.code, 'order_conflict')
      else assert.equal(body.order.total, order.total)
    }
  })

  it('[I] refuses who may not place orders, and who may not be known', async () => {
    const { status, body } = await post({ orderNo: 'A-5' }, 'qin')
    assert.deepEqual([status, body.code], [403, 'not_permitted'])
    assert.equal(await api.store.getOrder(api.organisation, 'A-5'), null)
    const unknown = await post({ orderNo: 'A-5' }, 'nobody')
    assert.deepEqual([unknown.status, unknown.body.code], [401, 'unauthenticated'])
    assert.match(unknown.headers.get('www-authenticate') ?? '', /^Bearer realm="nolimbo", error="invalid_token"/)
  })

  it('[I] judges what is wrong before who asks, and who asks before what is there', async () => {
    assert.equal((await post({ orderNo: 'A-3', lines: [] }, 'qin')).status, 422)
    assert.equal((await post({ orderNo: 'A-3', total: '7.00' }, 'qin')).status, 403)
    assert.equal((await post({ orderNo: 'A-3', total: '7.00' })).status, 409)
  })

  it('[I] names the processes that there are', async () => {
    const { status, body } = await post({ orderNo: 'A-6', process: 'rental' })
    assert.deepEqual([status, body.code, body.errors[0].field], [422, 'unknown_process', 'process'])
    assert.match(body.errors[0].message, /sales/)
  })

  it('[I] keeps the number while Temporal is away, and starts the order when it is sent again', async () => {
    api.orders.isAway = true
    const away = await post({ orderNo: 'A-7' })
    assert.deepEqual([away.status, away.body.code], [503, 'unavailable'])
    assert.match(away.body.detail, /A-7 is accepted .* repeating .* is safe/)
    assert.ok(Number(away.headers.get('retry-after')) > 0)
    assert.equal((await api.get('/api/orders/A-7')).body.status, 'received')
    assert.equal((await api.get('/api/orders/A-7')).body.temporal.runId, null)
    api.orders.isAway = false
    assert.equal((await post({ orderNo: 'A-7' })).status, 200)
    assert.equal((await api.get('/api/orders/A-7')).body.status, 'pending_payment')
  })
})

describe('GET /api/orders/{orderNo}', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())

  it('[I] shows to each what they can do', async () => {
    const orderNo = await api.place('20000.00')
    const commands = async (as: string) =>
      (await api.get(`/api/orders/${orderNo}`, { as })).body.availableCommands.map(({ type }: { type: string }) => type)
    assert.ok((await commands('mei')).includes('approve'))
    assert.deepEqual(await commands('qin'), [])
    assert.deepEqual(await commands('shop'), ['cancel', 'amend'])
  })

  it('[I] waits until that much has been projected, and shows what there is when it takes too long', async () => {
    const orderNo = await api.place('20000.00')
    const { seq } = (await api.get(`/api/orders/${orderNo}`)).body
    const waiting = api.get(`/api/orders/${orderNo}?minSeq=${seq + 1}`)
    await api.post(`/api/orders/${orderNo}/commands`, { type: 'approve' }, { as: 'mei' })
    const seen = (await waiting).body
    assert.ok(seen.seq > seq)
    assert.equal(seen.status, 'pending_payment')
  })

  it('[I] asks the order itself while nothing of it has been projected', async () => {
    api.orders.isLagging = true
    const orderNo = await api.place('20000.00')
    const { body } = await api.get(`/api/orders/${orderNo}`)
    assert.equal(body.status, 'pending_approval')
    api.orders.isAway = true
    assert.equal((await api.get(`/api/orders/${orderNo}`)).body.status, 'received')
    api.orders.isAway = false
    api.orders.isLagging = false
  })

  it('[I] knows neither what is not there nor what cannot be', async () => {
    for (const orderNo of ['SO-999', 'a%00b', 'no%20such', '%E4%BD%A0', 'x'.repeat(300)]) {
      const { status, body } = await api.get(`/api/orders/${orderNo}`)
      assert.deepEqual([status, body.code], [404, 'not_found'], orderNo)
    }
  })

  it('[I] shows its journal page by page', async () => {
    const orderNo = await api.place('20000.00')
    const whole = (await api.get(`/api/orders/${orderNo}/journal`)).body
    assert.deepEqual(whole.items.map(({ type }: { type: string }) => type).slice(0, 2), [
      'order.received',
      'step.entered',
    ])
    assert.deepEqual(Object.keys(whole.items[0]), ['seq', 'at', 'type', 'actor', 'reason', 'matrix', 'data'])
    assert.equal(whole.nextCursor, null)
    const pages = []
    let cursor: string | null = '0'
    while (cursor !== null) {
      const { body }: { body: { items: unknown[]; nextCursor: string | null } } = await api.get(
        `/api/orders/${orderNo}/journal?limit=2&cursor=${cursor}`,
      )
      pages.push(...body.items)
      cursor = body.nextCursor
    }
    assert.deepEqual(pages, whole.items)
  })

  it('[I] says why it is where it is, with what went wrong last', async () => {
    const orderNo = await api.place()
    api.orders.activities = [{ type: 'payment.authorise', attempt: 3, lastError: 'connection refused' }]
    const { status, body } = await api.get(`/api/orders/${orderNo}/why`)
    assert.equal(status, 200)
    assert.match(body.text, /payment\.authorise has been under way/)
    const [payment, stock] = body.attempts
    assert.deepEqual([payment.attempt, payment.lastError], [3, 'connection refused'])
    assert.deepEqual([stock.operation, stock.attempt], ['inventory.reserve', undefined])
    assert.equal(body.conditions[0].met, false)
    assert.ok(
      body.can.some(({ type, by }: { type: string; by: string[] }) => type === 'cancel' && by.includes('role:service')),
    )
  })
})

describe('GET /api/orders', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
    await api.place('20000.00', { orderNo: 'L-1' })
    api.setTime('2026-03-02T03:00:00.000Z')
    await api.place('10.00', { orderNo: 'L-2', customer: { id: 'c2', name: 'Wang' } })
    api.setTime('2026-03-02T04:00:00.000Z')
    await api.place('10.00', { orderNo: 'L-3', lines: [{ sku: 'table', quantity: 3, unitPrice: '1.10' }] })
  })
  after(() => api.close())
  const list = async (query: string) => {
    const { status, body } = await api.get(`/api/orders${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body.items.map(({ orderNo }: { orderNo: string }) => orderNo)
  }

  it('[I] lists the newest first, and what is asked for', async () => {
    assert.deepEqual(await list(''), ['L-3', 'L-2', 'L-1'])
    assert.deepEqual(await list('?status=pending_approval'), ['L-1'])
    assert.deepEqual(await list('?step=payment'), ['L-3', 'L-2'])
    assert.deepEqual(await list('?owner=role:sales-supervisor'), ['L-1'])
    assert.deepEqual(await list('?customer=c2&status='), ['L-2'])
    assert.deepEqual(await list('?sku=table'), ['L-3'])
    assert.deepEqual(await list('?since=2026-03-02T11:00:00%2B08:00&until=2026-03-02T04:00:00Z'), ['L-2'])
    assert.deepEqual(await list('?overdue=true'), ['L-2'], 'its call was to be given up half an hour ago')
    assert.deepEqual((await api.get('/api/orders?sku=table')).body.items[0], {
      orderNo: 'L-3',
      organisation: api.organisation,
      status: 'pending_payment',
      ownStatus: 'pending_payment',
      facets: { approval: 'none', payment: 'pending', fulfilment: 'pending' },
      process: { id: 'sales', version: 1 },
      customer: { id: 'c1', name: 'Li' },
      currency: 'CNY',
      total: '3.30',
      steps: ['payment', 'stock'],
      owners: ['role:finance', 'role:warehouse'],
      holds: [],
      exceptions: [],
      dueAt: '2026-03-02T04:30:00.000Z',
      overdue: false,
      seq: 6,
      asOf: '2026-03-02T04:00:00.000Z',
      createdAt: '2026-03-02T04:00:00.000Z',
      closedAt: null,
    })
  })

  it('[I] gives page after page', async () => {
    const first = (await api.get('/api/orders?limit=2')).body
    assert.equal(first.items.length, 2)
    const second = (await api.get(`/api/orders?limit=2&cursor=${first.nextCursor}`)).body
    assert.deepEqual([second.items.length, second.items[0].orderNo, second.nextCursor], [1, 'L-1', null])
  })

  it('[I] refuses what it does not know rather than ignoring it', async () => {
    const wrong = [
      'status=shipped',
      'state=open',
      'overdue=yes',
      'limit=0',
      'limit=201',
      'limit=-1',
      'limit=1e3',
      'cursor=xyz',
      'since=yesterday',
      'since=0000-01-01T00:00:00Z',
      'step=a&step=b',
      'sku=%00',
      `sku=${'x'.repeat(200)}`,
      '__proto__=1',
    ]
    for (const query of wrong) {
      const { status, body } = await api.get(`/api/orders?${query}`)
      assert.deepEqual([status, body.code, body.errors?.length > 0], [422, 'invalid', true], query)
    }
  })
})
