import assert from 'node:assert/strict'
import { orderRequest, type RunningApi, runApi } from './running-api.ts'

describe('an Idempotency-Key', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())
  const place = (changes: Record<string, unknown>, key: string) =>
    api.post('/api/orders', orderRequest(changes), { key })

  it('[I] makes the same request answer the same, and another one a conflict', async () => {
    const first = await place({ orderNo: 'I-1' }, 'one')
    assert.equal(first.status, 201)
    const again = await place({ orderNo: 'I-1' }, 'one')
    assert.deepEqual([again.status, again.body], [201, first.body])
    assert.equal(again.headers.get('idempotency-replayed'), 'true')
    const other = await place({ orderNo: 'I-2' }, 'one')
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_conflict'])
    assert.equal(await api.store.getOrder(api.organisation, 'I-2'), null)
  })

  it('[I] answers one of those that come at once, and asks the others to wait', async () => {
    const replies = await Promise.all([1, 2, 3, 4].map(() => place({ orderNo: 'I-3' }, 'three')))
    for (const { status, body, headers } of replies) {
      if (status === 201) continue
      assert.deepEqual([status, body.code, headers.get('retry-after')], [409, 'in_progress', '1'])
    }
    assert.ok(replies.some(({ status }) => status === 201))
  })

  it('[I] is free again after what changed nothing, and keeps a refusal', async () => {
    assert.equal((await place({ orderNo: 'I-4', lines: [] }, 'four')).status, 422)
    assert.equal((await place({ orderNo: 'I-4' }, 'four')).status, 201)
    assert.equal((await place({ orderNo: 'I-4', total: '5.00' }, 'five')).body.code, 'order_conflict')
    const kept = await place({ orderNo: 'I-4', total: '5.00' }, 'five')
    assert.deepEqual([kept.body.code, kept.headers.get('idempotency-replayed')], ['order_conflict', 'true'])
  })

  it('[I] is free again after an outage', async () => {
    api.orders.isAway = true
    assert.equal((await place({ orderNo: 'I-5' }, 'six')).status, 503)
    api.orders.isAway = false
    assert.equal((await place({ orderNo: 'I-5' }, 'six')).status, 200)
  })

  it('[I] belongs to one caller, and works for facts too', async () => {
    const fact = { id: 'f1', source: 'erp', type: 'supplier.delayed', at: '2026-03-02T02:00:00Z' }
    const report = (as: string) => api.post('/api/orders/I-1/facts', fact, { as, key: 'one' })
    assert.equal((await report('shop')).body.code, 'idempotency_conflict')
    assert.equal((await report('wu')).status, 202)
    assert.equal((await report('wu')).headers.get('idempotency-replayed'), 'true')
  })
})
