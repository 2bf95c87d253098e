import { type KnownOrder, orNull } from '../../commands/current-order.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { type AvailableCommand, availableCommands } from '../../domain/view/available-commands.ts'
import { type OrderView, orderView } from '../../domain/view/order-view.ts'
import type { OrderKey } from '../../store/orders.ts'
import { workflowIdOf } from '../../workflows/messages.ts'
import type { ApiDependencies } from '../dependencies.ts'

/** The body of `GET /api/orders/{orderNo}`: the order, and what depends on who asks and on where it runs. */
export interface OrderBody extends OrderView {
  readonly availableCommands: readonly AvailableCommand[]
  readonly temporal: {
    readonly workflowId: string
    /** Null while Temporal does not know, or no longer knows. */
    readonly runId: string | null
    /** In the Temporal Web UI; null where its address is not known. */
    readonly url: string | null
  }
}

export async function orderBody(
  deps: ApiDependencies,
  identity: Identity,
  { definition, state }: KnownOrder,
  seen: { readonly view?: OrderView; readonly runId?: string | null } = {},
): Promise<OrderBody> {
  const key = state.order
  const workflowId = workflowIdOf(key.organisation, key.orderNo)
  const { temporalUi } = deps
  return {
    ...(seen.view ?? orderView(definition, state)),
    availableCommands: availableCommands(definition, state, {
      matrix: await deps.catalogue.matrixOf(key.organisation, definition),
      identity,
      at: deps.clock().toISOString(),
    }),
    temporal: {
      workflowId,
      runId: seen.runId === undefined ? await runIdOf(deps, key) : seen.runId,
      url:
        temporalUi === undefined
          ? null
          : `${temporalUi.url}/namespaces/${temporalUi.namespace}/workflows/${encodeURIComponent(workflowId)}`,
    },
  }
}

/** Null where Temporal does not know it, or cannot be asked. */
async function runIdOf(deps: Pick<ApiDependencies, 'orders'>, key: OrderKey): Promise<string | null> {
  return (await orNull(deps.orders.describe(key)))?.runId ?? null
}
