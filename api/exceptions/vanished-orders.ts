import { rulesOf } from '../../domain/exception/exception-rules.ts'
import type { EndedOrder } from '../../order-client/order-client.ts'
import type { OrderKey } from '../../store/orders.ts'
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
  if (row === null || row.closedAt !== null) return
  const id = vanishedId(orderNo)
  const known = await deps.store.getException(organisation, id)
  // Of an order that was restored and has vanished once more somebody is told anew.
  if (known !== null && (known.resolvedAt === null || known.resolvedAt > endedAt)) return
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

/** The order goes on. */
export async function endVanished(
  { store, clock }: Pick<Needed, 'store' | 'clock'>,
  { organisation, orderNo }: OrderKey,
  by: string,
  note: string,
): Promise<void> {
  await store.resolveException(organisation, vanishedId(orderNo), {
    ...{ by, at: clock().toISOString(), note },
    outcome: 'fixed',
  })
}

/** What the clock would do next is not true of it: that comes first. */
export async function withVanished<W extends { readonly text: string; readonly textZh: string }>(
  { store }: Pick<Needed, 'store'>,
  { organisation, orderNo }: OrderKey,
  reasons: W,
): Promise<W> {
  const exception = await store.getException(organisation, vanishedId(orderNo))
  if (exception === null || exception.status === 'resolved') return reasons
  const { since, seen } = exception.evidence
  const way = `POST /api/orders/${orderNo}/restore`
  return {
    ...reasons,
    text: `Nothing moves it on since ${since}, until it is restored (${way}): ${seen}. Until then it was so: ${reasons.text}`,
    textZh: `自 ${since} 起不再推进，须先恢复（${way}）：${seen}。此前：${reasons.textZh}`,
  }
}

function vanishedId(orderNo: string): string {
  return `${orderNo}:vanished`
}
