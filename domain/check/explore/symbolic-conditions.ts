import type { OrderState } from '../../core/state.ts'
import type { CompiledDefinition } from '../../definition/compiled-definition.ts'

/** What an entry condition may turn out to be: true, false, or impossible to evaluate (an attribute is missing). */
export type Verdict = boolean | 'fails'
export type Verdicts = Readonly<Record<string, Verdict>>

/**
 * The definition with each entry condition replaced by a look at an attribute of the explored order, so that the core
 * itself takes each way in turn. Two steps with the same condition are not known to agree: more is explored than can
 * happen, never less.
 */
export function symbolicConditions(definition: CompiledDefinition): CompiledDefinition {
  const steps = definition.steps.map(step =>
    step.when === undefined ? step : { ...step, when: `order.attributes["${step.id}"] == true` },
  )
  return { ...definition, steps }
}

/** The state in which the conditions turn out so; those that are not mentioned are true. */
export function withVerdicts(definition: CompiledDefinition, state: OrderState, verdicts: Verdicts): OrderState {
  const attributes: Record<string, boolean> = {}
  for (const step of definition.steps) {
    if (step.when === undefined) continue
    const verdict = verdicts[step.id] ?? true
    if (verdict !== 'fails') attributes[step.id] = verdict
  }
  return { ...state, order: { ...state.order, attributes } }
}
