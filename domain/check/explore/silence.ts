import { type Costs, longer, never, nothing, shorter, sum } from './cost.ts'
import type { Edge, Node } from './explore.ts'
import type { Item } from './waits.ts'

/** What is counted from a state on, with nobody acting. */
export interface Question {
  /** The count is over in such a state. */
  readonly isOver: (node: Node) => boolean
  /** The count is over with such an edge, after so much more. */
  readonly endsWith: (edge: Edge) => Costs | undefined
  /** How long it takes at most until the item moves (by this edge of its own). */
  readonly lasts: (item: Item, edge?: Edge) => Costs
  /** Such an edge of an item does not count as its moving. */
  readonly ignores: (edge: Edge) => boolean
}

/**
 * The longest time that can pass from each state with nobody acting: only ladders climb, and calls come back whenever
 * it is worst. A bound from above: something happens at the latest when the first of the things that go on side by side
 * must move, and each of the others that goes on unmoved must move within its own time since the count began.
 */
export class Silence {
  private readonly nodes: readonly Node[]
  private readonly question: Question
  /** By state, then by the items (a bit each) that have gone on unmoved since the count began. */
  private readonly known: (Map<number, Costs> | undefined)[] = []

  constructor(nodes: readonly Node[], question: Question) {
    this.nodes = nodes
    this.question = question
  }

  /** `never`: nothing goes on in the state, or it may come back to itself without the count being over. */
  from(index: number): Costs {
    const node = this.nodes[index]!
    if (this.isOver(node)) return nothing
    return node.items.length === 0 ? never : this.since(index, 2 ** node.items.length - 1)
  }

  /** What must move first. */
  reliedOn(index: number): Item | undefined {
    return this.first(this.nodes[index]!.items)
  }

  private isOver(node: Node): boolean {
    return node.closed !== null || this.question.isOver(node)
  }

  private first(items: readonly Item[]): Item | undefined {
    const [first, ...others] = items
    return others.reduce<Item | undefined>((least, item) => {
      const time = this.question.lasts(item)
      return least !== undefined && shorter(this.question.lasts(least), time) === time ? item : least
    }, first)
  }

  /** The whole time, from when all the unmoved items were there. */
  private since(index: number, unmoved: number): Costs {
    this.known[index] ??= new Map()
    const results = this.known[index]
    const known = results.get(unmoved)
    if (known !== undefined) return known
    // Until it is known: whoever comes back here has gone in a circle.
    results.set(unmoved, never)
    const { items, edges } = this.nodes[index]!
    const still = items.filter((_, bit) => unmoved & (2 ** bit))
    let most = this.question.lasts(this.first(still)!)
    for (const edge of edges) {
      if (edge.item !== undefined && !this.question.ignores(edge)) most = longer(most, this.after(edge, still))
    }
    results.set(unmoved, most)
    return most
  }

  private after(edge: Edge, still: readonly Item[]): Costs {
    const first = this.question.lasts(this.first(still)!)
    const mover = still.find(item => item.name === edge.item)
    const passed = mover === undefined ? first : shorter(first, this.question.lasts(mover, edge))
    const end = this.question.endsWith(edge)
    if (end !== undefined) return sum(passed, end)
    const next = this.nodes[edge.to]!
    if (this.isOver(next)) return passed
    let unmoved = 0
    next.items.forEach((item, bit) => {
      if (item.name !== edge.item && still.some(other => other.name === item.name)) unmoved += 2 ** bit
    })
    const anew = sum(passed, this.from(edge.to))
    return unmoved === 0 ? anew : shorter(anew, this.since(edge.to, unmoved))
  }
}
