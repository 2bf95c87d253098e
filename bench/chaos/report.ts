import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Plan } from './plan.ts'
import type { Shop } from './shop.ts'
import type { Verdict } from './verify.ts'

export interface Run {
  readonly seed: number
  readonly orders: number
  readonly kills: number
  readonly plan: Plan
  readonly shop: Shop
  readonly verdict: Verdict
  readonly tookMs: number
  readonly write: boolean
}

const page = join(import.meta.dirname, '../../docs/resilience.md')
const shown = 20

/** Prints how it went; with `write` also into docs/resilience.md. Answers whether all was well. */
export function report(run: Run): boolean {
  const { problems, byStatus, events } = run.verdict
  const statuses = Object.entries(byStatus).map(([status, count]) => `${count} ${status}`)
  console.log(`\n${run.orders} orders, ${events} journal entries: ${statuses.join(', ')}`)
  for (const problem of problems.slice(0, shown)) console.log(`  ${problem}`)
  if (problems.length > shown) console.log(`  and ${problems.length - shown} more`)
  console.log(problems.length === 0 ? 'nothing lost, nothing twice' : `${problems.length} problems`)
  if (run.write) writeFileSync(page, pageOf(run, statuses))
  return problems.length === 0
}

function pageOf(run: Run, statuses: readonly string[]): string {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
  const mishaps = Map.groupBy(run.plan.mishaps, ({ mishap }) =>
    mishap.what === 'cut' ? `connection to ${mishap.link} cut` : `${mishap.victim} ${mishap.what}ed`,
  )
  const rows = [...mishaps].sort().map(([what, times]) => `| ${what} | ${times.length} |`)
  const { problems, events } = run.verdict
  return `# Resilience

Written by \`npm run chaos -- --orders ${run.orders} --kills ${run.kills} --seed ${run.seed} --write\`, not by hand.

| | |
|---|---|
| result | ${problems.length === 0 ? 'nothing lost, nothing twice' : `${problems.length} problems`} |
| orders | ${run.orders}: ${statuses.join(', ')} |
| journal entries | ${events} |
| requests | ${run.shop.requests}, of which ${run.shop.repeats} had no answer and were sent again |
| took | ${Math.round(run.tookMs / 1000)} s |
| nolimbo | ${version} |
| machine | ${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version} |
| date | ${new Date().toISOString().slice(0, 10)} |

| what was done to it | times |
|---|---|
${rows.join('\n')}

While that went on the sandbox refused a tenth of the calls, did a tenth without answering, was short of stock for a twentieth of the orders, and sent its callbacks in the way of the seed (ok, lost, doubled or late). Afterwards, from the tables and the sandbox's ledger alone: every accepted order is closed or with a person who has a deadline; the journal has no gap and folds to the projection; no acknowledged approval or fact is lost; each effect was done by a key of the journal, at most once, and what was cancelled nets to zero.

A run is made from its seed: the same seed asks for the same orders and mishaps. When each mishap meets which order is up to the machine.
`
}
