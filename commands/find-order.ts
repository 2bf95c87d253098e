import type { OrderState } from '../domain/core/state.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import type { OrderKey, OrderRow } from '../store/orders.ts'
import { StoreUnavailable } from '../store/store-error.ts'
import type { CommandDependencies } from './command-dependencies.ts'
import { currentOrder } from './current-order.ts'

/** An order that exists, with the definition it runs by. */
export interface FoundOrder {
  readonly key: OrderKey
  readonly definition: CompiledDefinition
  readonly state: OrderState
  /** Null while the store is away: the order itself goes on, and is asked. */
  readonly row: OrderRow | null
}

/** An order as it is stored or, while the store is away, as its workflow is. Null: there is none. */
export async function findOrder(deps: CommandDependencies, key: OrderKey): Promise<FoundOrder | null> {
  try {
    const row = await deps.store.getOrder(key.organisation, key.orderNo)
    return row === null ? null : { key, row, ...(await currentOrder(deps, row)) }
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    const state = await deps.orders.state(key)
    const definition = state === null ? undefined : (state.definition ?? deps.catalogue.loaded(state.process))
    if (state === null || definition === undefined) throw error
    return { key, row: null, definition, state }
  }
}
