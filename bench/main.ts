/**
 * nolimbo against the shortest hand-written workflow of the same steps: `npm run bench [-- --rounds N --orders N
 * --at-once N]`. Starts a Temporal dev server of its own and writes docs/benchmarks.md.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { findTemporal } from '../cli/temporal/find-temporal.ts'
import { startTemporal } from '../cli/temporal/start-temporal.ts'
import { compare } from './floor/compare.ts'
import { Captured, type Contender } from './floor/contender.ts'
import { floorContender } from './floor/floor-contender.ts'
import { nolimboContender } from './floor/nolimbo-contender.ts'
import { benchmarksPage } from './floor/page.ts'

const root = join(import.meta.dirname, '..')
const options = {
  rounds: { type: 'string', default: '5' },
  orders: { type: 'string', default: '100' },
  'at-once': { type: 'string', default: '25' },
} as const
const { values } = parseArgs({ options })
const extent = { rounds: Number(values.rounds), orders: Number(values.orders), atOnce: Number(values['at-once']) }

const program = await findTemporal({ dataFolder: join(root, '.nolimbo') })
const server = await startTemporal({ executable: program.path, port: 0, uiPort: 'none', onLine: () => {} })
const connection = await Connection.connect({ address: server.address })
const client = new Client({ connection, namespace: server.namespace })
const captured = new Captured()
const contenders: Contender[] = []
try {
  const surroundings = { address: server.address, client, captured }
  // nolimbo's worker is the first: it makes the process's Temporal runtime as it needs it.
  const nolimbo = await nolimboContender({ ...surroundings, runs: false })
  contenders.push(nolimbo)
  const withRuns = await nolimboContender({ ...surroundings, runs: true })
  contenders.push(withRuns)
  const floor = await floorContender('floor', surroundings)
  contenders.push(floor)
  const local = await floorContender('floorOfLocalActivities', surroundings)
  contenders.push(local)
  const measured = await compare([floor, nolimbo, withRuns, local], captured, extent)
  const system = await client.workflowService.getSystemInfo({})
  const sdk = JSON.parse(readFileSync(join(root, 'node_modules/@temporalio/client/package.json'), 'utf8')) as {
    version: string
  }
  const page = benchmarksPage(
    {
      command: 'npm run bench',
      server: `Temporal dev server ${system.serverVersion} (in memory)`,
      store: 'PGlite in memory',
      sdk: `TypeScript ${sdk.version}`,
      extent,
    },
    measured,
  )
  writeFileSync(join(root, 'docs/benchmarks.md'), page)
  console.log(page)
} finally {
  for (const contender of contenders) await contender.stop()
  await connection.close()
  await server.stop()
}
