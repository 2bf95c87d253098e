import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckReport } from '../../api/check-text.ts'
import type { Matrices } from '../../store/kept-matrices.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import { type RunningApi, runApi } from './running-api.ts'

const standard = readFileSync(join(import.meta.dirname, '../../processes/permissions/standard.yaml'), 'utf8')
const yaml = { headers: { 'Content-Type': 'application/yaml' } }
/** The standard matrix, changed, as another version. */
const version = (number: number, ...changes: [string, string][]) =>
  changes.reduce(
    (text, [from, to]) => {
      assert.ok(text.includes(from), from)
      return text.replace(from, to)
    },
    standard.replace('version: 1', `version: ${number}`),
  )
const cancelOfSales = 'roles: [sales], statuses: [received, pending_approval], when: actor.id == placedBy'

describe('permission matrices', () => {
  let api: RunningApi
  let result: CheckReport['result'] = 'proven'
  let tried: Matrices = {}
  before(async () => {
    api = await runApi({
      async check(_text, _organisation, matrices) {
        tried = matrices
        const problems =
          result === 'proven' ? [] : [{ code: 'no_way_out', line: 9, step: 'payment', mend: 'Allow somebody to.' }]
        return { result, problems, steps: [], states: 12 }
      },
    })
  })
  beforeEach(() => {
    result = 'proven'
  })
  after(() => api.close())
  const publish = (text: string, as = 'zhao') => api.post('/api/permissions', text, { ...yaml, as })
  const check = async (text: string) => (await api.post('/api/permissions/check', text, yaml)).body
  const cancel = async (orderNo: string, as: string) => {
    const { status, body } = await api.post(`/api/orders/${orderNo}/commands?dryRun=true`, { type: 'cancel' }, { as })
    return status === 200 ? 'may' : body.code
  }

  it('[I] come from the processes folder at the start', async () => {
    const { items } = (await api.get('/api/permissions')).body
    assert.deepEqual(items, [{ matrix: 'standard', version: 1, versions: [1] }])
    const { status, body } = await api.get('/api/permissions/standard')
    assert.deepEqual([status, body.version, body.versions.length], [200, 1, 1])
    assert.equal(body.versions[0].publishedBy, 'system')
    assert.deepEqual(body.commands.void[0].roles, ['ops-manager', 'process-owner'])
    for (const name of ['strict', 'a%00b']) {
      assert.equal((await api.get(`/api/permissions/${name}`)).body.code, 'not_found')
    }
  })

  it('[I] have versions: the new one rules at once, for orders that run too, and stands in the journal', async () => {
    const orderNo = await api.place('20000.00')
    assert.equal(await cancel(orderNo, 'fang'), 'not_permitted')
    const second = version(2, [cancelOfSales, 'roles: [finance]'])
    assert.deepEqual((await publish(second, 'mei')).body.code, 'not_permitted')
    const { status, body } = await publish(second)
    assert.deepEqual([status, body.version, body.publishedBy], [201, 2, 'zhao'])
    assert.equal(tried.standard?.version, 2, 'the processes that go by it were checked with it')
    assert.equal((await publish(second, 'admin')).status, 200)
    assert.equal(await cancel(orderNo, 'fang'), 'may')
    assert.ok(
      (await api.get(`/api/orders/${orderNo}`, { as: 'fang' })).body.availableCommands.some(
        ({ type }: { type: string }) => type === 'cancel',
      ),
    )
    const can = (await api.get(`/api/orders/${orderNo}/why`)).body.can as { type: string; by: string[] }[]
    assert.ok(can.find(({ type }) => type === 'cancel')?.by.includes('role:finance'))
    await api.post(`/api/orders/${orderNo}/commands`, { type: 'cancel', reason: 'too dear' }, { as: 'fang' })
    const { items } = (await api.get(`/api/orders/${orderNo}/journal`)).body as { items: { matrix: string | null }[] }
    assert.equal(items[0]?.matrix, null, 'nobody has commanded it to be received')
    assert.deepEqual(
      items.flatMap(({ matrix }) => matrix ?? []),
      ['standard/2'],
      'once, where the command begins',
    )
    const { versions } = (await api.get('/api/permissions/standard')).body as { versions: { version: number }[] }
    assert.deepEqual(
      versions.map(one => one.version),
      [2, 1],
    )
  })

  it('[I] only go up, and never change', async () => {
    await publish(version(5))
    const other = await publish(version(5, ['within: 4h', 'within: 2h']))
    assert.deepEqual([other.status, other.body.code], [409, 'version_conflict'])
    const low = await publish(version(3))
    assert.deepEqual([low.status, low.body.code], [409, 'version_conflict'])
    assert.match(low.body.detail, /below today's 5/)
    assert.equal((await publish(standard)).status, 200, 'what was published before is known')
    assert.equal((await api.get('/api/permissions/standard')).body.version, 5)
  })

  it('[I] are not published with a flaw, and each flaw has its place', async () => {
    const line = (text: string, part: string) => text.split('\n').findIndex(one => one.includes(part)) + 1
    const flaws: [code: string, part: string, from: string, to: string][] = [
      ['unknown_role', 'roles: [finanse, order-desk', 'roles: [finance, order-desk', 'roles: [finanse, order-desk'],
      ['unknown_key', 'abolish', '  void:', '  abolish:'],
      ['bad_value', 'in_limbo', 'statuses: [received, pending_approval]', 'statuses: [received, in_limbo]'],
      ['bad_expression', 'placedBye', 'actor.id == placedBy', 'actor.id == placedBye'],
      ['unknown_key', 'unless', 'when: actor.id == placedBy', 'unless: actor.id == placedBy'],
      ['nobody_confirms', 'levels: 3', 'confirm: { within: 4h }', 'confirm: { within: 4h, levels: 3 }'],
      ['yaml', 'commands: [', 'commands:', 'commands: ['],
    ]
    for (const [code, part, from, to] of flaws) {
      const text = version(9, [from, to])
      const report = await check(text)
      assert.equal(report.result, 'refused', part)
      const [{ mend, ...problem }] = report.problems
      assert.equal(problem.code, code, `${part}: ${mend}`)
      if (code !== 'yaml') assert.equal(problem.line, line(text, part), `${part}: ${mend}`)
      const { status, body } = await publish(text)
      assert.deepEqual([status, body.code, body.report.result], [422, 'check_failed', 'refused'], part)
    }
    assert.equal((await check('matrix: x\nversion: 1\n')).problems[0].mend.startsWith('commands'), true)
    const versions = (await api.get('/api/permissions/standard')).body.versions as { version: number }[]
    assert.ok(versions.every(one => one.version < 9))
  })

  it('[I] are not published when a process that goes by them could leave an order in limbo', async () => {
    result = 'refused'
    const report = await check(version(9))
    assert.equal(report.result, 'refused')
    const [{ process, step, code, line }] = report.problems
    assert.deepEqual([process, step, code, line], ['cod', 'payment', 'no_way_out', null])
    assert.equal((await publish(version(9))).body.code, 'check_failed')
    result = 'unproven'
    assert.equal((await publish(version(9))).body.code, 'check_failed')
  })

  it('[I] know the roles of services that have a key', async () => {
    const text = version(9, ['roles: [sales, service, admin]', 'roles: [sales, service, admin, webshop]'])
    assert.equal((await check(text)).problems[0].code, 'unknown_role')
    await api.store.insertApiKey({
      ...{ id: `k-${api.organisation}`, hash: api.organisation, organisation: api.organisation, actor: 'web' },
      ...{ kind: 'service', roles: ['webshop'], note: null, createdAt: '2026-03-02T02:00:00.000Z', createdBy: 'admin' },
      expiresAt: null,
    })
    assert.equal((await check(text)).result, 'proven')
  })

  it('[I] stay as they were last known while the store is away', async () => {
    let isAway = false
    const lame = await runApi({
      around: store => ({
        ...store,
        todaysMatrices: () => (isAway ? Promise.reject(new StoreUnavailable('gone')) : store.todaysMatrices()),
      }),
    })
    try {
      const orderNo = await lame.place('20000.00')
      isAway = true
      lame.deps.matrices.forget()
      const asked = await lame.post(`/api/orders/${orderNo}/commands`, { type: 'approve' }, { as: 'mei' })
      assert.equal(asked.status, 200)
    } finally {
      await lame.close()
    }
  })
})
