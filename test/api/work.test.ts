import assert from 'node:assert/strict'
import { type RunningApi, runApi } from './running-api.ts'

describe('what there is to do', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
    await api.place('20000.00', { orderNo: 'T-1' })
    api.setTime('2026-03-02T01:00:00.000Z')
    await api.place('30000.00', { orderNo: 'T-2' })
    await api.place('10.00', { orderNo: 'T-3' })
    const outcome = { ok: false, code: 'declined', message: 'declined', certainty: 'not_done' } as const
    const call = { step: 'payment', round: 1, kind: 'do' } as const
    await api.orders.take(api.key('T-3'), { type: 'result', call, outcome })
  })
  after(() => api.close())
  const tasks = async (query: string, as: string) => {
    const { status, body } = await api.get(`/api/tasks${query}`, { as })
    assert.equal(status, 200)
    return body.items.map((task: { orderNo: string; subject: string }) => `${task.orderNo} ${task.subject}`)
  }

  it('[I] is in the inbox of whoever must do it, nearest deadline first', async () => {
    assert.deepEqual(await tasks('?mine=true', 'mei'), ['T-2 step:approval', 'T-1 step:approval'])
    assert.deepEqual(await tasks('', 'he'), ['T-3 review:1'])
    assert.deepEqual(await tasks('?mine=true', 'wu'), [])
    assert.deepEqual(await tasks('?owner=role:order-desk', 'qin'), ['T-3 review:1'])
    const page = (await api.get('/api/tasks?limit=1', { as: 'mei' })).body
    assert.deepEqual(
      [page.items[0].title, page.items[0].status, page.items[0].overdue],
      [{ en: 'Approval', zh: '审核' }, 'pending_approval', false],
    )
    assert.equal(
      (await api.get(`/api/tasks?limit=1&cursor=${page.nextCursor}`, { as: 'mei' })).body.items[0].orderNo,
      'T-1',
    )
    api.setTime('2026-03-02T05:00:00.000Z')
    assert.equal((await api.get('/api/tasks', { as: 'mei' })).body.items[0].overdue, true)
    for (const query of ['?mine=false', '?mine=true&owner=mei', '?mine=1']) {
      assert.equal((await api.get(`/api/tasks${query}`)).status, 422, query)
    }
  })

  it('[I] is counted on the board', async () => {
    const { body } = await api.get('/api/board')
    assert.equal(body.open, 3)
    assert.deepEqual(
      body.byStatus.map(({ status, count }: { status: string; count: number }) => [status, count]),
      [
        ['manual_review', 1],
        ['pending_approval', 2],
      ],
    )
    const supervisors = body.byOwner.find(({ owner }: { owner: string }) => owner === 'role:sales-supervisor')
    assert.deepEqual([supervisors.count, supervisors.oldest.orderNo], [2, 'T-2'])
  })

  it('[I] includes what is abnormal', async () => {
    const list = async (query: string) => (await api.get(`/api/exceptions${query}`, { as: 'qin' })).body.items
    const [failed, ...others] = await list('?status=open')
    assert.deepEqual(others, [])
    assert.deepEqual(
      [failed.id, failed.orderNo, failed.kind, failed.step, failed.severity, failed.owner],
      ['T-3:x1', 'T-3', 'failed', 'payment', 'error', 'role:order-desk'],
    )
    assert.deepEqual(await list('?kind=overdue'), [])
    assert.equal((await list('?owner=role:order-desk&orderNo=T-3')).length, 1)
    await api.post('/api/orders/T-3/commands', { type: 'retry', step: 'payment' }, { as: 'he' })
    await api.orders.succeed(api.key('T-3'), 'payment')
    assert.deepEqual(await list('?status=open'), [])
    assert.deepEqual((await list('?status=resolved'))[0].outcome, 'fixed')
  })

  it('[I] of one organisation is nobody else’s business', async () => {
    const elsewhere = await runApi()
    try {
      assert.deepEqual((await elsewhere.get('/api/orders')).body.items, [])
      assert.equal((await elsewhere.get('/api/orders/T-1')).status, 404)
      assert.equal((await elsewhere.get('/api/board')).body.open, 0)
      assert.deepEqual((await elsewhere.get('/api/tasks', { as: 'mei' })).body.items, [])
      assert.deepEqual((await elsewhere.get('/api/exceptions')).body.items, [])
      assert.equal(await elsewhere.place('20000.00', { orderNo: 'T-1' }), 'T-1')
    } finally {
      await elsewhere.close()
    }
  })
})
