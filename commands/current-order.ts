import { withRulingCalendars } from '../domain/core/clock/ruling-calendars.ts'
import { upcastDefinition, upcastState } from '../domain/core/events/upcast.ts'
import { evolve } from '../domain/core/evolve/evolve.ts'
import type { OrderState } from '../domain/core/state.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import type { Order } from '../domain/order/order.ts'
import { OrdersUnavailable } from '../order-client/order-client.ts'
import type { OrderRow } from '../store/orders.ts'
import type { OrderInput } from '../workflows/messages.ts'
import type { CommandDependencies } from './command-dependencies.ts'

/** An order with the definition that rules it now. */
export interface KnownOrder {
  readonly definition: CompiledDefinition
  readonly state: OrderState
}

/** As far as it has been projected; before that, from its workflow; before that, as it was received. */
export async function currentOrder(deps: Pick<CommandDependencies, 'orders'>, row: OrderRow): Promise<KnownOrder> {
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

/** What can be done without: Temporal being away does not keep an order from being shown. */
export async function orNull<T>(asked: Promise<T | null>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof OrdersUnavailable) return null
    throw error
  }
}
