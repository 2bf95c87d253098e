import { drive } from '../../domain/simulate/virtual-driver.ts'
import { orderOf, salesWaitingAt, type WaitingStep } from '../floor/order-desk.ts'

/** What the clock does to an order that nobody moves, by the core itself under a virtual clock. */
export interface DaysOfWaiting {
  readonly step: WaitingStep
  /** Calendar days from its entering until the fallback. */
  readonly days: number
  /** Rungs that fire until then, the fallback left out. */
  readonly rungs: number
}

const dayMs = 86_400_000
const startMs = Date.parse('2026-03-02T01:00:00Z')

/** @param step of the sales process, where it is left alone */
export function daysOfWaiting(step: WaitingStep): DaysOfWaiting {
  let enteredMs = 0
  let fallbackMs = 0
  let rungs = 0
  drive(
    salesWaitingAt(step),
    orderOf('days'),
    {
      answer: (_call, nowMs) => ({ atMs: nowMs + 100, outcome: { ok: true, result: {} } }),
      tell: (_notice, nowMs) => ({
        atMs: nowMs + 100,
        outcome: { ok: true, persons: ['mei'], channel: 'inbox' },
      }),
      react: () => [],
    },
    {
      startMs,
      untilMs: startMs + 60 * dayMs,
      onTurn({ events }) {
        for (const event of events) {
          const atMs = Date.parse(event.at)
          if (event.type === 'step.entered' && event.data.step === step) enteredMs = atMs
          if (event.type !== 'rung.fired' || fallbackMs > 0 || event.data.subject !== `step:${step}`) continue
          if (event.data.action === 'fallback') fallbackMs = atMs
          else rungs += 1
        }
      },
    },
  )
  if (fallbackMs === 0) throw new Error(`${step}: no fallback within two months`)
  return { step, days: (fallbackMs - enteredMs) / dayMs, rungs }
}
