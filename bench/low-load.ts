/**
 * What one caller feels: `npm run low-load [-- --server dev|postgres|start --calls 200 --write]`. `POST /api/orders` and
 * a command, against the bare SDK calls on the hand-written workflow of the floor: one at a time, alternately, on one
 * Temporal server with a worker of each. `start`: as `npm start` runs it, on PGlite. With `--write` into
 * docs/benchmarks.md.
 */
import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { bareSdk, compareCalls, type Felt, httpApi } from './low-load/compare-calls.ts'
import { type Kind, kinds, type LowLoadSetting, startSetting } from './low-load/setting.ts'
import { quantile, table } from './page/figures.ts'
import { surroundings } from './page/surroundings.ts'
import { type Section, sectionText, writeSection } from './page/write-section.ts'

const aim = 1.5
const { values } = parseArgs({
  options: {
    server: { type: 'string', default: 'postgres' },
    calls: { type: 'string', default: '200' },
    write: { type: 'boolean', default: false },
  },
})
const kind = values.server as Kind
const calls = Number(values.calls)
if (!kinds.includes(kind) || !Number.isInteger(calls) || calls < 1) {
  console.error('usage: npm run low-load [-- --server dev|postgres|start --calls N --write]')
  process.exit(2)
}

const setting = await startSetting(kind)
const connection = await Connection.connect({ address: setting.temporalAddress })
try {
  const client = new Client({ connection })
  const callers = [bareSdk(client), httpApi(setting.apiUrl, false), httpApi(setting.apiUrl, true)]
  const felt = await compareCalls(callers, calls)
  const section = sectionOf(setting, felt)
  console.log(sectionText(section))
  if (values.write) writeSection('benchmarks', section)
} finally {
  await connection.close()
  await setting.stop()
}

function sectionOf({ title, server, store }: LowLoadSetting, felt: readonly Felt[]): Section {
  const [bare, ...ours] = felt as [Felt, ...Felt[]]
  const parts = [0.5, 0.99] as const
  const ratio = (mine: readonly number[], base: readonly number[], part: number) =>
    (quantile(mine, part) / quantile(base, part)).toFixed(2)
  const ratios = ours.map(({ name, placeMs, approveMs }) => [
    name,
    ...parts.map(part => ratio(placeMs, bare.placeMs, part)),
    ...parts.map(part => ratio(approveMs, bare.approveMs, part)),
  ])
  const times = felt.map(({ name, placeMs, approveMs }) => [
    name,
    ...[placeMs, approveMs].flatMap(some => parts.map(part => quantile(some, part).toFixed(1))),
  ])
  const heads = ['', 'place p50', 'place p99', 'approve p50', 'approve p99']
  const text = `Against the bare SDK calls (the aim at p50 is ${aim} or less):

${table(heads, ratios)}

One caller over loopback, one call at a time, alternately in one run, everything at rest before each. Place: \`POST /api/orders\`, against \`client.workflow.start\` of the hand-written workflow; approve: \`POST /api/orders/{orderNo}/commands\`, against \`executeUpdate\`. API, worker and the worker of the other are processes of their own unless said otherwise.

In milliseconds:

${table(heads, times)}

${surroundings({ server, store, extent: `${calls} calls of each kind` })}`
  return { title, command: `npm run low-load -- --server ${kind} --calls ${calls} --write`, text }
}
