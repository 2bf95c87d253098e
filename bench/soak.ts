/**
 * Steady load for half an hour: `npm run soak [-- --minutes 30 --rate 1 --server dev|postgres --write]`. API, worker,
 * sandbox, Temporal and PostgreSQL as processes of their own; `rate` orders a second go from their start to their end
 * over HTTP. Exit 1: an order did not come to its end, a request failed, not all orders could be placed, or memory,
 * handles or latency grow: the median of the last third against that of the second (bench/soak/judge-growth.ts). A run of
 * less than six minutes says nothing about growth, and is not judged by it. With `--write` into docs/resilience.md.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { startInstallation } from './installation/start-installation.ts'
import { sectionText, writeSection } from './page/write-section.ts'
import { judgeGrowth, type Series } from './soak/judge-growth.ts'
import { soakSection } from './soak/section.ts'
import { calls, type SteadyLoad, steadyLoad } from './soak/steady-load.ts'
import { watchParts } from './soak/watch-parts.ts'

const judgedFromMinutes = 6
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '1' },
    server: { type: 'string', default: 'dev' },
    write: { type: 'boolean', default: false },
  },
})
const kind = values.server
const [minutes, rate] = [Number(values.minutes), Number(values.rate)]
if ((kind !== 'dev' && kind !== 'postgres') || !(minutes > 0) || !(rate > 0)) {
  console.error('usage: npm run soak [-- --minutes 30 --rate 1 --server dev|postgres --write]')
  process.exit(2)
}

/** Often enough for a third of a short run; collecting garbage costs the processes a moment each time. */
const everyMs = { seen: Math.min(10_000, minutes * 2_000), said: Math.min(60_000, minutes * 2_000) }
const folder = mkdtempSync(join(tmpdir(), 'nolimbo-soak-'))
const probe = pathToFileURL(join(import.meta.dirname, 'soak/probe.ts')).href
const env = { NODE_OPTIONS: `--import=${probe}`, SOAK_FOLDER: folder, SOAK_EVERY_MS: `${everyMs.said}` }
const installation = await startInstallation({ kind, start: ['sandbox', 'api', 'worker'], env })
try {
  const fromMs = Date.now()
  const untilMs = fromMs + minutes * 60_000
  console.log(`${rate} orders a second for ${minutes} minutes`)
  const watch = watchParts(installation, folder, everyMs.seen)
  const load = await steadyLoad(installation.apiUrl, rate, untilMs)
  const { ours, server } = watch.stop()
  const growths = [...latencies(load), ...ours].map(series => judgeGrowth(series, fromMs, untilMs))
  const beside = server.map(series => judgeGrowth(series, fromMs, untilMs))
  const isJudged = minutes >= judgedFromMinutes
  const isWhole = load.failures.length === 0 && load.left === 0 && load.completed === load.placed
  const isFlat = growths.every(({ grows }) => !grows)
  const section = soakSection({ minutes, rate, kind, load, growths, beside, isJudged }, installation.servers)
  console.log(sectionText(section))
  for (const failure of load.failures.slice(0, 20)) console.log(`  ${failure}`)
  if (values.write) writeSection('resilience', section)
  process.exitCode = isWhole && (isFlat || !isJudged) ? 0 : 1
} finally {
  await installation.stop()
  rmSync(folder, { recursive: true, force: true })
}

function latencies({ timed }: SteadyLoad): Series[] {
  return calls.map(call => ({
    name: `${call}: latency`,
    kind: 'latency',
    samples: timed.filter(one => one.call === call).map(({ at, ms }) => ({ at, value: ms })),
  }))
}
