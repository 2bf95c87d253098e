import type { CompiledDefinition } from '../definition/compiled-definition.ts'

interface Graph {
  /** Every step that comes after it, directly or not. */
  readonly descendants: ReadonlyMap<string, ReadonlySet<string>>
}

// Derived from an immutable definition alone, so the cache cannot make two runs differ.
const graphs = new WeakMap<CompiledDefinition, Graph>()

/** The steps that come after a step, directly or not. */
export function descendantsOf(definition: CompiledDefinition, step: string): ReadonlySet<string> {
  return graphOf(definition).descendants.get(step) ?? new Set()
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
  const graph = { descendants }
  graphs.set(definition, graph)
  return graph
}
