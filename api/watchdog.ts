import type { ApiDependencies } from './dependencies.ts'
import { type Repeating, repeatEvery } from './repeat-every.ts'

const everyMs = 30_000
const named = 20

type Needed = Pick<ApiDependencies, 'store' | 'clock' | 'logger' | 'metrics'>

/**
 * Notices that the clock of the orders is dead: open orders that it should have moved more than two minutes ago. It
 * asks the store alone, so that it does not die of what it watches.
 */
export function startWatchdog(deps: Needed): Repeating {
  const cannotSee = (error: unknown) => {
    deps.logger.warn({ err: error }, 'the watchdog cannot see: the store does not answer')
  }
  // After an outage the orders' clock first has to catch up.
  return repeatEvery(everyMs, createWatchdog(deps), cannotSee, everyMs)
}

/** One look, and what it saw the time before. */
export function createWatchdog(deps: Needed): () => Promise<void> {
  let wasDead = false
  return async () => {
    const late = await deps.store.overdueClock(deps.clock().toISOString())
    deps.metrics.clockDead.set(late.length)
    const isDead = late.length > 0
    if (isDead) {
      const orders = late.slice(0, named).map(({ organisation, orderNo, dueAt }) => ({ organisation, orderNo, dueAt }))
      deps.logger.error({ code: 'clock_dead', count: late.length, orders }, 'the clock of the orders does not move')
    } else if (wasDead) deps.logger.info('the clock of the orders moves again')
    wasDead = isDead
  }
}
