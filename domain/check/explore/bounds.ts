import { type Costs, never, wallCost } from './cost.ts'
import type { Node } from './explore.ts'
import { Silence } from './silence.ts'

/** A notice is answered within a minute, and the process owner's, told instead, within another one. */
const noticeCost: Costs = wallCost(120_000)

const untilTold = {
  endsWith: ({ told }: { told: boolean }) => (told ? noticeCost : undefined),
  lasts: (item: Node['items'][number], edge?: Node['edges'][number]) => edge?.wait ?? item.wait,
  ignores: () => false,
}

/** Until a person is told, or the order is closed. */
export function silence(nodes: readonly Node[]): Silence {
  return new Silence(nodes, { ...untilTold, isOver: () => false })
}

/** The same, as long as a person or a connector must act. */
export function silenceOfPeople(nodes: readonly Node[]): Silence {
  return new Silence(nodes, { ...untilTold, isOver: node => !node.acting })
}

/** The same, as long as only the outside world must report something. */
export function silenceOfWorld(nodes: readonly Node[]): Silence {
  return new Silence(nodes, { ...untilTold, isOver: node => node.acting })
}

/** Until the order is closed, or rests with a person who is told again and again. */
export function untilEnd(nodes: readonly Node[]): Silence {
  return new Silence(nodes, {
    isOver: node => node.items.some(item => item.total === never),
    endsWith: () => undefined,
    lasts: item => item.total,
    ignores: edge => edge.goesOn === true,
  })
}

/** The states from which no way leads to the end of the order, whatever it contains; those that were cut are not judged. */
export function endless(nodes: readonly Node[]): number[] {
  const before: number[][] = nodes.map(() => [])
  nodes.forEach((node, index) => {
    for (const edge of node.edges) if (edge.certain) before[edge.to]!.push(index)
  })
  const ends = new Set<number>()
  const queue = nodes.flatMap((node, index) => (node.closed !== null || node.cut ? [index] : []))
  for (const index of queue) {
    if (ends.has(index)) continue
    ends.add(index)
    queue.push(...before[index]!)
  }
  return nodes.flatMap((_, index) => (ends.has(index) ? [] : [index]))
}
