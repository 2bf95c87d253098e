import assert from 'node:assert/strict'
import { createWatchdog } from '../../api/watchdog.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import { type RunningApi, runApi } from './running-api.ts'

const told = { ok: true, persons: ['mei'], channel: 'inbox' } as const

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
        graveExceptions: (kind, limit) =>
          orGone(async () => {
            const all = await store.graveExceptions(kind, limit)
            return all.filter(({ organisation }) => organisation === api.organisation)
          }),
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

  it('[I] makes an exception of a dead clock, counts it, tells the last resort once, and ends it by itself', async () => {
    api.setTime('2026-03-02T06:00:00.000Z')
    await api.post('/api/orders/SO-1/commands', { type: 'reject' }, { as: 'mei' })
    const watch = createWatchdog(api.deps)
    const dead = async () =>
      (await api.get('/api/exceptions?kind=dead', { as: 'qin' })).body.items.find(
        ({ id }: { id: string }) => id === 'clock_dead',
      )
    const before = api.alarms.length
    const orderNo = await api.place('20000.00')
    await watch()
    assert.equal((await dead())?.status, 'resolved', 'of the outage before')
    api.setTime('2026-03-02T08:03:00.000Z')
    await watch()
    await watch()
    const { status, count, owner, orderNo: ofOrder, evidence } = await dead()
    assert.deepEqual([status, owner, ofOrder], ['open', 'zhao', null])
    assert.equal(evidence.code, 'clock_dead')
    assert.deepEqual(evidence.orders, [{ orderNo, dueAt: '2026-03-02T08:00:00.000Z', status: 'pending_approval' }])
    const alarms = api.alarms.slice(before)
    assert.deepEqual(
      alarms.map(({ about, fields }) => [about, fields?.orderNo, fields?.reason]),
      [['clock-dead', orderNo, '1']],
    )
    // Another process sees the same, and tells it under the same id, which tells nobody twice.
    await createWatchdog(api.deps)()
    assert.equal(api.alarms.at(-1)?.id, alarms[0]?.id)
    assert.ok((await dead()).count > count)
    const [reason] = (await api.get('/readyz')).body.reasons
    assert.match(reason, /the clock of the orders is dead: one was due at 2026-03-02T08:00:00/)
    await api.orders.take(api.key(orderNo), { type: 'notice', notice: 'n1', outcome: told })
    await api.orders.take(api.key(orderNo), { type: 'clock' })
    await watch()
    const ended = await dead()
    assert.deepEqual([ended.status, ended.outcome], ['resolved', 'fixed'])
    assert.deepEqual((await api.get('/readyz')).body.reasons, [])
  })

  it('[I] is degraded while nobody answers for an order, until somebody acknowledges it', async () => {
    const watch = createWatchdog(api.deps)
    const untold = async () => (await api.deps.metrics.untold.get()).values[0]?.value
    const orderNo = await api.place('20000.00')
    const failed = { ok: false, reason: 'mailbox full' } as const
    for (const notice of ['n1', 'n2'])
      await api.orders.take(api.key(orderNo), { type: 'notice', notice, outcome: failed })
    await watch()
    const { body, status } = await api.get('/readyz')
    assert.deepEqual([status, body.status, body.people, await untold()], [200, 'degraded', 'unreached', 1])
    assert.match(body.reasons[0], /nobody answers for 1 orders/)
    const { items } = (await api.get('/api/exceptions?kind=undelivered&status=open', { as: 'zhao' })).body
    assert.equal(items[0].orderNo, orderNo)
    await api.post(`/api/exceptions/${items[0].id}/acknowledge`, {}, { as: 'zhao' })
    await watch()
    assert.deepEqual([(await api.get('/readyz')).body.people, await untold()], ['ok', 0])
  })

  it('[I] is counted for Prometheus, in few labels', async () => {
    await api.get('/api/orders/NOT-THERE')
    await api.get('/no/such/path')
    const { status, body, headers } = await api.get('/metrics', { headers: { Authorization: '' } })
    assert.equal(status, 200)
    assert.match(headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    assert.match(body, /nolimbo_http_requests_total\{method="GET",route="\/api\/orders\/\{orderNo\}",status="404"\} 1/)
    assert.match(body, /nolimbo_http_requests_total\{method="GET",route="none",status="404"\} 1/)
    assert.match(body, /nolimbo_orders_started_total\{process="sales"\} 3/)
    assert.match(body, /nolimbo_clock_dead_orders 0/)
    assert.doesNotMatch(body, /NOT-THERE|no\/such/)
  })
})
