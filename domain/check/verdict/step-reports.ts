import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import { untilEnd } from '../explore/bounds.ts'
import type { WorstCase, WorstCases } from '../explore/cost.ts'
import type { Node } from '../explore/explore.ts'
import type { Silence } from '../explore/silence.ts'

/** The worst that can become of a step with nobody acting, over all states in which it is under way. */
export interface StepReport {
  readonly step: string
  readonly states: number
  /** Until a person is told, or the order is closed. */
  readonly toPerson: WorstCase
  /** Until the order is closed, or rests with a person who is told again and again. */
  readonly toEnd: WorstCase
}

export function stepReports(
  definition: CompiledDefinition,
  nodes: readonly Node[],
  worst: WorstCases,
  toPerson: Silence,
): StepReport[] {
  const toEnd = untilEnd(nodes)
  return definition.steps.map((step, place) => {
    const indexes = nodes.flatMap((node, index) => (node.open.includes(place) ? [index] : []))
    const longest = (silence: Silence) => longestOf(indexes.map(index => worst.of(silence.from(index))))
    return { step: step.id, states: indexes.length, toPerson: longest(toPerson), toEnd: longest(toEnd) }
  })
}

function longestOf(times: readonly WorstCase[]): WorstCase {
  return times.reduce(
    (most, time) => ({
      workingMs: Math.max(most.workingMs, time.workingMs),
      wallMs: Math.max(most.wallMs, time.wallMs),
    }),
    { workingMs: 0, wallMs: 0 },
  )
}
