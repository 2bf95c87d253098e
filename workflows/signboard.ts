import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import type { Work } from '../domain/core/pending.ts'
import type { OrderState } from '../domain/core/state.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import { type SearchValues, searchValues } from '../domain/search-attributes.ts'
import { waitingFor } from '../domain/view/waiting.ts'
import { whyText } from '../domain/view/why-text.ts'

const keys = {
  OrderStatus: defineSearchAttributeKey('OrderStatus', SearchAttributeType.KEYWORD),
  OrderStep: defineSearchAttributeKey('OrderStep', SearchAttributeType.KEYWORD_LIST),
  OrderOwner: defineSearchAttributeKey('OrderOwner', SearchAttributeType.KEYWORD_LIST),
  OrderException: defineSearchAttributeKey('OrderException', SearchAttributeType.KEYWORD_LIST),
  OrderDueAt: defineSearchAttributeKey('OrderDueAt', SearchAttributeType.DATETIME),
}

const momentMs = 5_000

/**
 * What the order shows of itself in the Temporal Web UI. An upsert is an event: only when the order waits, becomes
 * abnormal or closes, and only of what differs from what is shown, which a run takes over from the one before.
 */
export class Signboard {
  private readonly order: { readonly definition: CompiledDefinition }
  /** As it was reckoned by whoever started the order, a moment earlier than the order itself does. */
  private readonly givenDueAt = shown().OrderDueAt

  constructor(order: { readonly definition: CompiledDefinition }) {
    this.order = order
  }

  show(state: OrderState, work: Work, isCallSlow: boolean): void {
    const { definition } = this.order
    setCurrentDetails(whyText(definition, state, waitingFor(definition, state)).en)
    const isWaiting = isCallSlow || work.calls.every(call => call.id.endsWith('/check'))
    const before = shown()
    const values = searchValues(definition, state)
    const isNewlyAbnormal = values.OrderException.some(kind => !before.OrderException.includes(kind))
    if (!(isWaiting || work.closed || isNewlyAbnormal)) return
    const changes = changed(before, this.asGiven(values))
    if (changes.length > 0) upsertSearchAttributes(changes)
  }

  /** That moment is not worth an event. */
  private asGiven(values: SearchValues): SearchValues {
    const { givenDueAt } = this
    if (givenDueAt === null || values.OrderDueAt === null) return values
    const isThat = Math.abs(Date.parse(values.OrderDueAt) - Date.parse(givenDueAt)) < momentMs
    return isThat ? { ...values, OrderDueAt: givenDueAt } : values
  }
}

function shown(): SearchValues {
  const attributes = workflowInfo().typedSearchAttributes
  return {
    OrderStatus: attributes.get(keys.OrderStatus) ?? '',
    OrderStep: attributes.get(keys.OrderStep) ?? [],
    OrderOwner: attributes.get(keys.OrderOwner) ?? [],
    OrderException: attributes.get(keys.OrderException) ?? [],
    OrderDueAt: attributes.get(keys.OrderDueAt)?.toISOString() ?? null,
  }
}

function changed(before: SearchValues, values: SearchValues) {
  const pairs = []
  const differs = (name: keyof SearchValues) => JSON.stringify(before[name]) !== JSON.stringify(values[name])
  if (differs('OrderStatus')) pairs.push({ key: keys.OrderStatus, value: values.OrderStatus })
  for (const name of ['OrderStep', 'OrderOwner', 'OrderException'] as const) {
    if (differs(name)) pairs.push({ key: keys[name], value: values[name].length === 0 ? null : [...values[name]] })
  }
  if (differs('OrderDueAt')) {
    pairs.push({ key: keys.OrderDueAt, value: values.OrderDueAt === null ? null : new Date(values.OrderDueAt) })
  }
  return pairs
}
