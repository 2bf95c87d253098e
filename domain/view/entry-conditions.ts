import type { Event } from '../core/events/event.ts'
import { evolve } from '../core/evolve/evolve.ts'
import { expressionContext } from '../core/order-context.ts'
import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import { evaluate, explain } from '../expression/expression.ts'

/** Whether a step is entered at all. */
export interface EntryCondition {
  readonly step: string
  readonly when: string
  /** Null: it cannot be evaluated. */
  readonly met: boolean | null
  readonly values: Readonly<Record<string, string>>
  /** When it was decided, by the values that it then had; null: not yet, these are today's. */
  readonly decidedAt: string | null
}

/** By the journal, if there is one, with the values at the time when it was last decided; else by what is known now. */
export function entryConditions(
  definition: CompiledDefinition,
  state: OrderState,
  journal: readonly Event[] = [],
): EntryCondition[] {
  const decided = new Map<string, { at: string; before: OrderState }>()
  let before: OrderState | null = null
  for (const event of journal) {
    if (before !== null && isDecision(event)) decided.set(event.data.step, { at: event.at, before })
    before = evolve(before, event)
  }
  return definition.steps.flatMap(({ id, when }) => {
    if (when === undefined) return []
    const then = decided.get(id)
    const context = expressionContext(then?.before ?? state)
    const result = evaluate(when, context)
    const { values } = explain(when, context)
    return [{ step: id, when, met: result.ok ? result.value : null, values, decidedAt: then?.at ?? null }]
  })
}

function isDecision(event: Event): event is Extract<Event, { type: 'step.entered' | 'step.skipped' }> {
  return event.type === 'step.entered' || (event.type === 'step.skipped' && event.data.because === 'condition')
}
