import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckReport } from '../../api/check-text.ts'
import { checkInThread } from '../../api/process-check.ts'
import { type RunningApi, runApi } from './running-api.ts'

const salesYaml = readFileSync(join(import.meta.dirname, '../../processes/sales.yaml'), 'utf8')
const yaml = { headers: { 'Content-Type': 'application/yaml' } }

describe('processes', () => {
  let api: RunningApi
  let result: CheckReport['result'] = 'proven'
  before(async () => {
    const check = async (): Promise<CheckReport> => ({
      result,
      problems: result === 'proven' ? [] : [{ code: 'no_owner', line: 7, step: 'approval', mend: 'name an owner' }],
      steps: [],
      states: 12,
    })
    api = await runApi({ check })
  })
  beforeEach(() => {
    result = 'proven'
  })
  after(() => api.close())

  it('[I] are listed with the version that new orders get', async () => {
    const { items } = (await api.get('/api/processes')).body
    const sales = items.find(({ id }: { id: string }) => id === 'sales')
    assert.deepEqual(sales, {
      id: 'sales',
      title: { en: 'Sales order', zh: '销售订单' },
      owner: 'zhao',
      live: 1,
      versions: [1],
    })
    const versions = (await api.get('/api/processes/sales/versions')).body.items
    assert.deepEqual([versions[0].version, versions[0].state, versions[0].definition.process], [1, 'live', 'sales'])
    for (const id of ['rental', 'a%00b']) {
      const { status, body } = await api.get(`/api/processes/${id}/versions`)
      assert.deepEqual([status, body.code], [404, 'not_found'])
    }
  })

  it('[I] get a new version once the check lets it through: new orders follow it, old ones do not', async () => {
    const before = await api.place()
    const second = salesYaml.replace('version: 1', 'version: 2')
    const publish = (as: string) => api.post('/api/processes/sales/versions', second, { ...yaml, as })
    const refused = await publish('mei')
    assert.deepEqual([refused.status, refused.body.code], [403, 'not_permitted'])
    result = 'unproven'
    const unproven = await publish('zhao')
    assert.deepEqual([unproven.status, unproven.body.code], [422, 'check_failed'])
    assert.deepEqual(unproven.body.report.problems[0].line, 7)
    result = 'proven'
    const published = await publish('zhao')
    assert.deepEqual([published.status, published.body.version, published.body.state], [201, 2, 'live'])
    assert.equal((await publish('zhao')).status, 200)
    const after = await api.place()
    assert.equal((await api.get(`/api/orders/${before}`)).body.process.version, 1)
    assert.equal((await api.get(`/api/orders/${after}`)).body.process.version, 2)
  })

  it('[I] never change a version that is there, and are published under their own name', async () => {
    const other = salesYaml.replace('owner: zhao', 'owner: ling')
    const { status, body } = await api.post('/api/processes/sales/versions', other, { ...yaml, as: 'zhao' })
    assert.deepEqual([status, body.code], [409, 'version_conflict'])
    const astray = await api.post('/api/processes/purchase/versions', salesYaml, { ...yaml, as: 'zhao' })
    assert.deepEqual([astray.status, astray.body.errors[0].field], [422, 'process'])
  })

  it('[I] are checked without being published', async () => {
    result = 'refused'
    const { status, body } = await api.post('/api/processes/check', salesYaml, yaml)
    assert.deepEqual([status, body.result, body.states], [200, 'refused', 12])
    const wrong = await api.post('/api/processes/check', salesYaml, { headers: { 'Content-Type': 'image/png' } })
    assert.equal(wrong.status, 415)
  })
})

describe('the check of the API', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())
  const check = async (text: string) => (await api.post('/api/processes/check', text, yaml)).body

  it('[I] proves what the command line proves, and lets it be published', async () => {
    const express = readFileSync(join(import.meta.dirname, '../../processes/express.yaml'), 'utf8')
    const report = await check(express)
    assert.deepEqual([report.result, report.problems], ['proven', []])
    assert.ok(report.states > 100 && report.steps[0].toEnd.wallMs > 0)
    const second = express.replace('version: 1', 'version: 2')
    const published = await api.post('/api/processes/express/versions', second, { ...yaml, as: 'zhao' })
    assert.deepEqual([published.status, published.body.state], [201, 'live'])
  })

  it('[I] names the line of what is wrong, and lets none of it be published', async () => {
    const first = async (text: string) => {
      const { result, problems } = await check(text)
      return [result, problems[0].code, problems[0].line]
    }
    assert.deepEqual(await first('process: [\n'), ['refused', 'yaml', 2])
    const line = salesYaml.split('\n').indexOf('flow: outbound') + 1
    const misspelt = salesYaml.replace('flow: outbound', 'flows: outbound')
    assert.deepEqual(await first(misspelt), ['refused', 'unknown_key', line])
    assert.deepEqual((await first(salesYaml.replace('calendar: cn-office', 'calendar: moon'))).slice(0, 2), [
      'refused',
      'unknown_calendar',
    ])
    assert.equal((await check('')).result, 'refused')
    const nobody = salesYaml.replace('owner: role:sales-supervisor', 'owner: role:nobody')
    const { status, body } = await api.post('/api/processes/sales/versions', nobody, { ...yaml, as: 'zhao' })
    assert.deepEqual([status, body.code, body.report.problems[0].step], [422, 'check_failed', 'approval'])
  })

  it('[I] does not go on for ever', async () => {
    const impatient = checkInThread(api.deps.processes, api.deps.clock, 1)
    assert.equal((await impatient(salesYaml, api.organisation, api.deps.processes.matrices)).result, 'unproven')
  })

  it('[I] keeps nobody else waiting', async () => {
    const checking = check(salesYaml)
    const began = performance.now()
    await api.get('/healthz')
    assert.ok(performance.now() - began < 500)
    assert.equal((await checking).result, 'proven')
  })
})
