import assert from 'node:assert/strict'
import { monday, type RunningApi, runApi } from './running-api.ts'

describe('POST /api/orders/{orderNo}/commands?dryRun=true', () => {
  let api: RunningApi
  let orderNo: string
  before(async () => {
    api = await runApi()
  })
  beforeEach(async () => {
    orderNo = await api.place('100.00')
  })
  after(() => api.close())
  const preview = (command: unknown, as = 'he', key?: string) =>
    api.post(`/api/orders/${orderNo}/commands?dryRun=true`, command, { as, ...(key === undefined ? {} : { key }) })
  const shown = async () => (await api.get(`/api/orders/${orderNo}`)).body

  it('[I] tells what would happen, and changes nothing', async () => {
    await api.orders.succeed(api.key(orderNo), 'payment', 'stock')
    const before = await shown()
    const { status, body } = await preview({ type: 'cancel', reason: 'just asking' })
    assert.equal(status, 200)
    assert.deepEqual(
      [body.status, body.statusAfter, body.statusInTheEnd],
      ['pending_shipment', 'compensating', 'cancelled'],
    )
    assert.equal(body.events[0].type, 'compensation.started')
    assert.deepEqual(
      body.withdrawn.map(({ operation }: { operation: string }) => operation),
      ['shipment.create'],
    )
    assert.deepEqual(
      body.undo.map(({ operation, key }: { operation: string; key: string }) => [operation, key]),
      [
        ['inventory.release', `${api.organisation}/${orderNo}/stock/1`],
        ['payment.void', `${api.organisation}/${orderNo}/payment/1`],
      ],
    )
    assert.deepEqual([body.money.now.authorised, body.money.inTheEnd.authorised], ['100.00', '0.00'])
    assert.deepEqual(await shown(), before)
    const { items } = (await api.get(`/api/orders/${orderNo}/journal`)).body
    assert.equal(items.at(-1).seq, before.seq)
  })

  it('[I] refuses what would be refused, and keeps no record of it', async () => {
    assert.deepEqual((await preview({ type: 'cancel' }, 'qin')).body.code, 'not_permitted')
    assert.deepEqual((await preview({ type: 'retry' })).body.code, 'not_applicable')
    assert.deepEqual((await preview({ type: 'cancel', expectedSeq: 99 })).body.code, 'stale')
    await api.post(`/api/orders/${orderNo}/commands`, { type: 'cancel' }, { as: 'he' })
    assert.equal((await preview({ type: 'transfer', to: 'nobody' })).status, 422)
    const other = await api.place('20000.00')
    await api.post(`/api/orders/${other}/commands`, { type: 'reject' }, { as: 'mei' })
    orderNo = other
    assert.deepEqual((await preview({ type: 'cancel' })).body.code, 'closed')
  })

  it('[I] leaves an Idempotency-Key to the request that does it', async () => {
    await preview({ type: 'cancel' }, 'he', 'the-key')
    const done = await api.post(`/api/orders/${orderNo}/commands`, { type: 'cancel' }, { as: 'he', key: 'the-key' })
    assert.deepEqual([done.status, done.body.status], [200, 'compensating'])
    assert.equal(done.headers.get('Idempotency-Replayed'), null)
  })

  it('[I] is true or false', async () => {
    const url = (value: string) => `/api/orders/${orderNo}/commands?dryRun=${value}`
    assert.equal((await api.post(url('yes'), { type: 'cancel' }, { as: 'he' })).body.errors[0].field, 'dryRun')
    assert.equal((await api.post(url('false'), { type: 'cancel' }, { as: 'he' })).body.status, 'compensating')
  })
})

describe('a command that a second person must confirm', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())

  it('[I] is answered with its proposal, shown, in the inbox, and done when another person confirms', async () => {
    const orderNo = await api.place('20000.00')
    const send = (command: object, as: string) => api.post(`/api/orders/${orderNo}/commands`, command, { as })
    const asked = await send({ type: 'void', reason: 'placed by mistake', id: 'v-1' }, 'zhao')
    assert.equal(asked.status, 202)
    const { id } = asked.body.proposal
    assert.deepEqual((await send({ type: 'void', reason: 'placed by mistake', id: 'v-1' }, 'zhao')).body, asked.body)
    const shown = (await api.get(`/api/orders/${orderNo}`, { as: 'ling' })).body
    assert.deepEqual([shown.status, shown.proposals[0].by], ['pending_approval', 'zhao'])
    assert.ok(shown.availableCommands.some((one: { type: string; proposal?: string }) => one.proposal === id))
    const { items } = (await api.get('/api/tasks?mine=true', { as: 'ling' })).body
    assert.ok(items.some(({ kind }: { kind: string }) => kind === 'proposal'))
    assert.equal((await send({ type: 'confirm', proposal: id }, 'zhao')).body.code, 'not_permitted')
    const done = await send({ type: 'confirm', proposal: id }, 'ling')
    assert.deepEqual([done.status, done.body.status], [200, 'voided'])
  })

  it('[I] is not confirmed any more once whoever asked has left', async () => {
    const orderNo = await api.place('20000.00')
    const send = (command: object, as: string) => api.post(`/api/orders/${orderNo}/commands`, command, { as })
    const { id } = (await send({ type: 'void', reason: 'placed by mistake' }, 'zhao')).body.proposal
    const { people } = api.deps.processes.directory
    const gone = people.map(person => (person.id === 'zhao' ? { ...person, left: '2026-03-02' } : person))
    await api.store.storePeople(gone, monday)
    api.deps.people.forget()
    const { status, body } = await send({ type: 'confirm', proposal: id }, 'ling')
    assert.deepEqual([status, body.code], [403, 'not_permitted'])
    assert.match(body.detail, /works here no more/)
    const shown = (await api.get(`/api/orders/${orderNo}`, { as: 'ling' })).body.availableCommands
    const offered = shown.flatMap((one: { type: string; proposal?: string }) => (one.proposal ? one.type : []))
    assert.deepEqual(offered, ['decline'])
    assert.equal((await send({ type: 'decline', proposal: id }, 'ling')).status, 200)
  })
})
