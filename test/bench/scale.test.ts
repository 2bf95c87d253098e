import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import { createApp } from '../../api/app.ts'
import { createHttpServer } from '../../api/http/http-server.ts'
import { createMetrics } from '../../api/metrics.ts'
import { publishDefinitions } from '../../api/publish-definitions.ts'
import { endRequests } from '../../api/serve.ts'
import { type Filled, fillOrders } from '../../bench/scale/fill-orders.ts'
import { ask, readTimes } from '../../bench/scale/read-times.ts'
import { type Reading, readings } from '../../bench/scale/readings.ts'
import { startWriting } from '../../bench/scale/writing.ts'
import { loadProcesses } from '../../config/processes.ts'
import { type Connected, connect } from '../../store/connection/connect.ts'
import { patientLimits } from '../../store/connection/postgres-pool.ts'
import { openStore, type Store } from '../../store/open-store.ts'
import type { Finding } from '../../store/verify/finding.ts'
import { verifyJournals } from '../../store/verify/verify-journals.ts'
import { FakeOrders } from '../api/fake-orders.ts'
import { sharedPostgres, whyNoPostgres } from '../postgres.ts'
import { answerByHand, type Everything, everything } from './answer-by-hand.ts'

const processes = loadProcesses(join(import.meta.dirname, '../../processes'))
const proven = () => ({ result: 'proven', problems: [], steps: [], states: 1, dayMs: 1 }) as const

describe('the store of the benchmark of many orders', function () {
  this.timeout(60_000)
  const why = whyNoPostgres()
  if (why !== null) {
    it.skip(`[I] skipped: ${why}`)
    return
  }
  const now = new Date()
  const orders = 500
  let connected: Connected
  let store: Store
  let url: string
  let close: () => Promise<void>
  let filled: Filled
  let all: Everything
  let asked: readonly Reading[]

  before(async () => {
    const databaseUrl = await (await sharedPostgres()).createDatabase()
    store = await openStore({ databaseUrl, dataFolder: '' })
    connected = await connect({ databaseUrl, dataFolder: '' }, { ...patientLimits, connections: 2 })
    filled = await fillOrders(connected.db, { orders, nowMs: now.getTime(), atOnce: 2, log: () => {} })
    await store.storePeople(processes.directory.people, now.toISOString())
    await publishDefinitions(store, processes, now.toISOString(), proven)
    const app = createApp({
      ...{ store, orders: new FakeOrders(store, () => now), processes, clock: () => now },
      environment: {
        auth: { kinds: ['demo'] },
        rateLimits: { perIdentity: 100_000, perAddress: 100_000 },
        host: '127.0.0.1',
        temporal: { namespace: 'default', port: 0, uiPort: 0 },
      },
      ...{ logger: pino({ level: 'silent' }), metrics: createMetrics(), check: async () => proven() },
      tellLastResort: async () => ({ ok: true, persons: ['admin'], channel: 'inbox' }),
    })
    const server = createHttpServer(app.express)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = () => endRequests(server, 1_000)
    all = await everything(connected.db)
    asked = await readings(connected.db, now.getTime())
  })
  after(async () => {
    await close?.()
    await connected?.close()
    await store?.close()
  })

  it('[I] has orders as the store would have written them', async () => {
    const findings: unknown[] = []
    const report = await verifyJournals(connected.db, { onFinding: finding => findings.push(finding) })
    assert.deepEqual(findings, [])
    assert.deepEqual([report.orders, report.entries], [orders, filled.entries])
    assert.ok(filled.open > 10 && filled.open < orders / 10, `${filled.open} are open`)
    const { rows } = await sql`select from unsealed`.execute(connected.db)
    assert.equal(rows.length, 0)
    assert.deepEqual([...new Set(all.orders.map(({ organisation }) => organisation))].sort(), [
      'main',
      'north',
      'south',
    ])
  })

  it('[I] answers each of its requests as one finds by looking at everything', async () => {
    assert.ok(asked.length > 40)
    let found = 0
    for (const reading of asked) {
      for (const index of [0, 1]) {
        const { given, expected } = answerByHand(all, reading, index, now.toISOString(), await ask(url, reading, index))
        assert.deepEqual(given, expected, `${reading.name}: ${reading.path(index)}`)
        found += expected.length
      }
    }
    assert.ok(found > 500, `${found} things were compared`)
  })

  it('[I] is measured by as many requests as are asked for, and each has to be answered', async () => {
    const some = asked.slice(0, 2)
    const measured = await readTimes({ url, readings: some, requests: 5, log: () => {} })
    assert.deepEqual(
      measured.map(({ name, ms }) => [name, ms.length]),
      some.map(({ name }) => [name, 5]),
    )
    assert.ok(measured.every(({ ms }) => ms.every(one => one > 0)))
    const wrong = { name: 'wrong', as: 'qin', path: () => '/api/orders/none' }
    await assert.rejects(readTimes({ url, readings: [wrong], requests: 1, log: () => {} }), /404/)
  })

  it('[I] is written to by the store itself', async () => {
    const writing = startWriting(store)
    await new Promise(resolve => setTimeout(resolve, 500))
    const written = await writing.stop()
    assert.ok(written.appends > 0 && written.entries >= written.appends && written.seconds >= 0.5)
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from journal where order_no like 'W-%'`.execute(connected.db)
    assert.equal(rows[0]?.count, written.entries)
    // What stands beside the order is compared elsewhere: some of these are stopped in the middle.
    const findings: Finding[] = []
    await verifyJournals(connected.db, { onFinding: finding => findings.push(finding) })
    assert.deepEqual(
      findings.filter(({ kind }) => kind !== 'projection'),
      [],
    )
  })
})
