import { quantile, table } from '../page/figures.ts'
import { surroundings } from '../page/surroundings.ts'
import type { Section } from '../page/write-section.ts'
import { allowances, type Growth, type Kind } from './judge-growth.ts'
import { calls, type SteadyLoad } from './steady-load.ts'

export interface SoakRun {
  readonly minutes: number
  readonly rate: number
  readonly kind: 'dev' | 'postgres'
  readonly load: SteadyLoad
  readonly growths: readonly Growth[]
  /** Of what is not ours: shown, not judged. */
  readonly beside: readonly Growth[]
  /** It was long enough to say anything about growth. */
  readonly isJudged: boolean
}

export function soakSection(run: SoakRun, where: { readonly server: string; readonly store: string }): Section {
  const { minutes, rate, kind, load, growths, beside, isJudged } = run
  const growing = growths.filter(({ grows }) => grows).map(({ name }) => name)
  const verdict = isJudged
    ? growing.length === 0
      ? 'nothing grows'
      : `these grow: ${growing.join(', ')}`
    : 'too short to say what grows'
  const text = `Result: **${verdict}**; ${load.completed} of ${load.placed} orders completed, ${load.failures.length} failures, ${load.repeats} requests answered with 503 and sent again, ${load.left} orders left out.

${rate} orders a second for ${minutes} minutes over HTTP, each placed, approved, its calls made, delivered and seen completed; API, worker, sandbox, Temporal and PostgreSQL are processes of their own. Medians of the three thirds of the time; growth is the last one against the second:

${table(['', 'first', 'second', 'last', 'last / second', ''], [...growths.map(growthRow), ...beside.map(aside)])}

Growth is more than: ${Object.entries(allowances).map(allowanceText).join('; ')}. Heap is what is left after a full collection of garbage, once a minute. The Temporal dev server keeps every history in memory: it is shown, not judged.

${table(
  ['', 'p50 ms', 'p95 ms', 'p99 ms'],
  calls.map(call => latencyRow(call, load)),
)}

${surroundings({ ...where, extent: `${load.placed} orders in ${minutes} minutes` })}`
  return {
    title: 'Soak',
    command: `npm run soak -- --minutes ${minutes} --rate ${rate} --server ${kind} --write`,
    text,
  }
}

function growthRow(growth: Growth): string[] {
  return [...aside(growth).slice(0, -1), growth.grows ? '**grows**' : 'flat']
}

function aside({ name, kind, thirds }: Growth): string[] {
  const { unit } = allowances[kind]
  const ratio = thirds[1] === 0 ? '-' : (thirds[2] / thirds[1]).toFixed(2)
  return [name, ...thirds.map(value => `${value.toFixed(1)} ${unit}`.trim()), ratio, '']
}

function allowanceText([kind, { part, amount, unit }]: [string, (typeof allowances)[Kind]]): string {
  return `${kind} ${part * 100} % and ${amount} ${unit}`.trim()
}

function latencyRow(call: (typeof calls)[number], { timed }: SteadyLoad): string[] {
  const ms = timed.filter(one => one.call === call).map(one => one.ms)
  return [call, ...[0.5, 0.95, 0.99].map(part => (ms.length === 0 ? '-' : quantile(ms, part).toFixed(0)))]
}
