import assert from 'node:assert/strict'
import { type RunningApi, runApi } from './running-api.ts'

const monday = [{ from: '2026-03-02', until: '2026-03-02', deputy: 'sun', reason: 'at the doctor’s' }]

describe('people', () => {
  let api: RunningApi
  beforeEach(async () => {
    api = await runApi()
  })
  afterEach(() => api.close())
  const person = async (id: string) =>
    (await api.get('/api/people')).body.items.find((one: { id: string }) => one.id === id)
  const putAbsences = (id: string, absences: unknown, as = id) =>
    api.put(`/api/people/${id}/absences`, { absences }, { as })
  const inbox = async (as: string) =>
    (await api.get('/api/tasks?mine=true', { as })).body.items.map((task: { orderNo: string }) => task.orderNo)
  const ask = (orderNo: string, as: string, command: object) =>
    api.post(`/api/orders/${orderNo}/commands`, command, { as })

  it('[I] are listed, with who is away and who stands in', async () => {
    assert.deepEqual(await person('mei'), {
      id: 'mei',
      name: { en: 'Mei', zh: '小梅' },
      roles: ['sales-supervisor'],
      manager: 'ling',
      deputy: null,
      calendar: 'cn-office',
      left: null,
      service: false,
      absences: [],
      away: null,
    })
    const { status, body } = await putAbsences('mei', monday)
    assert.equal(status, 200)
    assert.deepEqual(body.away, { because: 'absent', until: '2026-03-02', standIn: 'sun' })
    assert.deepEqual((await person('mei')).absences, monday)
    api.setTime('2026-03-02T16:00:00.000Z')
    assert.equal((await person('mei')).away, null, 'it is the third of March in Shanghai')
  })

  it('[I] say for themselves when they are away, as do those above them, and admin', async () => {
    for (const as of ['sun', 'mei', 'zhao', 'admin'])
      assert.equal(
        (
          await putAbsences(
            'sun',
            monday.map(({ deputy: _, ...one }) => one),
            as,
          )
        ).status,
        200,
        as,
      )
    for (const as of ['fang', 'shop', 'qin']) {
      const { status, body } = await putAbsences('sun', [], as)
      assert.deepEqual([status, body.code], [403, 'not_permitted'], as)
    }
    assert.equal((await putAbsences('nobody', [], 'admin')).status, 404)
    assert.equal((await person('sun')).absences.length, 1)
  })

  it('[I] cannot be away before they go, or leave it to somebody who cannot stand in', async () => {
    const refused = async (absence: object) => {
      const { status, body } = await putAbsences('mei', [absence])
      assert.deepEqual([status, body.code], [422, 'invalid'])
      return body.errors.map(({ field, message }: { field: string; message: string }) => `${field}: ${message}`)
    }
    const dates = { from: '2026-03-02', until: '2026-03-03' }
    assert.deepEqual(await refused({ ...dates, deputy: 'nobody' }), ['absences.0.deputy: nobody is called "nobody"'])
    assert.deepEqual(await refused({ ...dates, deputy: 'mei' }), [
      'absences.0.deputy: "mei" cannot stand in for themselves',
    ])
    assert.deepEqual(await refused({ ...dates, deputy: 'shop' }), [
      'absences.0.deputy: "shop" is a backend, not a person',
    ])
    assert.deepEqual(await refused({ from: '2026-03-03', until: '2026-03-02' }), [
      'absences.0.until: the absence ends before it begins',
    ])
    assert.deepEqual(await refused({ from: '2026-02-30', until: '2026-03-02' }), [
      'absences.0.from: a date like 2026-10-01',
    ])
    assert.deepEqual((await person('mei')).absences, [])
  })

  it('[I] who stand in see what is waiting, may do it, and are named for it', async () => {
    const orderNo = await api.place('20000.00')
    assert.deepEqual(await inbox('sun'), [])
    assert.equal((await ask(orderNo, 'sun', { type: 'approve' })).status, 403)
    await putAbsences('mei', monday)
    assert.deepEqual(await inbox('sun'), [orderNo])
    const seen = (await api.get(`/api/orders/${orderNo}`, { as: 'sun' })).body.availableCommands
    assert.ok(seen.some(({ type }: { type: string }) => type === 'approve'))
    assert.ok(!seen.some(({ type }: { type: string }) => type === 'claim'), 'a deputy need not')
    await ask(orderNo, 'ling', { type: 'transfer', to: 'mei', reason: 'she knows them' })
    const can = (await api.get(`/api/orders/${orderNo}/why`, { as: 'qin' })).body.can
    assert.ok(can.find(({ type }: { type: string }) => type === 'approve').by.includes('sun'))
    assert.equal((await ask(orderNo, 'sun', { type: 'approve', reason: 'in her place' })).status, 200)
    const journal = (await api.get(`/api/orders/${orderNo}/journal`, { as: 'qin' })).body.items
    const acted = journal.find(({ type }: { type: string }) => type === 'deputy.acted')
    assert.deepEqual([acted.actor, acted.data], ['sun', { insteadOf: 'mei', because: 'absent' }])
  })

  it('[I] who are back find what is theirs, and nobody acts for them any more', async () => {
    const orderNo = await api.place('20000.00')
    await putAbsences('mei', monday)
    await putAbsences('mei', [], 'ling')
    assert.deepEqual([await inbox('sun'), await inbox('mei')], [[], [orderNo]])
    assert.equal((await ask(orderNo, 'sun', { type: 'approve' })).status, 403)
  })

  it('[I] claim what their role owns; the role sees who has it', async () => {
    const orderNo = await api.place('20000.00')
    const pool = async () => {
      const { items } = (await api.get('/api/tasks?owner=role:sales-supervisor', { as: 'qin' })).body
      return items.map(({ owner, pool }: { owner: string; pool: string | null }) => [owner, pool])
    }
    assert.deepEqual(await pool(), [['role:sales-supervisor', null]])
    assert.equal((await ask(orderNo, 'fang', { type: 'claim' })).status, 403)
    assert.equal((await ask(orderNo, 'mei', { type: 'claim' })).status, 200)
    assert.deepEqual(await pool(), [['mei', 'role:sales-supervisor']])
    assert.deepEqual(await inbox('mei'), [orderNo])
    const again = await ask(orderNo, 'mei', { type: 'claim' })
    assert.deepEqual([again.status, again.body.code], [409, 'not_applicable'])
  })

  it('[I] pass on only with a reason', async () => {
    const orderNo = await api.place('20000.00')
    const { status, body } = await ask(orderNo, 'mei', { type: 'transfer', to: 'ling' })
    assert.deepEqual([status, body.errors[0].field], [422, 'reason'])
  })

  it('[I] who have left have no key any more', async () => {
    const people = (await api.store.listPeople()).filter(({ organisation }) => organisation === api.organisation)
    const documents = people.map(({ document }) =>
      document.id === 'sun' ? { ...document, left: '2026-03-03' } : document,
    )
    await api.store.storePeople(documents, '2026-03-01T00:00:00.000Z')
    api.deps.people.forget()
    assert.equal((await api.get('/api/tasks', { as: 'sun' })).status, 200, 'the last day')
    api.setTime('2026-03-03T01:00:00.000Z')
    assert.equal((await api.get('/api/tasks', { as: 'sun' })).status, 401)
    assert.deepEqual((await person('sun')).away, { because: 'left', until: null, standIn: 'mei' })
    const orderNo = await api.place('20000.00')
    const { status, body } = await ask(orderNo, 'mei', { type: 'transfer', to: 'sun', reason: 'it is theirs' })
    assert.deepEqual([status, body.errors[0].field], [422, 'to'], 'nor are they given anything')
  })
})
