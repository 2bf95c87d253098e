import assert from 'node:assert/strict'
import { createWatchdog } from '../../api/watchdog.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import { type RunningApi, runApi } from './running-api.ts'

describe('health', () => {
  let api: RunningApi
  let storeIsAway = false
  before(async () => {
    const orGone = <T>(answer: () => Promise<T>) =>
      storeIsAway ? Promise.reject(new StoreUnavailable('gone')) : answer()
    api = await runApi({
      around: store => ({
        ...store,
        ping: () => orGone(() => store.ping()),
        listOrders: filter => orGone(() => store.listOrders(filter)),
        // Other tests leave orders of the past in the store.
        overdueClock: (now, limit) =>
          orGone(async () => {
            const late = await store.overdueClock(now, undefined)
            return late.filter(({ organisation }) => organisation === api.organisation).slice(0, limit)
          }),
      }),
    })
  })
  after(() => api.close())
  const ready = async () => {
    const { status, body } = await api.get('/readyz', { headers: { Authorization: '' } })
    return [status, body.status, body.temporal, body.store, body.clock]
  }

  it('[I] is told to anybody', async () => {
    const { status, body } = await api.get('/healthz', { headers: { Authorization: '' } })
    assert.deepEqual([status, body], [200, { status: 'ok' }])
    assert.deepEqual(await ready(), [200, 'ready', 'ok', 'ok', 'ok'])
  })

  it('[I] says what is away, and recovers by itself', async () => {
    api.orders.isAway = true
    assert.deepEqual(await ready(), [503, 'unavailable', 'away', 'ok', 'ok'])
    api.orders.isAway = false
    storeIsAway = true
    assert.deepEqual(await ready(), [503, 'unavailable', 'ok', 'away', 'unknown'])
    const { status, body, headers } = await api.get('/api/orders')
    assert.deepEqual([status, body.code, headers.get('retry-after')], [503, 'unavailable', '2'])
    assert.equal((await api.get('/healthz')).status, 200)
    storeIsAway = false
    assert.deepEqual(await ready(), [200, 'ready', 'ok', 'ok', 'ok'])
    assert.equal((await api.get('/api/orders')).status, 200)
  })

  it('[I] is degraded while the clock of the orders is dead, and the watchdog says so', async () => {
    const watch = createWatchdog(api.deps)
    const orderNo = await api.place('20000.00')
    const dead = async () => (await api.deps.metrics.clockDead.get()).values[0]?.value
    api.setTime('2026-03-02T04:01:59.000Z')
    await watch()
    assert.deepEqual([(await ready())[4], await dead()], ['ok', 0])
    api.setTime('2026-03-02T04:02:01.000Z')
    await watch()
    assert.deepEqual([await ready(), await dead()], [[200, 'degraded', 'ok', 'ok', 'dead'], 1])
    const line = api.logged.findLast(({ code }) => code === 'clock_dead')
    assert.deepEqual(
      [line?.count, line?.orders],
      [1, [{ organisation: api.organisation, orderNo, dueAt: '2026-03-02T04:00:00.000Z' }]],
    )
    const outcome = { ok: true, persons: ['mei'], channel: 'inbox' } as const
    await api.orders.take(api.key(orderNo), { type: 'notice', notice: 'n1', outcome })
    await api.orders.take(api.key(orderNo), { type: 'clock' })
    await watch()
    assert.deepEqual([(await ready())[4], await dead()], ['ok', 0])
  })

  it('[I] is counted for Prometheus, in few labels', async () => {
    await api.get('/api/orders/NOT-THERE')
    await api.get('/no/such/path')
    const { status, body, headers } = await api.get('/metrics', { headers: { Authorization: '' } })
    assert.equal(status, 200)
    assert.match(headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    assert.match(body, /nolimbo_http_requests_total\{method="GET",route="\/api\/orders\/\{orderNo\}",status="404"\} 1/)
    assert.match(body, /nolimbo_http_requests_total\{method="GET",route="none",status="404"\} 1/)
    assert.match(body, /nolimbo_orders_started_total\{process="sales"\} 1/)
    assert.doesNotMatch(body, /NOT-THERE|no\/such/)
  })
})
