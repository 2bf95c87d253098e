import type { ApiDependencies } from './dependencies.ts'

/** A clock that does not get round to what is due is not woken more often than this. */
const againAfterMs = 60_000

type Needed = Pick<ApiDependencies, 'store' | 'orders' | 'clock'>

/**
 * Sees to it that each organisation with something due among its exceptions has a clock that runs, and is awake. One
 * that has been ended from outside is started again.
 */
export function createWaker(deps: Needed): () => Promise<void> {
  const wokenAtMs = new Map<string, number>()
  return async () => {
    const now = deps.clock()
    for (const organisation of await deps.store.organisationsWithDueExceptions(now.toISOString())) {
      if (now.getTime() - (wokenAtMs.get(organisation) ?? 0) < againAfterMs) continue
      await deps.orders.wakeExceptionClock(organisation)
      wokenAtMs.set(organisation, now.getTime())
    }
  }
}
