/**
 * What a store of a million orders answers, and how fast: `npm run scale [-- --orders N --requests N --write]` (default:
 * 1,000,000 orders, 200 requests of each kind). Starts a PostgreSQL server of its own, fills it, and asks the API as
 * people and backends do, first alone and then while others write. `--write`: writes its section of docs/benchmarks.md.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findTemporal } from '../cli/temporal/find-temporal.ts'
import { startTemporal } from '../cli/temporal/start-temporal.ts'
import { openStore } from '../store/open-store.ts'
import { whyNoServer } from '../test/postgres-program.ts'
import { sectionText, writeSection } from './page/write-section.ts'
import { startApiProcess } from './scale/api-process.ts'
import { filledDatabase } from './scale/filled-database.ts'
import { measure } from './scale/measure.ts'
import { scaleSection } from './scale/scale-section.ts'

const options = {
  orders: { type: 'string', default: '1000000' },
  requests: { type: 'string', default: '200' },
  write: { type: 'boolean', default: false },
} as const
const { values } = parseArgs({ options })
const [orders, requests] = [Number(values.orders), Number(values.requests)]
if (![orders, requests].every(number => Number.isInteger(number) && number > 0)) {
  console.error('usage: npm run scale [-- --orders N --requests N --write]')
  process.exit(2)
}
const why = whyNoServer()
if (why !== null) throw new Error(why)

const begun = performance.now()
const log = (line: string) => console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`)
const folder = mkdtempSync(join(tmpdir(), 'nolimbo-scale-'))
// PostgreSQL runs as another account where we are root.
chmodSync(folder, 0o711)
const ends: (() => Promise<unknown>)[] = []
try {
  const database = await filledDatabase({ folder: join(folder, 'postgres'), orders, log })
  ends.push(database.stop)
  const program = await findTemporal({ dataFolder: join(import.meta.dirname, '../.nolimbo') })
  const temporal = await startTemporal({ executable: program.path, port: 0, uiPort: 'none', onLine: () => {} })
  ends.push(temporal.stop)
  const api = await startApiProcess(database.url, temporal.address)
  ends.push(api.stop)
  const store = await openStore({ databaseUrl: database.url, dataFolder: '' })
  ends.push(() => store.close())
  log('the API answers')
  const measured = await measure({ apiUrl: api.url, databaseUrl: database.url, store, requests, writeMs: 15_000, log })
  const section = scaleSection({ filled: database.filled, sizes: database.sizes, requests, ...measured })
  console.log(`\n${sectionText(section)}`)
  if (values.write) writeSection('benchmarks', section)
} finally {
  for (const end of ends.toReversed()) await end()
  rmSync(folder, { recursive: true, force: true })
}
