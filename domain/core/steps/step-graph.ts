import type { CompiledDefinition } from '../../definition/compiled-definition.ts'

interface Graph {
  /** Every step that comes after it, directly or not. */
  readonly descendants: ReadonlyMap<string, ReadonlySet<string>>
  /** Every step that comes before it, directly or not. */
  readonly ancestors: ReadonlyMap<string, readonly string[]>
}

// Derived from an immutable definition alone, so the cache cannot make two runs differ.
const graphs = new WeakMap<CompiledDefinition, Graph>()

/** The steps that come after a step, directly or not. */
export function descendantsOf(definition: CompiledDefinition, step: string): ReadonlySet<string> {
  return graphOf(definition).descendants.get(step) ?? new Set()
}

/** The steps that come before a step, directly or not. */
export function ancestorsOf(definition: CompiledDefinition, step: string): readonly string[] {
  return graphOf(definition).ancestors.get(step) ?? []
}

/** Whether `earlier` comes before `later`. */
export function comesBefore(definition: CompiledDefinition, earlier: string, later: string): boolean {
  return descendantsOf(definition, earlier).has(later)
}

function graphOf(definition: CompiledDefinition): Graph {
  const known = graphs.get(definition)
  if (known !== undefined) return known
  const descendants = new Map<string, Set<string>>()
  const visit = (id: string): Set<string> => {
    const done = descendants.get(id)
    if (done !== undefined) return done
    const found = new Set<string>()
    descendants.set(id, found)
    for (const step of definition.steps) {
      if (!step.after.includes(id)) continue
      found.add(step.id)
      for (const further of visit(step.id)) found.add(further)
    }
    return found
  }
  for (const step of definition.steps) visit(step.id)
  const before = (id: string) => definition.steps.map(step => step.id).filter(other => descendants.get(other)?.has(id))
  const graph = { descendants, ancestors: new Map(definition.steps.map(({ id }) => [id, before(id)])) }
  graphs.set(definition, graph)
  return graph
}
