import assert from 'node:assert/strict'
import { finishBulk } from '../../activities/bulk/finish-bulk.ts'
import { sendBulk } from '../../activities/bulk/send-bulk.ts'
import { createSweep } from '../../api/sweep.ts'
import { inActivity } from '../activities/samples.ts'
import { type Asking, monday, type RunningApi, runApi } from './running-api.ts'

describe('/api/bulk', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())

  const hold = { type: 'hold', hold: 'customer' }
  const begin = (body: object, asking: Asking = { as: 'zhao' }) => api.post('/api/bulk', body, asking)
  const large = () => api.place('20000.00')

  /** What its workflow does, without Temporal. */
  async function runs(id: string): Promise<void> {
    const { store, orders, organisation } = api
    const { catalogue, people } = api.deps
    const send = sendBulk({ store, orders, directory: () => people.today(), catalogue })
    const key = { organisation, id }
    while ((await inActivity(send, { ...key, sliceMs: 5_000 })).goesOn);
    await finishBulk({ store })({ ...key, isCancelled: false })
  }

  it('[I] takes orders by number, answers at once, and then tells what became of each', async () => {
    const [one, two] = [await large(), await large()]
    const selection = { orderNos: [one, two, 'SO-404', one] }
    const { status, body } = await begin({ command: hold, selection, perSecond: 50 })
    assert.equal(status, 202)
    assert.deepEqual(
      [body.state, body.by, body.perSecond, body.dryRun, body.selectedBy, body.counts.total, body.counts.left],
      ['running', 'zhao', 50, false, null, 3, 3],
    )
    assert.ok(api.orders.asked.includes(`bulk ${body.id}`))
    await api.post(`/api/orders/${two}/commands`, hold, { as: 'sun' })
    await runs(body.id)
    const after = (await api.get(`/api/bulk/${body.id}`, { as: 'zhao' })).body
    assert.deepEqual([after.state, after.refusedBy], ['done', { not_applicable: 1 }])
    const { total, left, done, refused, notFound } = after.counts
    assert.deepEqual({ total, left, done, refused, notFound }, { total: 3, left: 0, done: 1, refused: 1, notFound: 1 })
    const page = (await api.get(`/api/bulk/${body.id}/results?limit=2`, { as: 'zhao' })).body
    assert.deepEqual(
      page.items.map(({ orderNo, outcome, status: now, code }: Record<string, string>) => [
        orderNo,
        outcome,
        now ?? code,
      ]),
      [
        [one, 'done', 'on_hold'],
        [two, 'refused', 'not_applicable'],
      ],
    )
    const rest = await api.get(`/api/bulk/${body.id}/results?cursor=${page.nextCursor}`, { as: 'zhao' })
    assert.deepEqual(
      rest.body.items.map(({ orderNo }: { orderNo: string }) => orderNo),
      ['SO-404'],
    )
    assert.equal(rest.body.nextCursor, null)
    const some = await api.get(`/api/bulk/${body.id}/results?outcome=not_found`, { as: 'zhao' })
    assert.equal(some.body.items.length, 1)
    const journal = (await api.get(`/api/orders/${one}/journal`, { as: 'qin' })).body.items
    assert.equal(journal.find(({ type }: { type: string }) => type === 'hold.placed').actor, 'zhao')
  })

  it('[I] keeps the orders that a filter matched at the start', async () => {
    const customer = { id: 'c-bulk', name: 'Bo' }
    const [one, two] = [await api.place('20000.00', { customer }), await api.place('20000.00', { customer })]
    const selection = { customer: 'c-bulk', status: 'pending_approval', overdue: false, since: '2026-03-02T00:00:00Z' }
    const { body } = await begin({ command: hold, selection, perSecond: 50 })
    assert.deepEqual([body.counts.total, body.selectedBy.customer], [2, 'c-bulk'])
    await api.place('20000.00', { customer })
    await runs(body.id)
    const { items } = (await api.get(`/api/bulk/${body.id}/results`, { as: 'zhao' })).body
    assert.deepEqual(items.map(({ orderNo }: { orderNo: string }) => orderNo).sort(), [one, two].sort())
    const none = await begin({ command: hold, selection: { customer: 'nobody' } })
    assert.equal(none.body.counts.total, 0)
    await runs(none.body.id)
    assert.equal((await api.get(`/api/bulk/${none.body.id}`, { as: 'zhao' })).body.state, 'done')
  })

  it('[I] refuses what is too many, or is no selection and no command for many', async () => {
    const orderNos = ['SO-1']
    const tooMany = Array.from({ length: 10_001 }, (_, index) => `N-${index}`)
    const cases: readonly (readonly [object, string])[] = [
      [{ command: hold, selection: {} }, 'selection'],
      [{ command: hold, selection: { orderNos: [] } }, 'selection.orderNos'],
      [{ command: hold, selection: { orderNos: tooMany } }, 'selection.orderNos'],
      [{ command: hold, selection: { orderNos: ['a b'] } }, 'selection.orderNos.0'],
      [{ command: hold, selection: { orderNos, status: 'on_hold' } }, 'selection.status'],
      [{ command: hold, selection: { status: 'nowhere' } }, 'selection.status'],
      [{ command: hold, selection: { since: 'yesterday' } }, 'selection.since'],
      [{ command: hold, selection: { colour: 'red' } }, 'selection.colour'],
      [{ command: { type: 'confirm', proposal: 'p1' }, selection: { orderNos } }, 'command.type'],
      [{ command: { ...hold, expectedSeq: 3 }, selection: { orderNos } }, 'command.expectedSeq'],
      [{ command: { type: 'void' }, selection: { orderNos } }, 'command.reason'],
      [{ command: { type: 'transfer', to: 'nobody', reason: 'x' }, selection: { orderNos } }, 'command.to'],
      [{ command: hold, selection: { orderNos }, perSecond: 51 }, 'perSecond'],
      [{ command: hold, selection: { orderNos }, perSecond: 0 }, 'perSecond'],
      [{ selection: { orderNos } }, 'command'],
    ]
    for (const [asked, field] of cases) {
      const { status, body } = await begin(asked)
      assert.deepEqual([status, body.code, body.errors?.[0]?.field], [422, 'invalid', field], JSON.stringify(body))
    }
    const { matchingOrders } = api.store
    api.deps.store.matchingOrders = async () => tooMany
    const { body } = await begin({ command: hold, selection: { status: 'in_transit' } })
    api.deps.store.matchingOrders = matchingOrders
    assert.match(body.detail, /selection: more than 10000 orders match: choose fewer at once/)
  })

  it('[I] is the same bulk under the same Idempotency-Key, also where the answer was not kept', async () => {
    const asked = { command: hold, selection: { orderNos: [await large()] } }
    const first = await begin(asked, { as: 'zhao', key: 'nightly' })
    const again = await begin(asked, { as: 'zhao', key: 'nightly' })
    assert.deepEqual([again.status, again.body], [202, first.body])
    assert.equal(again.headers.get('idempotency-replayed'), 'true')
    await api.store.pruneRequests('2027-01-01T00:00:00.000Z')
    const later = await begin(asked, { as: 'zhao', key: 'nightly' })
    assert.deepEqual(
      [later.status, later.body.id, later.headers.get('idempotency-replayed')],
      [202, first.body.id, null],
    )
    await api.store.pruneRequests('2027-01-01T00:00:00.000Z')
    const other = await begin({ ...asked, perSecond: 1 }, { as: 'zhao', key: 'nightly' })
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_conflict'])
    const others = await begin(asked, { as: 'ling', key: 'nightly' })
    assert.notEqual(others.body.id, first.body.id)
  })

  it('[I] shows a bulk to whoever began it, to auditors and admins; to others it is none', async () => {
    const { body } = await begin({ command: hold, selection: { orderNos: [await large()] } }, { as: 'ling' })
    const seen = async (as: string) => {
      const { status } = await api.get(`/api/bulk/${body.id}`, { as })
      const list = (await api.get('/api/bulk?limit=200', { as })).body.items
      assert.equal((await api.get(`/api/bulk/${body.id}/results`, { as })).status, status)
      return [status, list.some(({ id }: { id: string }) => id === body.id)]
    }
    assert.deepEqual(await seen('ling'), [200, true])
    assert.deepEqual(await seen('qin'), [200, true])
    assert.deepEqual(await seen('admin'), [200, true])
    assert.deepEqual(await seen('zhao'), [404, false])
    const cancel = async (as: string) => (await api.post(`/api/bulk/${body.id}/cancel`, '', { as })).status
    assert.deepEqual([await cancel('zhao'), await cancel('qin')], [404, 403])
    const listed = (await api.get('/api/bulk?state=running&limit=1', { as: 'qin' })).body
    assert.deepEqual([listed.items.length, listed.items[0].total, typeof listed.nextCursor], [1, 1, 'string'])
    const gone = await api.get('/api/bulk/b-404', { as: 'zhao' })
    assert.deepEqual([gone.status, gone.body.code], [404, 'not_found'])
  })

  it('[I] is cancelled before it has begun, and once only; one that is done cannot be', async () => {
    const orderNo = await large()
    const { body } = await begin({ command: hold, selection: { orderNos: [orderNo] } })
    const cancel = (as: string) => api.post(`/api/bulk/${body.id}/cancel`, '', { as })
    const cancelled = await cancel('zhao')
    assert.deepEqual([cancelled.status, cancelled.body.state, cancelled.body.cancelledBy], [202, 'cancelling', 'zhao'])
    assert.equal((await cancel('admin')).body.cancelledBy, 'zhao')
    await runs(body.id)
    const after = await api.get(`/api/bulk/${body.id}`, { as: 'zhao' })
    assert.deepEqual([after.body.state, after.body.counts.cancelled], ['cancelled', 1])
    assert.equal((await api.get(`/api/orders/${orderNo}`)).body.status, 'pending_approval')
    assert.equal((await cancel('zhao')).status, 202)
    const done = await begin({ command: hold, selection: { orderNos: ['SO-404'] } })
    await runs(done.body.id)
    const late = await api.post(`/api/bulk/${done.body.id}/cancel`, '', { as: 'zhao' })
    assert.deepEqual([late.status, late.body.code], [409, 'not_applicable'])
  })

  it('[I] is judged order by order: of a service account, what only a person may say is refused', async () => {
    const orderNo = await large()
    const { body } = await begin({ command: { type: 'approve' }, selection: { orderNos: [orderNo] } }, { as: 'shop' })
    await runs(body.id)
    const { items } = (await api.get(`/api/bulk/${body.id}/results`, { as: 'shop' })).body
    assert.deepEqual([items[0].outcome, items[0].code], ['refused', 'not_permitted'])
    const { items: attempts } = (await api.get(`/api/orders/${orderNo}/attempts`, { as: 'qin' })).body
    assert.deepEqual([attempts[0].actor, attempts[0].command], ['shop', 'approve'])
  })

  it('[I] follows a matrix that changes in the middle', async () => {
    const orderNos = [await large()]
    const { body } = await begin({ command: hold, selection: { orderNos } }, { as: 'sun' })
    const { matrices } = api.deps
    const { today } = matrices
    const without = async () => {
      const known = await today()
      return (organisation: string) =>
        Object.fromEntries(
          Object.entries(known(organisation)).map(([name, matrix]) => [
            name,
            { ...matrix, version: 99, commands: { ...matrix.commands, hold: [] } },
          ]),
        )
    }
    Object.assign(matrices, { today: without })
    await runs(body.id)
    Object.assign(matrices, { today })
    const { items } = (await api.get(`/api/bulk/${body.id}/results`, { as: 'sun' })).body
    assert.deepEqual([items[0].outcome, items[0].code], ['refused', 'not_permitted'])
  })

  it('[I] is accepted while Temporal is away, and started by the sweep; so is one whose workflow is gone', async () => {
    api.orders.isAway = true
    const { status, body } = await begin({ command: hold, selection: { orderNos: ['SO-404'] } })
    api.orders.isAway = false
    assert.equal(status, 202)
    const started = () => api.orders.asked.filter(asked => asked === `bulk ${body.id}`).length
    const sweep = createSweep(api.deps)
    await sweep()
    assert.equal(started(), 0, 'whoever accepted it is given a moment')
    const later = (ms: number) => new Date(Date.parse(monday) + ms).toISOString()
    api.setTime(later(6_000))
    await sweep()
    assert.equal(started(), 1)
    await api.store.touchBulk({ organisation: api.organisation, id: body.id }, later(6_000))
    api.setTime(later(60_000))
    await sweep()
    assert.equal(started(), 1, 'it goes on')
    api.setTime(later(67_000))
    await sweep()
    assert.equal(started(), 2)
    await api.store.finishBulk({ organisation: api.organisation, id: body.id }, later(67_000), false)
    await sweep()
    assert.equal(started(), 2)
    api.setTime(monday)
  })
})
