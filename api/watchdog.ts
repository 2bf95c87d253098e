import { rulesOf } from '../domain/exception/exception-rules.ts'
import type { OverdueOrder } from '../store/order-sweep.ts'
import type { ApiDependencies } from './dependencies.ts'
import { type Repeating, repeatEvery } from './repeat-every.ts'

const everyMs = 30_000
const named = 20
/** One for each organisation; a later outage opens it again. */
const exceptionId = 'clock_dead'
const by = 'watchdog'

type Needed = Pick<ApiDependencies, 'store' | 'clock' | 'logger' | 'metrics' | 'processes' | 'tellLastResort'>

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
  let told = false
  const counted = new Map<string, number>()
  return async () => {
    const now = deps.clock().toISOString()
    const late = await deps.store.overdueClock(now)
    deps.metrics.clockDead.set(late.length)
    deps.metrics.untold.set((await deps.store.graveExceptions('undelivered', 1_000)).filter(isOpen).length)
    const dead = Map.groupBy(late, ({ organisation }) => organisation)
    for (const [organisation, orders] of dead) {
      // As long as nothing has changed it is the same sighting.
      if (counted.get(organisation) === orders.length) continue
      await raise(deps, organisation, orders, now)
      counted.set(organisation, orders.length)
    }
    for (const organisation of counted.keys()) if (!dead.has(organisation)) counted.delete(organisation)
    await resolveOthers(deps, dead, now)
    const isDead = late.length > 0
    if (isDead) {
      const orders = late.slice(0, named).map(nameOf)
      deps.logger.error({ code: 'clock_dead', count: late.length, orders }, 'the clock of the orders does not move')
      if (!told) told = await tell(deps, late, now)
    } else if (wasDead) deps.logger.info('the clock of the orders moves again')
    if (!isDead) told = false
    wasDead = isDead
  }
}

/** Whoever has acknowledged it knows. */
export function isOpen({ status }: { readonly status: string }): boolean {
  return status === 'open'
}

function nameOf({ organisation, orderNo, dueAt }: OverdueOrder) {
  return { organisation, orderNo, dueAt }
}

async function raise(deps: Needed, organisation: string, late: readonly OverdueOrder[], now: string): Promise<void> {
  const { severity } = rulesOf(deps.processes.exceptions, 'dead')
  const [first] = late as readonly [OverdueOrder]
  const exception = {
    organisation,
    id: exceptionId,
    orderNo: null,
    kind: 'dead',
    severity,
    step: null,
    owner: first.processOwner,
    evidence: {
      expected: 'every order moves when it is due',
      seen: `${late.length} ${late.length === 1 ? 'order has' : 'orders have'} not moved for more than two minutes`,
      since: first.dueAt,
      code: 'clock_dead',
      count: late.length,
      orders: late.slice(0, named).map(({ orderNo, dueAt, status }) => ({ orderNo, dueAt, status })),
    },
    openedAt: now,
  } as const
  await deps.store.raiseException(exception, { by })
}

/** It is over where nothing is late any more. */
async function resolveOthers(deps: Needed, dead: ReadonlyMap<string, unknown>, now: string): Promise<void> {
  for (const { organisation, id } of await deps.store.graveExceptions('dead', 1_000)) {
    if (id !== exceptionId || dead.has(organisation)) continue
    const note = 'the clock of the orders moves again'
    await deps.store.resolveException(organisation, id, { by, at: now, note, outcome: 'fixed' })
  }
}

/** The worker, which tells people otherwise, may be what is dead: so this process does it. Once for each outage. */
async function tell(deps: Needed, late: readonly OverdueOrder[], now: string): Promise<boolean> {
  const [{ organisation, orderNo, dueAt }] = late as readonly [OverdueOrder]
  const outcome = await deps.tellLastResort({
    organisation,
    // The same for every API process: the order that is late the longest does not change while nothing moves.
    id: `clock_dead/${orderNo}/${dueAt}`,
    about: 'clock-dead',
    subject: `exception:${exceptionId}`,
    at: now,
    title: { en: 'The clock of the orders', zh: '订单时钟' },
    fields: { orderNo, organisation, dueAt, reason: String(late.length) },
  })
  if (!outcome.ok) deps.logger.error({ reason: outcome.reason }, 'the last resort could not be told')
  return outcome.ok
}
