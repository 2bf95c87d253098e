import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import { endless } from '../explore/bounds.ts'
import type { Node } from '../explore/explore.ts'
import type { Problem, ProblemCode } from '../problem.ts'
import { placeOfState, stepPath, trailTo } from './blame.ts'

/** Something goes on in every state, every state leads to an end, and every step and the good end can be reached. */
export function judgeEnds(definition: CompiledDefinition, nodes: readonly Node[]): Problem[] {
  const limbo = nodes.flatMap((node, index) => (node.closed === null && node.items.length === 0 ? [index] : []))
  const stuck = firstOfEachStep(definition, nodes, limbo, 'limbo', where =>
    where === null
      ? 'Change the steps so that the order is never left with nothing to wait for.'
      : `Give "${where}" a way on: here nothing is under way, no ladder climbs and nobody will be told.`,
  )
  const open = firstOfEachStep(definition, nodes, endless(nodes), 'no_end', where =>
    where === null
      ? 'Allow a command, or add a fallback, that brings the order from here to an end.'
      : `Allow a command, or add a fallback, that brings the order from "${where}" to an end.`,
  )
  return [...stuck, ...open, ...unreached(definition, nodes)]
}

function firstOfEachStep(
  definition: CompiledDefinition,
  nodes: readonly Node[],
  indexes: readonly number[],
  code: ProblemCode,
  mend: (step: string | null) => string,
): Problem[] {
  const first = new Map<string | null, Problem>()
  for (const index of indexes) {
    const place = placeOfState(definition, nodes[index]!)
    if (first.has(place.step)) continue
    first.set(place.step, { code, ...place, mend: mend(place.step), trail: trailTo(nodes, index) })
  }
  return [...first.values()]
}

function unreached(definition: CompiledDefinition, nodes: readonly Node[]): Problem[] {
  const reached = new Set(nodes.flatMap(node => node.open))
  const problems: Problem[] = definition.steps
    .filter((_, index) => !reached.has(index))
    .map(({ id }) => ({
      code: 'unreachable',
      path: stepPath(definition, id),
      step: id,
      mend: `Remove "${id}", or change what comes before it: no order ever enters it.`,
    }))
  if (problems.length > 0 || nodes.some(node => node.closed === 'completed')) return problems
  const mend = `Add the steps that bring every line to its end in the flow "${definition.flow}": no order is ever completed.`
  return [{ code: 'never_completed', path: ['steps'], step: null, mend }]
}
