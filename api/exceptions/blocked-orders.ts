import { rulesOf } from '../../domain/exception/exception-rules.ts'
import type { BlockedOrder } from '../../order-client/order-client.ts'
import type { OrderKey } from '../../store/orders.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { ofOrder } from './fact-exceptions.ts'

const everyMs = 30_000
const mostOpen = 1_000

type Needed = Pick<ApiDependencies, 'store' | 'orders' | 'clock' | 'processes' | 'logger'>

export function blockedId(orderNo: string): string {
  return `${orderNo}:blocked`
}

/**
 * Finds orders whose workflow task fails again and again (`poison`): Temporal shows them as running, and nothing moves
 * them on. One exception for each, with the process owner; it ends by itself when the order goes on.
 */
export function createBlockedSearch(deps: Needed): () => Promise<void> {
  let lookedAtMs = 0
  const known = new Set<string>()
  return async () => {
    const nowMs = deps.clock().getTime()
    if (nowMs - lookedAtMs < everyMs) return
    const blocked = await deps.orders.blocked()
    const names = new Set(blocked.map(({ organisation, orderNo }) => nameOf(organisation, blockedId(orderNo))))
    for (const order of blocked) {
      // As long as it is blocked it is the same sighting.
      const name = nameOf(order.organisation, blockedId(order.orderNo))
      if (!known.has(name)) await raise(deps, order)
      known.add(name)
    }
    for (const name of known) if (!names.has(name)) known.delete(name)
    for (const { organisation, id } of await deps.store.graveExceptions('dead', mostOpen)) {
      if (!id.endsWith(':blocked') || names.has(nameOf(organisation, id))) continue
      const note = 'its workflow goes on again'
      await deps.store.resolveException(organisation, id, {
        by: 'sweep',
        at: deps.clock().toISOString(),
        note,
        outcome: 'fixed',
      })
    }
    lookedAtMs = nowMs
  }
}

const nameOf = (organisation: string, id: string) => JSON.stringify([organisation, id])

/** That nothing else will happen comes first. */
export async function withBlocked<W extends { readonly text: string; readonly textZh: string }>(
  { store }: Pick<ApiDependencies, 'store'>,
  { organisation, orderNo }: OrderKey,
  reasons: W,
): Promise<W> {
  const exception = await store.getException(organisation, blockedId(orderNo))
  if (exception === null || exception.status === 'resolved') return reasons
  const { since, seen } = exception.evidence
  return {
    ...reasons,
    text: `It cannot go on since ${since}: ${seen}. ${reasons.text}`,
    textZh: `自 ${since} 起无法继续:其工作流任务反复失败(${seen})。${reasons.textZh}`,
  }
}

async function raise(deps: Needed, { organisation, orderNo, message, since }: BlockedOrder): Promise<void> {
  const row = await deps.store.getOrder(organisation, orderNo)
  if (row === null) return
  const { severity } = rulesOf(deps.processes.exceptions, 'dead')
  const exception = {
    ...ofOrder(row),
    id: blockedId(orderNo),
    kind: 'dead',
    severity,
    step: null,
    openedAt: deps.clock().toISOString(),
    evidence: {
      expected: 'the code of its workers can go on with it',
      seen: `its workflow task fails again and again: ${message}`,
      since,
      code: 'workflow_task_fails',
    },
  } as const
  await deps.store.raiseException(exception)
  deps.logger.error({ code: 'blocked', organisation, orderNo, reason: message }, 'an order cannot go on with this code')
}
