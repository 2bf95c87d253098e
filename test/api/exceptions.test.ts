import assert from 'node:assert/strict'
import { createSweep } from '../../api/sweep.ts'
import { monday, type RunningApi, runApi } from './running-api.ts'

describe('/api/exceptions/{id}', () => {
  let api: RunningApi
  let count = 0
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())

  /** One of an order of its own, owned by `owner`. */
  const raised = async (owner = 'role:finance') => {
    const orderNo = await api.place()
    const id = `${orderNo}:made`
    const evidence = { expected: 'peace', seen: 'war', since: monday }
    const exception = { orderNo, id, kind: 'rule', severity: 'warning', step: 'payment', owner, evidence } as const
    await api.store.raiseException({ organisation: api.organisation, openedAt: monday, ...exception })
    return id
  }
  const path = (id: string, verb = '') => `/api/exceptions/${encodeURIComponent(id)}${verb === '' ? '' : `/${verb}`}`
  const say = (id: string, verb: string, as: string, body: object = {}) => api.post(path(id, verb), body, { as })

  it('[I] goes from acknowledged to resolved to reopened, with its history', async () => {
    const id = await raised()
    const acknowledged = await say(id, 'acknowledge', 'fang', { note: 'I call the bank' })
    assert.deepEqual([acknowledged.status, acknowledged.body.status], [200, 'acknowledged'])
    assert.deepEqual([acknowledged.body.acknowledgedBy, acknowledged.body.acknowledgedAt], ['fang', monday])
    assert.equal((await say(id, 'acknowledge', 'ling')).body.acknowledgedBy, 'fang', 'again: nothing changes')
    const resolved = await say(id, 'resolve', 'fang', { outcome: 'fixed', note: 'paid twice, given back' })
    const { status, outcome, note, resolvedBy } = resolved.body
    assert.deepEqual([status, outcome, note, resolvedBy], ['resolved', 'fixed', 'paid twice, given back', 'fang'])
    assert.equal((await say(id, 'resolve', 'fang', { outcome: 'fixed', note: 'yes' })).status, 200)
    const reopened = await say(id, 'reopen', 'fang', { reason: 'the bank says no' })
    assert.deepEqual([reopened.status, reopened.body.status, reopened.body.outcome], [200, 'open', null])
    const read = await api.get(path(id), { as: 'qin' })
    assert.deepEqual(read.body, reopened.body)
    assert.deepEqual(
      read.body.history.map((entry: { type: string; actor: string; note: string | null }) => [
        entry.type,
        entry.actor,
        entry.note,
      ]),
      [
        ['raised', 'sweep', null],
        ['acknowledged', 'fang', 'I call the bank'],
        ['resolved', 'fang', 'paid twice, given back'],
        ['reopened', 'fang', 'the bank says no'],
      ],
    )
    assert.deepEqual(read.body.evidence, { expected: 'peace', seen: 'war', since: monday })
    for (const own of ['climb', 'climbsSince', 'clock', 'organisation']) assert.ok(!(own in read.body), own)
  })

  it('[I] refuses what cannot follow, and says why', async () => {
    const id = await raised()
    const refused = async (verb: string, body: object, why: RegExp) => {
      const answer = await say(id, verb, 'fang', body)
      assert.deepEqual([answer.status, answer.body.code], [409, 'not_applicable'], verb)
      assert.match(answer.body.detail, why)
    }
    await refused('reopen', { reason: 'x' }, /it is open, not resolved/)
    await say(id, 'acknowledge', 'fang')
    await refused('reopen', { reason: 'x' }, /it is acknowledged, not resolved/)
    await say(id, 'resolve', 'fang', { outcome: 'accepted', note: 'so be it' })
    await refused('acknowledge', {}, /reopen it first/)
    await refused('resolve', { outcome: 'fixed', note: 'x' }, /it is resolved as accepted/)
    assert.equal((await api.get(path(id))).body.history.length, 3)
  })

  it('[I] is for its owner, the people of its role, and managers', async () => {
    for (const [verb, body] of [
      ['acknowledge', {}],
      ['resolve', { outcome: 'fixed', note: 'x' }],
      ['reopen', { reason: 'x' }],
    ] as const) {
      for (const as of ['qin', 'mei', 'shop', 'sun', 'admin']) {
        const id = await raised()
        if (verb === 'reopen') await say(id, 'resolve', 'fang', { outcome: 'fixed', note: 'x' })
        const answer = await say(id, verb, as, body)
        assert.deepEqual([answer.status, answer.body.code], [403, 'not_permitted'], `${as} ${verb}`)
      }
      for (const [as, owner] of [
        ['fang', 'role:finance'],
        ['mei', 'mei'],
        ['ling', 'role:finance'],
        ['zhao', 'role:finance'],
      ] as const) {
        const id = await raised(owner)
        if (verb === 'reopen') await say(id, 'resolve', as, { outcome: 'fixed', note: 'x' })
        assert.equal((await say(id, verb, as, body)).status, 200, `${as} ${verb}`)
      }
    }
  })

  it('[I] knows no exception of another organisation, and takes no malformed word', async () => {
    const id = await raised()
    const elsewhere = await runApi()
    try {
      assert.equal((await elsewhere.get(path(id))).status, 404)
      for (const verb of ['acknowledge', 'resolve', 'reopen']) {
        const answer = await elsewhere.post(path(id, verb), {}, { as: 'zhao' })
        assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'])
      }
    } finally {
      await elsewhere.close()
    }
    const wrong: [verb: string, body: object, field: string][] = [
      ['resolve', { note: 'x' }, 'outcome'],
      ['resolve', { outcome: 'gone', note: 'x' }, 'outcome'],
      ['resolve', { outcome: 'fixed' }, 'note'],
      ['resolve', { outcome: 'fixed', note: '  ' }, 'note'],
      ['reopen', {}, 'reason'],
      ['acknowledge', { reason: 'x' }, 'reason'],
    ]
    for (const [verb, body, field] of wrong) {
      const answer = await say(id, verb, 'fang', body)
      assert.deepEqual([answer.status, answer.body.errors[0].field], [422, field], verb)
    }
    assert.equal((await api.get('/api/exceptions?kind=odd')).status, 422)
    assert.equal((await api.get('/api/exceptions/none')).status, 404)
    assert.equal((await api.get(path(id))).body.history.length, 1)
  })

  it('[I] repeats its answer under an idempotency key', async () => {
    const id = await raised()
    const resolve = () => api.post(path(id, 'resolve'), { outcome: 'fixed', note: 'x' }, { as: 'fang', key: 'once' })
    assert.deepEqual((await resolve()).body, (await resolve()).body)
  })

  const report = (orderNo: string, changes: object = {}) => {
    count += 1
    const fact = { id: `x${count}`, source: 'bank', type: 'payment.received', at: monday, ...changes }
    return api.post(`/api/orders/${orderNo}/facts`, fact)
  }
  const list = async (query: string) => (await api.get(`/api/exceptions?${query}`, { as: 'qin' })).body.items

  it('[I] tells the process owner of facts about a closed order, once for each', async () => {
    const orderNo = await api.place('20000.00')
    await api.post(`/api/orders/${orderNo}/commands`, { type: 'reject' }, { as: 'mei' })
    assert.deepEqual((await report(orderNo, { id: 'late' })).body, { state: 'parked' })
    await report(orderNo, { id: 'late' })
    const [one, ...others] = await list(`orderNo=${orderNo}&kind=mismatch`)
    assert.deepEqual(others, [])
    assert.deepEqual([one.id, one.owner, one.count, one.severity], [`${orderNo}:closed`, 'zhao', 1, 'error'])
    assert.deepEqual(
      one.evidence.expected,
      `nothing more is reported: the order is closed as cancelled since ${monday}`,
    )
    assert.equal(one.evidence.seen, 'bank reports payment.received')
    assert.equal(one.evidence.fact.id, 'late')
    assert.deepEqual((await api.get(`/api/orders?status=cancelled`)).body.items[0].exceptions, ['mismatch'])
    await say(one.id, 'resolve', 'zhao', { outcome: 'accepted', note: 'given back by hand' })
    await report(orderNo, { id: 'later', type: 'shipment.delivered' })
    const again = (await list(`orderNo=${orderNo}&kind=mismatch`))[0]
    assert.deepEqual([again.status, again.count, again.evidence.fact.id], ['open', 2, 'later'])
  })

  it('[I] finds a fact of a closed order that nobody was told of, as after a crash', async () => {
    const orderNo = await api.place('20000.00')
    const { organisation } = api
    const parked = { source: 'bank', type: 'payment.received', claimedAt: monday, data: {}, receivedAt: monday }
    await api.store.parkFact({ organisation, orderNo, id: 'crashed', ...parked })
    await api.post(`/api/orders/${orderNo}/commands`, { type: 'reject' }, { as: 'mei' })
    const sweep = createSweep(api.deps)
    await sweep()
    await sweep()
    assert.equal((await list(`orderNo=${orderNo}&kind=mismatch`))[0].count, 1)
  })

  it('[I] calls what is reported of an order that does not come for a day a ghost, until it comes', async () => {
    const sweep = createSweep(api.deps)
    await report('GHOST-1', { id: 'g1', type: 'supplier.delayed' })
    await report('GHOST-1', { id: 'g2', type: 'supplier.delayed' })
    api.setTime('2026-03-03T01:59:00.000Z')
    await sweep()
    assert.deepEqual(await list('kind=ghost'), [])
    api.setTime('2026-03-03T02:01:00.000Z')
    await sweep()
    await sweep()
    const [ghost, ...others] = await list('kind=ghost&status=open')
    assert.deepEqual(others, [])
    assert.deepEqual([ghost.id, ghost.orderNo, ghost.count, ghost.owner], ['ghost:GHOST-1', null, 2, 'role:order-desk'])
    assert.deepEqual([ghost.evidence.since, ghost.evidence.orderNo], [monday, 'GHOST-1'])
    assert.equal((await say(ghost.id, 'acknowledge', 'mei')).status, 403)
    assert.equal((await say(ghost.id, 'acknowledge', 'he')).status, 200)
    await api.place('100.00', { orderNo: 'GHOST-1' })
    const over = (await api.get(path(ghost.id))).body
    assert.deepEqual([over.status, over.outcome, over.resolvedBy], ['resolved', 'fixed', 'sweep'])
  })

  it('[I] calls an order whose workflow task fails dead, says so in why, and lets the clock be, until it goes on', async () => {
    const { organisation } = api
    const orderNo = await api.place('20000.00')
    const late = async () =>
      (await api.store.overdueClock('2026-06-01T00:00:00.000Z')).some(row => row.orderNo === orderNo)
    const blocked = { organisation, orderNo, message: 'Nondeterminism error', since: '2026-03-02T01:00:00.000Z' }
    api.orders.stuck = [blocked]
    await createSweep(api.deps)()
    const found = (await list('kind=dead')).find(({ id }: { id: string }) => id === `${orderNo}:blocked`)
    assert.deepEqual([found?.owner, found?.status, found?.count], ['zhao', 'open', 1])
    assert.match(found.evidence.seen, /fails again and again: Nondeterminism error/)
    const why = await api.get(`/api/orders/${orderNo}/why`, { as: 'qin' })
    assert.match(why.body.text, /^It cannot go on since 2026-03-02T01:00:00\.000Z/)
    assert.ok(!(await late()), 'the clock of the others is not dead')
    api.orders.stuck = []
    await createSweep(api.deps)()
    assert.equal((await api.store.getException(organisation, `${orderNo}:blocked`))?.status, 'resolved')
    assert.doesNotMatch((await api.get(`/api/orders/${orderNo}/why`, { as: 'qin' })).body.text, /cannot go on/)
    assert.ok(await late())
  })

  it('[I] calls an open order whose workflow was ended from outside vanished, once, and lets the clock be', async () => {
    const { organisation } = api
    const orderNo = await api.place('20000.00')
    const closed = await api.place('20000.00')
    await api.post(`/api/orders/${closed}/commands`, { type: 'reject' }, { as: 'mei' })
    for (const ended of [orderNo, closed]) api.orders.terminate({ organisation, orderNo: ended })
    const late = async () =>
      (await api.store.overdueClock('2026-06-01T00:00:00.000Z')).some(row => row.orderNo === orderNo)
    assert.ok(await late())
    await createSweep(api.deps)()
    await createSweep(api.deps)()
    const [vanished, ...others] = await list('kind=vanished')
    assert.deepEqual(others, [])
    const { id, owner, severity, count, evidence } = vanished
    assert.deepEqual([id, owner, severity, count], [`${orderNo}:vanished`, 'zhao', 'critical', 1])
    assert.match(evidence.seen, /ended from outside: terminated/)
    assert.ok(!(await late()), 'the clock of the others is not dead')
  })

  it('[I] wakes the clock of an organisation that has something due, and does not wake it all the time', async () => {
    const sweep = createSweep(api.deps)
    await raised()
    const woken = () => api.orders.asked.filter(what => what === `wake ${api.organisation}`).length
    const before = woken()
    api.setTime('2026-03-04T02:00:00.000Z')
    await sweep()
    await sweep()
    assert.equal(woken(), before + 1)
    api.setTime('2026-03-04T02:01:00.000Z')
    await sweep()
    assert.equal(woken(), before + 2, 'it has not got round to it')
    for (const exception of await api.store.dueExceptions(api.organisation, '2026-03-04T02:01:00.000Z', 999)) {
      await api.store.recordClock(exception, { clock: null, dueAt: '2026-03-05T00:00:00.000Z' })
    }
    api.setTime('2026-03-04T02:02:00.000Z')
    await sweep()
    assert.equal(woken(), before + 2, 'it has')
  })
})
