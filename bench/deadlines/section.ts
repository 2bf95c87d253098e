import { quantile, table } from '../page/figures.ts'
import { surroundings } from '../page/surroundings.ts'
import type { Section } from '../page/write-section.ts'
import type { FiredRung } from './fired-rungs.ts'

export interface DeadlinesRun {
  readonly count: number
  readonly spreadMs: number
  readonly kind: 'dev' | 'postgres'
  readonly rungs: readonly FiredRung[]
  /** Where there was no worker: when one was started, and when it polled. */
  readonly back?: { readonly atMs: number; readonly readyAtMs: number }
}

export function deadlinesSection(
  { count, spreadMs, kind, rungs, back }: DeadlinesRun,
  where: { readonly server: string; readonly store: string },
): Section {
  const lags = rungs.flatMap(({ dueMs, firedMs }) => (firedMs === null ? [] : firedMs - dueMs))
  const firedMs = rungs.flatMap(rung => rung.firedMs ?? [])
  const span = (values: readonly number[]) => (Math.max(...values) - Math.min(...values)) / 1000
  const dueSeconds = span(rungs.map(({ dueMs }) => dueMs))
  const lag = (part: number) => (lags.length === 0 ? '-' : `${(quantile(lags, part) / 1000).toFixed(2)} s`)
  const missed = count - lags.length
  const notOnce = rungs.filter(({ asked, told }) => asked !== 1 || told !== 1).length
  const afterwards =
    back === undefined || firedMs.length === 0
      ? []
      : [
          ['from the start of a worker to its first poll', seconds(back.readyAtMs - back.atMs)],
          ['from its start until all had fired', seconds(Math.max(...firedMs) - back.atMs)],
        ]
  const rows = [
    ['rungs that fired', `${lags.length} of ${count}; ${missed} missed`],
    ['owners not told exactly once', `${notOnce}`],
    ['the last one fired, against the span of the deadlines', (span(firedMs) / dueSeconds).toFixed(2)],
    ['lag p50', lag(0.5)],
    ['lag p99', lag(0.99)],
    ['most', lag(1)],
    ...afterwards,
  ]
  const down = 'The worker was killed with -9 before the first deadline, and another started after the last.'
  const text = `${count} orders of the sales process wait for their approval; the first rung of each falls due within the same ${dueSeconds.toFixed(0)} s. ${back === undefined ? 'One worker.' : down}

${table(['', ''], rows)}

Lag: from the deadline in the journal to the time at which its rung fired, in the journal. Every rung reminds its owner: one notice asked for and delivered.

${surroundings({ ...where, extent: `${count} orders, ${spreadMs / 1000} s, one worker` })}`
  return {
    title: back === undefined ? 'Deadlines' : 'Deadlines without a worker',
    command: `npm run deadlines -- --orders ${count} --seconds ${spreadMs / 1000} --server ${kind}${back === undefined ? '' : ' --worker-down'} --write`,
    text,
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
