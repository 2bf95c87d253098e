import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningApi, runApi } from './running-api.ts'

const sales = readFileSync(join(import.meta.dirname, '../../processes/sales.yaml'), 'utf8')
const newer = sales.replace('version: 1', 'version: 2').replace('owner: role:sales-supervisor', 'owner: role:finance')

describe('migrate through the API', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi({
      check: async () => ({ result: 'proven', problems: [], steps: [], states: 1, dayMs: 1 }) as never,
    })
    const published = await api.post('/api/processes/sales/versions', newer, {
      as: 'zhao',
      headers: { 'Content-Type': 'application/yaml' },
    })
    assert.equal(published.status, 201, JSON.stringify(published.body))
  })
  after(() => api.close())
  const migrate = (orderNo: string, version: unknown, as = 'zhao', query = '') =>
    api.post(`/api/orders/${orderNo}/commands${query}`, { type: 'migrate', version }, { as })

  it('[I] moves it, shows it by the version, and lets those decide whom that names', async () => {
    const orderNo = await api.place('20000.00')
    assert.equal((await api.get(`/api/orders/${orderNo}`)).body.process.version, 2, 'new orders get the live one')
    const told = await migrate(orderNo, 1, 'zhao', '?dryRun=true')
    assert.deepEqual(told.body.events[0].data.owners, [
      { step: 'approval', from: 'role:finance', to: 'role:sales-supervisor' },
    ])
    const { status, body } = await migrate(orderNo, 1)
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.process.version, 1)
    assert.equal(body.steps[0].owner, 'role:sales-supervisor')
    const row = await api.store.getOrder(api.organisation, orderNo)
    assert.equal(row?.processVersion, 1)
    assert.equal((await api.get(`/api/orders/${orderNo}`)).body.process.version, 1)
    const approve = (as: string) => api.post(`/api/orders/${orderNo}/commands`, { type: 'approve' }, { as })
    assert.equal((await approve('fang')).status, 403)
    assert.equal((await approve('mei')).status, 200)
  })

  it('[I] refuses, each with its code and field', async () => {
    const orderNo = await api.place('20000.00')
    const refusal = async (version: unknown, as?: string) => {
      const { status, body } = await migrate(orderNo, version, as)
      return [status, body.code, ...(body.errors ?? []).map(({ field }: { field: string }) => field)]
    }
    assert.deepEqual(await refusal(9), [422, 'invalid', 'version'])
    assert.deepEqual(await refusal('two'), [422, 'invalid', 'version'])
    assert.deepEqual(await refusal(2), [409, 'not_applicable', 'version'])
    assert.deepEqual(await refusal(1, 'he'), [403, 'not_permitted'])
  })
})
