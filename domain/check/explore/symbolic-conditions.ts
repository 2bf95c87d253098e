import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import type { Order } from '../../order/order.ts'

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

/** The explored order, once for each way in which the conditions may turn out. */
export class ConditionedOrders {
  /** The steps that have a condition. */
  readonly conditional: ReadonlySet<string>
  private readonly order: Order
  private readonly known = new Map<string, Order>()

  constructor(definition: CompiledDefinition, order: Order) {
    this.order = order
    this.conditional = new Set(definition.steps.flatMap(step => (step.when === undefined ? [] : [step.id])))
  }

  /** Conditions that are not mentioned are true. */
  with(verdicts: Verdicts): Order {
    const key = Object.entries(verdicts).sort().join()
    let order = this.known.get(key)
    if (order === undefined) {
      const met = [...this.conditional].flatMap(id => (verdicts[id] === 'fails' ? [] : [[id, verdicts[id] ?? true]]))
      order = { ...this.order, attributes: Object.fromEntries(met) }
      this.known.set(key, order)
    }
    return order
  }
}
