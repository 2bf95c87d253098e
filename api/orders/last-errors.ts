import type { CallAttempt } from '../../domain/view/why.ts'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import type { OrderKey } from '../../store/orders.ts'
import type { ApiDependencies } from '../dependencies.ts'

/** Calls in flight with how often each was tried and what went wrong last, as far as Temporal can be asked. */
export async function withLastErrors(
  deps: Pick<ApiDependencies, 'orders'>,
  key: OrderKey,
  attempts: readonly CallAttempt[],
): Promise<readonly CallAttempt[]> {
  if (attempts.length === 0) return attempts
  const activities = await pendingActivities(deps, key)
  return attempts.map(call => {
    // A call that goes together with others is tried in a run.
    const activity =
      activities.find(({ type }) => type === call.operation) ?? activities.find(({ type }) => type === 'run')
    if (activity === undefined) return call
    const { attempt, lastError } = activity
    return { ...call, attempt, ...(lastError === undefined ? {} : { lastError }) }
  })
}

async function pendingActivities(deps: Pick<ApiDependencies, 'orders'>, key: OrderKey) {
  try {
    return (await deps.orders.describe(key))?.activities ?? []
  } catch (error) {
    if (error instanceof OrdersUnavailable) return []
    throw error
  }
}
