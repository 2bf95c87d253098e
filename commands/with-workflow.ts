import type { OrderRow } from '../store/orders.ts'
import type { OrderInput } from '../workflows/messages.ts'
import type { CommandDependencies } from './command-dependencies.ts'

type Needed = Pick<CommandDependencies, 'orders' | 'store' | 'clock'>

/**
 * Starts the workflow of an accepted order unless it runs, and notes that it was started: the id of its run. Null: it
 * has run before.
 * @throws OrdersUnavailable, StoreUnavailable
 */
export async function startWorkflow(deps: Needed, row: OrderRow): Promise<string | null> {
  const runId = await deps.orders.start(row.startInput as OrderInput)
  await deps.store.markStarted(row.organisation, row.orderNo, deps.clock().toISOString())
  return runId
}

/** Asks an order's workflow; of an order that was accepted and not started, after starting it. Null: it does not run. */
export async function withWorkflow<T>(
  deps: Needed,
  row: OrderRow | null,
  ask: () => Promise<T | null>,
): Promise<T | null> {
  const answer = await ask()
  if (answer !== null || row === null || row.startedAt !== null || row.closedAt !== null) return answer
  return (await startWorkflow(deps, row)) === null ? null : ask()
}
