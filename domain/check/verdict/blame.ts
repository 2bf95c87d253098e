import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import type { Node } from '../explore/explore.ts'
import type { Problem } from '../problem.ts'

/** Where in the definition it is decided how long an item takes, and the step it is about. */
export function placeOf(definition: CompiledDefinition, item: string): Pick<Problem, 'path' | 'step'> {
  const [kind, name = ''] = item.split(':')
  if (kind === 'review') return { path: ['review', 'ladder'], step: name || null }
  if (kind === 'hold') return { path: ['holds', name, 'ladder'], step: null }
  if (kind === 'step') return { path: [...stepPath(definition, name), 'ladder'], step: name }
  const step = item.slice(0, item.lastIndexOf('.'))
  return { path: [...stepPath(definition, step), 'retry', 'giveUpAfter'], step }
}

/** What an item is called. */
export function itemText(item: string): string {
  const [kind, name = ''] = item.split(':')
  if (kind === 'review') return name === '' ? 'the review of the order' : `the review of "${name}"`
  if (kind === 'hold') return `the hold "${name}"`
  return kind === 'step' ? `"${name}"` : `the call of "${item.slice(0, item.lastIndexOf('.'))}"`
}

/** The first step that is under way in a state. */
export function placeOfState(definition: CompiledDefinition, node: Node): Pick<Problem, 'path' | 'step'> {
  const step = definition.steps[node.open[0] ?? -1]
  return step === undefined ? { path: ['steps'], step: null } : { path: stepPath(definition, step.id), step: step.id }
}

export function stepPath(definition: CompiledDefinition, id: string): PropertyKey[] {
  return ['steps', definition.steps.findIndex(step => step.id === id)]
}

/** How an order comes to a state: what happens, from its beginning. */
export function trailTo(nodes: readonly Node[], index: number): string[] {
  const trail: string[] = []
  for (let from = nodes[index]!.from; from !== null; from = nodes[from.node]!.from) trail.unshift(from.label)
  return trail
}
