import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
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

/** What the order shows of itself in the Temporal Web UI. An upsert is an event: only when the order waits or closes. */
export class Signboard {
  private shown: SearchValues | undefined
  private readonly definition: CompiledDefinition

  constructor(definition: CompiledDefinition) {
    this.definition = definition
  }

  show(state: OrderState, work: Work): void {
    setCurrentDetails(whyText(this.definition, state, waitingFor(this.definition, state)).en)
    const isWaiting = work.calls.every(call => call.id.endsWith('/check'))
    const values = searchValues(this.definition, state)
    if (!(isWaiting || work.closed || isNewlyAbnormal(this.shown, values))) return
    const changes = changed(this.shown, values)
    this.shown = values
    if (changes.length > 0) upsertSearchAttributes(changes)
  }
}

function isNewlyAbnormal(shown: SearchValues | undefined, values: SearchValues): boolean {
  const before = shown?.OrderException ?? []
  return values.OrderException.some(kind => !before.includes(kind))
}

function changed(shown: SearchValues | undefined, values: SearchValues) {
  const pairs = []
  const differs = (name: keyof SearchValues) =>
    JSON.stringify(shown?.[name] ?? none[name]) !== JSON.stringify(values[name])
  if (differs('OrderStatus')) pairs.push({ key: keys.OrderStatus, value: values.OrderStatus })
  for (const name of ['OrderStep', 'OrderOwner', 'OrderException'] as const) {
    if (differs(name)) pairs.push({ key: keys[name], value: values[name].length === 0 ? null : [...values[name]] })
  }
  if (differs('OrderDueAt')) {
    pairs.push({ key: keys.OrderDueAt, value: values.OrderDueAt === null ? null : new Date(values.OrderDueAt) })
  }
  return pairs
}

const none: SearchValues = {
  OrderStatus: 'received',
  OrderStep: [],
  OrderOwner: [],
  OrderException: [],
  OrderDueAt: null,
}
