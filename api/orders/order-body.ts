import { evolve } from '../../domain/core/evolve.ts'
import { withRulingCalendars } from '../../domain/core/ruling-calendars.ts'
import type { OrderState } from '../../domain/core/state.ts'
import { upcastDefinition, upcastState } from '../../domain/core/upcast.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import type { Order } from '../../domain/order/order.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { type AvailableCommand, availableCommands } from '../../domain/view/available-commands.ts'
import { type OrderView, orderView } from '../../domain/view/order-view.ts'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import type { OrderKey, OrderRow } from '../../store/orders.ts'
import { type OrderInput, workflowIdOf } from '../../workflows/messages.ts'
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

/** An order with the definition that rules it now. */
export interface KnownOrder {
  readonly definition: CompiledDefinition
  readonly state: OrderState
}

/** As far as it has been projected; before that, from its workflow; before that, as it was received. */
export async function currentOrder(deps: ApiDependencies, row: OrderRow): Promise<KnownOrder> {
  const { definition: snapshot, order } = row.startInput as OrderInput
  const placedWith = upcastDefinition(snapshot)
  const state =
    row.state === null
      ? ((row.startedAt === null ? null : await orNull(deps.orders.state(row))) ??
        receivedState(placedWith, order, row.createdAt))
      : upcastState(row.state as OrderState)
  return { definition: withRulingCalendars(placedWith, state), state }
}

/** An order that nothing has happened to yet. */
export function receivedState(definition: CompiledDefinition, order: Order, at: string): OrderState {
  return evolve(null, {
    seq: 0,
    at,
    type: 'order.received',
    actor: order.placedBy,
    data: {
      order,
      process: { id: definition.id, version: definition.version },
      flow: definition.flow,
      steps: definition.steps.map(({ id, owner }) => ({ id, owner })),
    },
  })
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
export async function runIdOf(deps: Pick<ApiDependencies, 'orders'>, key: OrderKey): Promise<string | null> {
  return (await orNull(deps.orders.describe(key)))?.runId ?? null
}

/** What can be done without: Temporal being away does not keep an order from being shown. */
async function orNull<T>(asked: Promise<T | null>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof OrdersUnavailable) return null
    throw error
  }
}
