import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../store/store-error.ts'
import { monday, orderRequest, type RunningApi, runApi } from './running-api.ts'

describe('GET /api/orders/{orderNo}/attempts', () => {
  let api: RunningApi
  let isStoreAway = false
  before(async () => {
    api = await runApi({
      around: store => ({
        ...store,
        recordAttempt: (key, attempt) =>
          isStoreAway ? Promise.reject(new StoreUnavailable('gone')) : store.recordAttempt(key, attempt),
      }),
    })
  })
  after(() => api.close())
  const command = (orderNo: string, asked: object, as: string) =>
    api.post(`/api/orders/${orderNo}/commands`, asked, { as })
  const attempts = async (orderNo: string, query = '') =>
    (await api.get(`/api/orders/${orderNo}/attempts${query}`, { as: 'qin' })).body

  it('[I] tells who was refused what, when and why, and nothing of what was done or only asked about', async () => {
    const orderNo = await api.place('20000.00')
    await command(orderNo, { type: 'approve' }, 'sun')
    api.setTime('2026-03-02T02:00:01.000Z')
    await command(orderNo, { type: 'approve', expectedSeq: 99 }, 'mei')
    api.setTime('2026-03-02T02:00:02.000Z')
    await api.post(`/api/orders/${orderNo}/commands?dryRun=true`, { type: 'void', reason: '-' }, { as: 'sun' })
    await command(orderNo, { type: 'reject' }, 'mei')
    await command(orderNo, { type: 'cancel' }, 'he')
    const { items, nextCursor } = await attempts(orderNo)
    assert.equal(nextCursor, null)
    assert.deepEqual(
      items.map(({ id: _, message: _message, ...rest }: Record<string, string>) => rest),
      [
        { at: '2026-03-02T02:00:02.000Z', actor: 'he', command: 'cancel', code: 'closed' },
        { at: '2026-03-02T02:00:01.000Z', actor: 'mei', command: 'approve', code: 'stale' },
        { at: monday, actor: 'sun', command: 'approve', code: 'not_permitted' },
      ],
    )
    assert.equal(items[2].message, 'none of your roles may do this')
    const first = await attempts(orderNo, '?limit=2')
    const rest = await attempts(orderNo, `?limit=2&cursor=${first.nextCursor}`)
    assert.deepEqual([...first.items, ...rest.items], items)
    assert.equal((await api.get('/api/orders/SO-999/attempts')).body.code, 'not_found')
    assert.equal((await api.get(`/api/orders/${orderNo}/attempts?cursor=x`)).status, 422)
  })

  it('[I] knows of facts, exceptions and orders placed again by those who may not', async () => {
    const orderNo = await api.place('100.00')
    const fact = { id: 'f1', source: 'x', type: 'shipment.delivered', at: monday, data: {} }
    assert.equal((await api.post(`/api/orders/${orderNo}/facts`, fact, { as: 'qin' })).status, 403)
    assert.equal((await api.post('/api/orders', orderRequest({ orderNo, total: '100.00' }), { as: 'qin' })).status, 403)
    await api.orders.take(api.key(orderNo), {
      type: 'result',
      call: { step: 'payment', round: 1, kind: 'do' },
      outcome: { ok: false, code: 'declined', message: 'declined', certainty: 'not_done' },
    })
    const { items } = (await api.get('/api/exceptions')).body as { items: { id: string; orderNo: string }[] }
    const { id } = items.find(one => one.orderNo === orderNo)!
    assert.equal((await api.post(`/api/exceptions/${id}/acknowledge`, {}, { as: 'wu' })).status, 403)
    const refused = (await attempts(orderNo)).items.map((one: Record<string, string>) => `${one.actor} ${one.command}`)
    assert.deepEqual(refused.sort(), ['qin place', 'qin report', 'wu acknowledge'])
  })

  it('[I] is refused all the same, and logged, where it cannot be recorded', async () => {
    const orderNo = await api.place('100.00')
    isStoreAway = true
    const fact = { id: 'f2', source: 'x', type: 'shipment.delivered', at: monday, data: {} }
    assert.equal((await api.post(`/api/orders/${orderNo}/facts`, fact, { as: 'qin' })).body.code, 'not_permitted')
    isStoreAway = false
    const line = api.logged.find(({ msg }) => msg === 'a refused attempt could not be recorded')
    assert.deepEqual([line?.actor, line?.command, line?.code], ['qin', 'report', 'not_permitted'])
  })
})
