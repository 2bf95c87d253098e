import { WorkflowIdReusePolicy } from '@temporalio/client'
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common'
import { withRulingCalendars } from '../domain/core/clock/ruling-calendars.ts'
import { transition } from '../domain/core/decide.ts'
import type { OrderState } from '../domain/core/state.ts'
import { moneyText } from '../domain/money/money.ts'
import { totalMinor } from '../domain/order/order.ts'
import { type SearchValues, searchValues } from '../domain/search-attributes.ts'
import { type OrderInput, workflowIdOf } from '../workflows/messages.ts'

export const organisationKey = defineSearchAttributeKey('Organisation', 'KEYWORD')

const keys = {
  OrderStatus: defineSearchAttributeKey('OrderStatus', 'KEYWORD'),
  OrderProcess: defineSearchAttributeKey('OrderProcess', 'KEYWORD'),
  CustomerId: defineSearchAttributeKey('CustomerId', 'KEYWORD'),
  Organisation: organisationKey,
  OrderStep: defineSearchAttributeKey('OrderStep', 'KEYWORD_LIST'),
  OrderOwner: defineSearchAttributeKey('OrderOwner', 'KEYWORD_LIST'),
  OrderException: defineSearchAttributeKey('OrderException', 'KEYWORD_LIST'),
  OrderDueAt: defineSearchAttributeKey('OrderDueAt', 'DATETIME'),
} as const

/** A number stays taken after its order has ended, for as long as Temporal remembers; after that, by the store. */
const onlyOnce = {
  workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
  workflowIdConflictPolicy: 'USE_EXISTING',
} as const
/** Of one that is restored: it has run before. */
const onlyIfItDoesNotRun = {
  workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  workflowIdConflictPolicy: 'FAIL',
} as const

/** How the workflow of an order is started: one that is restored too, of which the state that it goes on from is shown. */
export function startOptions(input: OrderInput) {
  const { organisation, orderNo, customer, currency, exponent } = input.order
  const total = moneyText({ minor: totalMinor(input.order), currency, exponent })
  return {
    workflowId: workflowIdOf(organisation, orderNo),
    ...(input.restored === undefined ? onlyOnce : onlyIfItDoesNotRun),
    typedSearchAttributes: attributesOf(input),
    staticSummary: `${orderNo}: ${total}, ${customer.name}`.slice(0, 200),
  }
}

/** What the order will show when it has begun: given at its start they cost it no event. */
function attributesOf(input: OrderInput): SearchAttributePair[] {
  const { definition, order } = input
  const state = stateOf(input)
  const shown: Partial<SearchValues> =
    state === null ? { OrderStatus: 'received' } : searchValues(withRulingCalendars(definition, state), state)
  const lists = (['OrderStep', 'OrderOwner', 'OrderException'] as const).flatMap(name => {
    const value = shown[name] ?? []
    return value.length === 0 ? [] : [{ key: keys[name], value: [...value] }]
  })
  return [
    { key: keys.OrderStatus, value: shown.OrderStatus ?? '' },
    { key: keys.OrderProcess, value: definition.id },
    { key: keys.CustomerId, value: order.customer.id },
    { key: keys.Organisation, value: order.organisation },
    ...lists,
    ...(shown.OrderDueAt ? [{ key: keys.OrderDueAt, value: new Date(shown.OrderDueAt) }] : []),
  ]
}

function stateOf({ definition, order, carried, restored }: OrderInput): OrderState | null {
  if (restored !== undefined && carried !== undefined) return carried.state
  const begun = transition(definition, null, { type: 'start', at: new Date().toISOString(), order })
  return begun.ok ? begun.state : null
}
