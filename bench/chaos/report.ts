import { table } from '../page/figures.ts'
import { surroundings } from '../page/surroundings.ts'
import { type Section, writeSection } from '../page/write-section.ts'
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

const shown = 20

/** Prints how it went; with `write` also into docs/resilience.md. Answers whether all was well. */
export function report(run: Run): boolean {
  const { problems, byStatus, events } = run.verdict
  const statuses = Object.entries(byStatus).map(([status, count]) => `${count} ${status}`)
  console.log(`\n${run.orders} orders, ${events} journal entries: ${statuses.join(', ')}`)
  for (const problem of problems.slice(0, shown)) console.log(`  ${problem}`)
  if (problems.length > shown) console.log(`  and ${problems.length - shown} more`)
  console.log(problems.length === 0 ? 'nothing lost, nothing twice' : `${problems.length} problems`)
  if (run.write) writeSection('resilience', sectionOf(run, statuses))
  return problems.length === 0
}

function sectionOf(run: Run, statuses: readonly string[]): Section {
  const mishaps = Map.groupBy(run.plan.mishaps, ({ mishap }) =>
    mishap.what === 'cut'
      ? `connection to ${mishap.link} cut`
      : `${mishap.victim} ${mishap.what === 'kill' ? 'killed' : 'paused'}`,
  )
  const { problems, events } = run.verdict
  const { requests, repeats } = run.shop
  const text = `Result: **${problems.length === 0 ? 'nothing lost, nothing twice' : `${problems.length} problems`}**.

${table(
  ['what was done to it', 'times'],
  [...mishaps].sort().map(([what, times]) => [what, times.length]),
)}

While that went on the sandbox refused a tenth of the calls, did a tenth without answering, was short of stock for a twentieth of the orders, and sent its callbacks in the way of the seed (ok, lost, doubled or late). Afterwards, from the tables and the sandbox's ledger alone: every accepted order is closed or with a person who has a deadline; the journal has no gap and folds to the projection; no acknowledged approval or fact is lost; each effect was done by a key of the journal, at most once, and what was cancelled nets to zero.

A run is made from its seed: the same seed asks for the same orders and mishaps. When each mishap meets which order is up to the machine.

${surroundings({
  server: 'Temporal dev server, on disk',
  store: 'PostgreSQL (durable)',
  extent: `${run.orders} orders (${statuses.join(', ')}), ${events} journal entries; ${requests} requests, of which ${repeats} had no answer and were sent again; ${Math.round(run.tookMs / 1000)} s`,
})}`
  const command = `npm run chaos -- --orders ${run.orders} --kills ${run.kills} --seed ${run.seed} --write`
  return { title: 'Chaos', command, text }
}
