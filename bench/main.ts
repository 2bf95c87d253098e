/**
 * nolimbo against the shortest hand-written workflow of the same steps: `npm run bench [-- --server dev|postgres
 * --rounds N --orders N --at-once N]`. Starts a server of its own, a Temporal dev server or the real one on PostgreSQL
 * (which it builds with Go, once), and writes its part of docs/benchmarks.md.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { compare } from './floor/compare.ts'
import { Captured, type Contender } from './floor/contender.ts'
import { cpuUse } from './floor/cpu-meter.ts'
import { floorContender } from './floor/floor-contender.ts'
import { nolimboContender } from './floor/nolimbo-contender.ts'
import { benchmarksPage } from './floor/page.ts'
import { startBenchServer } from './floor/start-bench-server.ts'

const root = join(import.meta.dirname, '..')
const options = {
  server: { type: 'string', default: 'dev' },
  rounds: { type: 'string', default: '5' },
  orders: { type: 'string', default: '100' },
  'at-once': { type: 'string', default: '25' },
} as const
const { values } = parseArgs({ options })
const extent = { rounds: Number(values.rounds), orders: Number(values.orders), atOnce: Number(values['at-once']) }
const kind = values.server
if ((kind !== 'dev' && kind !== 'postgres') || !Object.values(extent).every(n => Number.isInteger(n) && n > 0)) {
  console.error('usage: npm run bench [-- --server dev|postgres --rounds N --orders N --at-once N]')
  process.exit(2)
}

const server = await startBenchServer(kind, join(root, '.nolimbo'))
let clientCalls = 0
const connection = await Connection.connect({
  address: server.address,
  interceptors: [
    (options, next) => {
      clientCalls += 1
      return next(options) as never
    },
  ],
})
const client = new Client({ connection, namespace: server.namespace })
const captured = new Captured()
const contenders: Contender[] = []
try {
  const { address, databaseUrl } = server
  const surroundings = { address, client, captured, ...(databaseUrl && { databaseUrl }) }
  // nolimbo's worker is the first: it makes the process's Temporal runtime as it needs it.
  const nolimbo = await nolimboContender({ ...surroundings, runs: false })
  contenders.push(nolimbo)
  const withRuns = await nolimboContender({ ...surroundings, runs: true })
  contenders.push(withRuns)
  const floor = await floorContender('floor', surroundings)
  contenders.push(floor)
  const local = await floorContender('floorOfLocalActivities', surroundings)
  contenders.push(local)
  const meters = { cpu: () => cpuUse(server), clientCalls: () => clientCalls }
  const measured = await compare([floor, nolimbo, withRuns, local], captured, extent, meters)
  const { serverVersion } = await client.workflowService.getSystemInfo({})
  const sdk = JSON.parse(readFileSync(join(root, 'node_modules/@temporalio/client/package.json'), 'utf8')) as {
    version: string
  }
  const file = join(root, 'docs/benchmarks.md')
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const setting = { ...server.setting, server: server.setting.server(serverVersion ?? '') }
  const page = benchmarksPage(before, { ...setting, sdk: `TypeScript ${sdk.version}`, extent }, measured)
  writeFileSync(file, page)
  console.log(page)
} finally {
  for (const contender of contenders) await contender.stop()
  await connection.close()
  await server.stop()
}
