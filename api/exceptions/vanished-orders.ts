import { rulesOf } from '../../domain/exception/exception-rules.ts'
import type { EndedOrder } from '../../order-client/order-client.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { ofOrder } from './fact-exceptions.ts'

const everyMs = 60_000
/** A workflow's end is found a little later than it comes. */
const overlapMs = 300_000
/** How far back the first look goes: what ended while no API ran. */
const firstLookMs = 7 * 86_400_000

type Needed = Pick<ApiDependencies, 'store' | 'orders' | 'clock' | 'processes' | 'logger'>

/**
 * Finds orders whose workflow was ended from outside: terminated, say. No code of theirs runs any more, nothing moves
 * them on, and their row says that they are open: one exception for each, with the process owner.
 */
export function createVanishedSearch(deps: Needed): () => Promise<void> {
  let lookedAtMs = 0
  return async () => {
    const nowMs = deps.clock().getTime()
    if (nowMs - lookedAtMs < everyMs) return
    const sinceMs = lookedAtMs === 0 ? nowMs - firstLookMs : lookedAtMs - overlapMs
    for (const ended of await deps.orders.endedFromOutside(new Date(sinceMs).toISOString())) await raise(deps, ended)
    lookedAtMs = nowMs
  }
}

async function raise(deps: Needed, { organisation, orderNo, how, endedAt }: EndedOrder): Promise<void> {
  const row = await deps.store.getOrder(organisation, orderNo)
  const id = `${orderNo}:vanished`
  if (row === null || row.closedAt !== null || (await deps.store.getException(organisation, id)) !== null) return
  const evidence = {
    expected: `its workflow runs: the order is ${row.status}`,
    seen: `its workflow has ended from outside: ${how}`,
    since: endedAt,
  }
  const { severity } = rulesOf(deps.processes.exceptions, 'vanished')
  const openedAt = deps.clock().toISOString()
  const exception = { ...ofOrder(row), id, kind: 'vanished', severity, step: null, openedAt, evidence } as const
  await deps.store.raiseException(exception)
  deps.logger.error({ code: 'vanished', organisation, orderNo, how }, 'an open order has no workflow any more')
}
