/**
 * nolimbo against the shortest hand-written workflow of the same steps: `npm run bench [-- --server dev|postgres
 * --rounds N --orders N --at-once N]`. Starts a server of its own, a Temporal dev server or the real one on PostgreSQL
 * (which it builds with Go, once), and writes its section of docs/benchmarks.md. `--ci`: few orders, writes nothing, and
 * exits with 1 if an order costs more than bench/floor/limits.json allows.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { bundleWorkflows } from '../worker/start-worker.ts'
import { breaches, type Limits } from './floor/breaches.ts'
import { compare, count, type Measured } from './floor/compare.ts'
import { comparisonSection } from './floor/comparison-section.ts'
import { Captured, type Contender } from './floor/contender.ts'
import { cpuUse } from './floor/cpu-meter.ts'
import { floorContender } from './floor/floor-contender.ts'
import { nolimboContender } from './floor/nolimbo-contender.ts'
import { startBenchServer } from './floor/start-bench-server.ts'
import { sectionText, writeSection } from './page/write-section.ts'

const root = join(import.meta.dirname, '..')
const number = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    server: { type: 'string', default: 'dev' },
    ci: { type: 'boolean', default: false },
    rounds: number,
    orders: number,
    'at-once': number,
  },
})
const usual = values.ci ? { rounds: 1, orders: 20, atOnce: 10 } : { rounds: 5, orders: 100, atOnce: 25 }
const extent = {
  rounds: Number(values.rounds ?? usual.rounds),
  orders: Number(values.orders ?? usual.orders),
  atOnce: Number(values['at-once'] ?? usual.atOnce),
}
const kind = values.server
if ((kind !== 'dev' && kind !== 'postgres') || !Object.values(extent).every(n => Number.isInteger(n) && n > 0)) {
  console.error('usage: npm run bench [-- --server dev|postgres --ci --rounds N --orders N --at-once N]')
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
  const setting = { ...server.setting, server: server.setting.server(serverVersion ?? '') }
  const section = comparisonSection({ ...setting, extent }, measured)
  console.log(sectionText(section))
  if (values.ci) process.exitCode = (await isWithinLimits(measured, [nolimbo, withRuns])) ? 0 : 1
  else writeSection('benchmarks', section)
} finally {
  for (const contender of contenders) await contender.stop()
  await connection.close()
  await server.stop()
}

/** What is over is counted once more: a machine that stands still for a moment can part what belongs together. */
async function isWithinLimits(measured: readonly Measured[], judged: readonly Contender[]): Promise<boolean> {
  const limits = JSON.parse(readFileSync(join(root, 'bench/floor/limits.json'), 'utf8')) as Limits
  const [script = ''] = (await bundleWorkflows()).code.split('//# sourceMappingURL=')
  const bundleBytes = script.length
  const orders = Object.fromEntries(measured.map(({ name, cost }) => [name, cost]))
  for (const contender of judged) {
    const only = { bundleBytes: limits.bundleBytes, orders: { [contender.name]: limits.orders[contender.name]! } }
    if (breaches(only, { bundleBytes: 0, orders }).length === 0) continue
    orders[contender.name] = await count(contender, captured, '-again')
  }
  const found = breaches(limits, { bundleBytes, orders })
  for (const breach of found) console.log(`over the limit: ${breach}`)
  const counted = judged.map(({ name }) => `${name} ${orders[name]!.events} events, ${orders[name]!.actions} actions`)
  if (found.length === 0) console.log(`within the limits: ${counted.join('; ')}; ${bundleBytes} bytes of script`)
  return found.length === 0
}
