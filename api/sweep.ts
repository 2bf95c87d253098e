import { startWorkflow } from '../commands/with-workflow.ts'
import { OrdersUnavailable } from '../order-client/order-client.ts'
import type { ApiDependencies } from './dependencies.ts'
import { createWaker } from './exception-clock.ts'
import { createBlockedSearch } from './exceptions/blocked-orders.ts'
import { raiseGhosts, raiseLateFact } from './exceptions/fact-exceptions.ts'
import { createVanishedSearch } from './exceptions/vanished-orders.ts'
import { deliverParked } from './orders/deliver-facts.ts'
import { type Repeating, repeatEvery } from './repeat-every.ts'

const everyMs = 5_000
/** Whoever accepted an order is given this long to start it. */
const graceMs = 5_000
const atOnce = 100
/** A bulk's workflow says so much more often that it goes on. */
const quietMs = 60_000
const sealedAtOnce = 2_000
const forgetAfterMs = 3_600_000

type Needed = Pick<ApiDependencies, 'store' | 'orders' | 'clock' | 'logger' | 'metrics' | 'processes'>

/**
 * Picks up what a crash or an outage has left: orders that were accepted and not started, facts that were parked for
 * orders which have come since, and idempotency keys that nobody asks about any more. Facts that no order will take
 * become exceptions, and so do orders whose workflow is gone.
 */
export function startSweep(deps: Needed): Repeating {
  const sweep = createSweep(deps)
  return repeatEvery(everyMs, sweep, error => {
    const away = error instanceof Error && (error.name === 'StoreUnavailable' || error instanceof OrdersUnavailable)
    if (away) deps.logger.warn({ reason: error.message }, 'the sweep will come again')
    else deps.logger.error({ err: error }, 'the sweep failed')
  })
}

/** One sweep; what it remembers between two is only what there is no use in trying again soon. */
export function createSweep(deps: Needed): () => Promise<void> {
  /** Orders whose parked facts cannot be delivered: they are closed, or the facts are not theirs. */
  const stuck = new Set<string>()
  const wakeClocks = createWaker(deps)
  const findVanished = createVanishedSearch(deps)
  const findBlocked = createBlockedSearch(deps)
  let prunedAtMs = 0
  return async () => {
    await sealJournals(deps)
    await deps.store.addUpClosedOrders()
    await startUnstarted(deps)
    await startBulks(deps)
    await deliverFacts(deps, stuck)
    await tellOfFacts(deps)
    await findVanished()
    await findBlocked()
    await wakeClocks()
    const now = deps.clock()
    if (now.getTime() - prunedAtMs < forgetAfterMs) return
    prunedAtMs = now.getTime()
    stuck.clear()
    await deps.store.pruneRequests(now.toISOString())
  }
}

/** First: whatever else the sweep does may fail with Temporal away. */
async function sealJournals({ store, clock }: Needed): Promise<void> {
  while ((await store.sealJournals(clock().toISOString(), sealedAtOnce)) === sealedAtOnce);
}

async function startUnstarted(deps: Needed): Promise<void> {
  const rows = await deps.store.unstarted(graceMs, atOnce)
  deps.metrics.unstarted.set(rows.length)
  for (const row of rows) {
    const runId = await startWorkflow(deps, row)
    deps.logger.info({ orderNo: row.orderNo, organisation: row.organisation, runId }, 'started by the sweep')
  }
}

/** Those that were accepted and not started, and those whose workflow was ended from outside: they go on where they were. */
async function startBulks({ store, orders, clock, logger }: Needed): Promise<void> {
  const before = (ms: number) => new Date(clock().getTime() - ms).toISOString()
  for (const key of await store.idleBulks(before(graceMs), before(quietMs), atOnce)) {
    await orders.runBulk(key)
    logger.info({ organisation: key.organisation, bulk: key.id }, 'a bulk was started by the sweep')
  }
}

async function deliverFacts(deps: Needed, stuck: Set<string>): Promise<void> {
  const before = new Date(deps.clock().getTime() - graceMs).toISOString()
  for (const key of await deps.store.ordersWithParkedFacts(before, atOnce + stuck.size)) {
    const name = JSON.stringify([key.organisation, key.orderNo])
    if (stuck.has(name)) continue
    const row = await deps.store.getOrder(key.organisation, key.orderNo)
    if (row === null) continue
    const delivered = row.closedAt === null ? await deliverParked(deps, row, deps.logger) : 0
    if (delivered === 0) stuck.add(name)
  }
}

async function tellOfFacts(deps: Needed): Promise<void> {
  for (const fact of await deps.store.lateFacts(atOnce)) {
    const row = await deps.store.getOrder(fact.organisation, fact.orderNo)
    if (row !== null) await raiseLateFact(deps, row, fact)
  }
  await raiseGhosts(deps, atOnce)
}
