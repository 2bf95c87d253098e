import assert from 'node:assert/strict'
import { createSweep } from '../../api/sweep.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import { monday, type RunningApi, runApi } from './running-api.ts'

describe('POST /api/orders/{orderNo}/facts', () => {
  let api: RunningApi
  let storeIsAway = false
  let count = 0
  before(async () => {
    api = await runApi({
      around: store => ({
        ...store,
        getOrder: (...key) => (storeIsAway ? Promise.reject(new StoreUnavailable('gone')) : store.getOrder(...key)),
        getFact: (...key) => (storeIsAway ? Promise.reject(new StoreUnavailable('gone')) : store.getFact(...key)),
      }),
    })
  })
  after(() => api.close())
  const fact = (changes: object = {}) => {
    count += 1
    return { id: `f${count}`, source: 'carrier', type: 'supplier.delayed', at: monday, ...changes }
  }
  const report = (orderNo: string, body: unknown, as = 'shop') => api.post(`/api/orders/${orderNo}/facts`, body, { as })
  const journal = async (orderNo: string): Promise<{ type: string; data: { fact: { id: string } } }[]> =>
    (await api.get(`/api/orders/${orderNo}/journal`)).body.items
  const received = async (orderNo: string) =>
    (await journal(orderNo)).flatMap(({ type, data }) => (type === 'fact.received' ? data.fact : []))

  it('[I] hands it to its order once, however often it is reported', async () => {
    const orderNo = await api.place()
    const reported = fact({ data: { note: 'three days', amount: '12.5', lines: [{ sku: 'chair', quantity: 1 }] } })
    for (let times = 0; times < 3; times += 1) {
      const { status, body } = await report(orderNo, reported)
      assert.deepEqual([status, body], [202, { state: 'taken' }])
    }
    assert.deepEqual(await received(orderNo), [
      {
        id: reported.id,
        source: 'carrier',
        type: 'supplier.delayed',
        claimedAt: monday,
        lines: [{ sku: 'chair', quantity: 1 }],
        note: 'three days',
        amountMinor: 1250,
      },
    ])
    const elsewhere = await report(await api.place(), reported)
    assert.deepEqual(elsewhere.body, { state: 'taken' }, 'the same id again changes nothing, also of another order')
  })

  it('[I] parks what is reported of an order that does not exist yet, and hands it over when it does', async () => {
    const early = fact({ type: 'shipment.delivered', at: '2026-03-02T10:00:00+23:00', data: { parcel: 'p1' } })
    const { status, body } = await report('EARLY-1', early)
    assert.deepEqual([status, body], [202, { state: 'parked' }])
    assert.deepEqual((await report('EARLY-1', early)).body, { state: 'parked' })
    await api.place('100.00', { orderNo: 'EARLY-1' })
    assert.deepEqual(
      (await received('EARLY-1')).map(({ id }) => id),
      [early.id],
    )
    assert.deepEqual((await report('EARLY-1', early)).body, { state: 'taken' })
  })

  it('[I] keeps what is reported of a closed order', async () => {
    const orderNo = await api.place('20000.00')
    await api.post(`/api/orders/${orderNo}/commands`, { type: 'reject' }, { as: 'mei' })
    const late = fact({ type: 'payment.received' })
    assert.deepEqual((await report(orderNo, late)).body, { state: 'parked' })
    assert.equal((await api.store.getFact(api.organisation, 'carrier', late.id))?.state, 'parked')
  })

  it('[I] knows the currency of the order, and the decimals of it', async () => {
    const orderNo = await api.place()
    const field = async (data: object, of = orderNo) => (await report(of, fact({ data }))).body.errors?.[0]?.field
    assert.equal(await field({ amount: '1.00', currency: 'EUR' }), 'data.currency')
    assert.equal(await field({ currency: 'XXX' }), 'data.currency')
    assert.equal(await field({ amount: '1.005' }), 'data.amount')
    assert.equal(await field({ amount: -1 }), 'data.amount')
    assert.equal(await field({ amount: '1e3' }), 'data.amount')
    assert.equal(await field({ amount: '1.005', currency: 'CNY' }, 'NOT-YET'), 'data.amount')
    assert.equal(await field({ amount: '1.00', currency: 'CNY' }), undefined)
  })

  it('[I] makes an exception, once, of a parked fact that cannot be its order’s', async () => {
    await report('EARLY-2', fact({ id: 'dollars', data: { amount: '1.00', currency: 'USD' } }))
    await report('EARLY-2', fact({ id: 'fine' }))
    await api.place('100.00', { orderNo: 'EARLY-2' })
    const sweep = createSweep(api.deps)
    api.setTime('2026-03-02T02:10:00.000Z')
    await sweep()
    await sweep()
    assert.deepEqual(
      (await received('EARLY-2')).map(({ id }) => id),
      ['fine'],
    )
    const { items } = (await api.get('/api/exceptions?orderNo=EARLY-2&kind=mismatch')).body
    assert.deepEqual(
      items.map(
        ({ count: times, evidence, owner }: { count: number; evidence: { errors: unknown }; owner: string }) => [
          times,
          evidence.errors,
          owner,
        ],
      ),
      [[1, [{ field: 'data.currency', message: 'the order is in CNY' }], 'zhao']],
    )
  })

  it('[I] refuses who may not report, and what is malformed', async () => {
    const orderNo = await api.place()
    for (const number of [orderNo, 'UNKNOWN-1']) {
      const { status, body } = await report(number, fact(), 'qin')
      assert.deepEqual([status, body.code], [403, 'not_permitted'])
    }
    const wrong: [field: string, changes: object][] = [
      ['id', { id: '' }],
      ['source', { source: 7 }],
      ['type', { type: 'Delivered' }],
      ['at', { at: 'yesterday' }],
      ['at', { at: '0000-01-01T00:00:00Z' }],
      ['at', { at: '0001-01-01T00:00:00+14:00' }],
      ['data.parcel', { data: { parcel: '' } }],
      ['data.lines.0.quantity', { data: { lines: [{ sku: 'a', quantity: 0.5 }] } }],
      ['data.lines', { data: { lines: [] } }],
      ['data.more', { data: { more: true } }],
      ['note', { note: 'astray' }],
    ]
    for (const [field, changes] of wrong) {
      const { status, body } = await report(orderNo, fact(changes))
      assert.deepEqual([status, body.code, body.errors[0].field], [422, 'invalid', field])
    }
    const named = await report('a%20b', fact())
    assert.deepEqual([named.status, named.body.errors[0].field], [422, 'orderNo'])
    assert.match(named.body.detail, /letters, digits/)
  })

  it('[I] goes on while the store is away, if there is such an order', async () => {
    const orderNo = await api.place()
    storeIsAway = true
    try {
      assert.deepEqual((await report(orderNo, fact())).body, { state: 'taken' })
      assert.deepEqual((await report('NOWHERE', fact())).body.code, 'unavailable')
    } finally {
      storeIsAway = false
    }
  })

  it('[I] is not acknowledged while neither Temporal nor the store has it', async () => {
    const orderNo = await api.place()
    api.orders.isAway = true
    const { status, body } = await report(orderNo, fact())
    assert.deepEqual([status, body.code], [503, 'unavailable'])
    api.orders.isAway = false
  })
})

describe('the sweep', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())

  it('[I] starts what was accepted and not started, and delivers what was parked since', async () => {
    api.orders.isAway = true
    await api.place('100.00', { orderNo: 'W-1' }).catch(() => {})
    const unstarted = await api.store.getOrder(api.organisation, 'W-1')
    assert.equal(unstarted?.startedAt, null)
    await api.store.parkFact({
      organisation: api.organisation,
      orderNo: 'W-1',
      source: 'erp',
      id: 'e1',
      type: 'supplier.delayed',
      claimedAt: monday,
      data: {},
      receivedAt: monday,
    })
    await assert.rejects(createSweep(api.deps)(), { name: 'OrdersUnavailable' })
    api.orders.isAway = false
    await createSweep(api.deps)()
    const { body } = await api.get('/api/orders/W-1')
    assert.equal(body.status, 'pending_payment')
    api.setTime('2026-03-02T02:10:00.000Z')
    const sweep = createSweep(api.deps)
    await sweep()
    assert.equal((await api.store.getFact(api.organisation, 'erp', 'e1'))?.state, 'taken')
    const asked = api.orders.asked.length
    await sweep()
    assert.equal(api.orders.asked.length, asked, 'there is nothing left to do')
  })
})
