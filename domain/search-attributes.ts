import { isActive, orderStatus } from './core/order-status.ts'
import type { OrderState } from './core/state.ts'
import type { CompiledDefinition } from './definition/compiled-definition.ts'

/**
 * What the Temporal Web UI and `temporal workflow list` can filter by. A namespace on SQL visibility has room for few
 * of each type, so nothing that is not asked for is added.
 */
export const searchAttributeTypes = {
  OrderStatus: 'KEYWORD',
  OrderProcess: 'KEYWORD',
  CustomerId: 'KEYWORD',
  Organisation: 'KEYWORD',
  OrderStep: 'KEYWORD_LIST',
  OrderOwner: 'KEYWORD_LIST',
  OrderException: 'KEYWORD_LIST',
  OrderDueAt: 'DATETIME',
} as const

export type SearchAttributeName = keyof typeof searchAttributeTypes

export interface SearchValues {
  readonly OrderStatus: string
  readonly OrderStep: readonly string[]
  readonly OrderOwner: readonly string[]
  readonly OrderException: readonly string[]
  /** ISO 8601; null: nothing is due. */
  readonly OrderDueAt: string | null
}

/** What changes while an order runs; the rest is given at its start. */
export function searchValues(definition: CompiledDefinition, state: OrderState): SearchValues {
  const open = state.closed === null
  const active = open ? definition.steps.filter(step => isActive(state.steps[step.id])) : []
  const owners = [
    ...active.map(step => state.steps[step.id]?.owner ?? step.owner),
    ...Object.values(state.reviews).map(review => review.owner),
    ...Object.values(state.holds).map(hold => hold.owner),
  ]
  return {
    OrderStatus: orderStatus(definition, state),
    OrderStep: active.map(step => step.id),
    OrderOwner: open ? [...new Set(owners)] : [],
    OrderException: [...new Set(Object.values(state.exceptions).map(exception => exception.kind))],
    OrderDueAt: open ? soonest(state) : null,
  }
}

/** The next thing the clock will do; unlike the order's timer it does not wait for a notice that is being tried. */
function soonest(state: OrderState): string | null {
  const due = Object.values(state.clocks).flatMap(({ dueAt }) => dueAt ?? [])
  return due.sort()[0] ?? null
}
