import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../store/store-error.ts'
import { type RunningApi, runApi } from './running-api.ts'

describe('POST /api/orders/{orderNo}/commands', () => {
  let api: RunningApi
  let orderNo: string
  let storeIsAway = false
  before(async () => {
    api = await runApi({
      around: store => ({
        ...store,
        getOrder: (organisation, number) =>
          storeIsAway ? Promise.reject(new StoreUnavailable('gone')) : store.getOrder(organisation, number),
      }),
    })
  })
  beforeEach(async () => {
    orderNo = await api.place('20000.00')
  })
  after(() => api.close())
  const send = (command: unknown, as = 'mei', key?: string) =>
    api.post(`/api/orders/${orderNo}/commands`, command, { as, ...(key === undefined ? {} : { key }) })

  it('[I] does it and answers with the order as it then is', async () => {
    const { status, body } = await send({ type: 'approve', reason: 'known customer' })
    assert.equal(status, 200)
    assert.deepEqual([body.status, body.facets.approval], ['pending_payment', 'done'])
    assert.ok(body.seq > 3)
    assert.ok(body.availableCommands.some(({ type }: { type: string }) => type === 'hold'))
    assert.equal(api.orders.asked.at(-1)?.startsWith('command approve'), true, 'nothing more is asked of the order')
    assert.deepEqual(body, (await api.get(`/api/orders/${orderNo}`, { as: 'mei' })).body)
    const { items } = (await api.get(`/api/orders/${orderNo}/journal`)).body
    const approved = items.find(({ type }: { type: string }) => type === 'step.completed')
    assert.deepEqual([approved.actor, approved.reason], ['mei', 'known customer'])
  })

  it('[I] refuses in order: who, what there is, what is wrong, may they, has it moved on, is it closed, does it fit', async () => {
    const code = async (command: unknown, as: string, number = orderNo) => {
      const { status, body } = await api.post(`/api/orders/${number}/commands`, command, { as })
      return `${status} ${body.code}`
    }
    const stale = { type: 'approve', expectedSeq: 99 }
    assert.equal(await code({ type: 'nonsense' }, 'nobody', 'SO-999'), '401 unauthenticated')
    assert.equal(await code({ type: 'nonsense' }, 'qin', 'SO-999'), '404 not_found')
    assert.equal(await code({ type: 'nonsense' }, 'qin'), '422 invalid')
    assert.equal(await code({ ...stale, step: 'nonsense' }, 'qin'), '422 invalid')
    assert.equal(await code(stale, 'qin'), '403 not_permitted')
    assert.equal(await code(stale, 'mei'), '409 stale')
    assert.equal(await code({ type: 'retry' }, 'ling'), '409 not_applicable')
    await send({ type: 'reject' })
    assert.equal(await code({ ...stale, step: 'nonsense' }, 'mei'), '422 invalid')
    assert.equal(await code(stale, 'qin'), '403 not_permitted')
    assert.equal(await code(stale, 'mei'), '409 stale')
    assert.equal(await code({ type: 'approve' }, 'mei'), '409 closed')
  })

  it('[I] names the field that is at fault', async () => {
    const fields = async (command: unknown) =>
      (await send(command)).body.errors.map(({ field }: { field: string }) => field)
    assert.deepEqual(await fields({}), ['type'])
    assert.deepEqual(await fields({ type: 'approve', steps: 'approval' }), ['steps'])
    assert.deepEqual(await fields({ type: 'send_back' }), ['to'])
    assert.deepEqual(await fields({ type: 'send_back', to: 'nowhere' }), ['to'])
    assert.deepEqual(await fields({ type: 'approve', expectedSeq: -1 }), ['expectedSeq'])
    assert.deepEqual(await fields({ type: 'hold', hold: 'weather' }), ['hold'])
    assert.deepEqual(await fields({ type: 'approve', reason: 'x'.repeat(1001) }), ['reason'])
  })

  it('[I] hands over only to people and roles that the directory knows', async () => {
    for (const to of ['nobody', 'role:nobody', 'shop', 'role:service', 'manager', '', 'ROLE:finance']) {
      const { status, body } = await send({ type: 'transfer', to, reason: 'on leave' })
      assert.deepEqual([status, body.errors?.[0]?.field], [422, 'to'], to)
    }
    for (const to of ['ling', 'role:finance', 'mei']) {
      const { status, body } = await send({ type: 'transfer', to, reason: 'on leave' }, 'zhao')
      assert.equal(status, 200, to)
      assert.equal(body.steps.find(({ id }: { id: string }) => id === 'approval').owner, to)
    }
  })

  it('[I] does a command with the same id once, and takes nobody else’s for it', async () => {
    const place = { type: 'hold', hold: 'customer', id: 'h1' }
    const first = await send(place, 'he')
    assert.equal(first.status, 200)
    const again = await send(place, 'he')
    assert.deepEqual([again.status, again.body.seq], [200, first.body.seq])
    assert.equal((await send(place, 'ling')).body.code, 'not_applicable', 'another person')
    assert.equal((await send({ type: 'hold', hold: 'credit', id: 'h1' }, 'he')).status, 200, 'another command')
  })

  it('[I] repeats the answer under the same Idempotency-Key', async () => {
    const first = await send({ type: 'hold', hold: 'customer' }, 'he', 'k1')
    const again = await send({ type: 'hold', hold: 'customer' }, 'he', 'k1')
    assert.deepEqual([again.status, again.body], [200, first.body])
    assert.equal(again.headers.get('idempotency-replayed'), 'true')
    const other = await send({ type: 'hold', hold: 'credit' }, 'he', 'k1')
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_conflict'])
    const refused = await send({ type: 'hold', hold: 'customer' }, 'he', 'k2')
    const refusedAgain = await send({ type: 'hold', hold: 'customer' }, 'he', 'k2')
    assert.deepEqual([refusedAgain.status, refusedAgain.body], [409, refused.body])
    assert.match(refusedAgain.headers.get('content-type') ?? '', /^application\/problem\+json/)
    assert.equal((await send({ type: 'release', hold: 'customer' }, 'ling', 'k1')).status, 200, "another person's key")
  })

  it('[I] that ended in nobody knows what is tried again under its key, and not done twice', async () => {
    api.orders.isAway = true
    const away = await send({ type: 'hold', hold: 'credit' }, 'he', 'k3')
    assert.deepEqual([away.status, away.body.code], [503, 'unavailable'])
    assert.match(away.body.detail, /not known whether this was done: repeat it under the same id/)
    api.orders.isAway = false
    assert.equal((await send({ type: 'hold', hold: 'credit' }, 'he', 'k3')).status, 200)
    const ids = api.orders.asked.filter(what => what.startsWith('command hold k3~'))
    assert.equal(ids.length, 1)
  })

  it('[I] tells a closed order from one whose workflow is gone', async () => {
    await send({ type: 'reject' })
    const closed = await send({ type: 'cancel' }, 'he')
    assert.deepEqual([closed.status, closed.body.code], [409, 'closed'])
    orderNo = await api.place('20000.00')
    api.orders.terminate(api.key(orderNo))
    const lost = await send({ type: 'approve' })
    assert.deepEqual([lost.status, lost.body.code], [409, 'lost'])
  })

  it('[I] starts an order that was accepted and never started', async () => {
    api.orders.isAway = true
    await api.place('20000.00', { orderNo: 'NEVER' }).catch(() => {})
    api.orders.isAway = false
    orderNo = 'NEVER'
    assert.equal((await send({ type: 'approve' })).status, 200)
  })

  it('[I] asks the order what can be done next where what is stored lags behind', async () => {
    api.orders.isLagging = true
    await send({ type: 'hold', hold: 'customer' }, 'he')
    const { body } = await send({ type: 'hold', hold: 'credit' }, 'he')
    api.orders.isLagging = false
    assert.equal(api.orders.asked.at(-1), 'state')
    const types = body.availableCommands.map(({ type, hold }: { type: string; hold: string }) => `${type} ${hold}`)
    assert.ok(types.includes('release customer') && !types.includes('hold customer'))
  })

  it('[I] goes on while the store is away: the order itself is asked', async () => {
    storeIsAway = true
    try {
      const { status, body } = await send({ type: 'approve' })
      assert.deepEqual([status, body.status], [200, 'pending_payment'])
      assert.equal((await send({ type: 'approve' }, 'qin')).status, 403)
      const placed = await api.post('/api/orders', { nothing: true })
      assert.equal(placed.status, 422)
      assert.equal((await api.get(`/api/orders/${orderNo}`)).status, 503)
    } finally {
      storeIsAway = false
    }
  })

  it('[I] counts commands by what became of them, and logs who asked for what', async () => {
    const count = async (outcome: string) => {
      const { values } = await api.deps.metrics.commands.get()
      return values.find(({ labels }) => labels.command === 'approve' && labels.outcome === outcome)?.value ?? 0
    }
    const before = [await count('done'), await count('not_permitted')]
    await send({ type: 'approve' }, 'wu')
    await send({ type: 'approve' })
    assert.deepEqual([await count('done'), await count('not_permitted')], [before[0]! + 1, before[1]! + 1])
    const line = api.logged.findLast(({ code }) => code === 'not_permitted')
    assert.deepEqual([line?.actor, line?.status, line?.command], ['wu', 403, 'approve'])
    assert.match(String(line?.requestId), /^[0-9a-f-]{36}$/)
  })
})
