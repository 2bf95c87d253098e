import assert from 'node:assert/strict'
import { monday, type RunningApi, runApi } from './running-api.ts'

describe('an audit over HTTP', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())

  const audit = async (query = '') => (await api.get(`/api/audit${query}`, { as: 'qin' })).body

  it('[I] names the order that was silent for too long, and since when', async () => {
    const orderNo = await api.place('20000.00')
    api.setTime('2026-03-05T01:00:00.000Z')
    assert.equal((await audit()).result, 'kept')
    api.setTime('2026-03-06T02:00:00.000Z')
    const report = await audit()
    assert.deepEqual([report.result, report.orders, report.open], ['broken', 1, 1])
    const [silence, ...others] = report.broken
    assert.deepEqual(others, [])
    assert.equal(silence.organisation, api.organisation)
    assert.deepEqual([silence.orderNo, silence.from, silence.open], [orderNo, monday, true])
    assert.deepEqual([silence.kind, silence.status], ['task', 'pending_approval'])
    assert.equal(silence.limitMs, 3 * 8 * 3_600_000)
    assert.ok(silence.workingMs > silence.limitMs)
  })

  it('[I] goes on when somebody is told, and remembers', async () => {
    const outcome = { ok: true, persons: ['mei'], channel: 'inbox' } as const
    await api.orders.take(api.key('SO-1'), { type: 'notice', notice: 'n1', outcome })
    const report = await audit()
    assert.deepEqual(
      report.broken.map(({ open, until }: { open: boolean; until: string }) => [open, until]),
      [[false, '2026-03-06T02:00:00.000Z']],
    )
    assert.equal((await audit('?since=2026-03-06T02:00:01Z')).result, 'kept')
    assert.equal((await audit('?process=cod')).orders, 0)
    assert.equal((await api.get('/api/audit?since=lately', { as: 'qin' })).status, 422)
  })
})
