import type { OrderState } from '../../core/state.ts'
import type { ClosedStatus } from '../../status.ts'
import { callMoves } from './call-moves.ts'
import { clockMoves } from './clock-moves.ts'
import { commandMoves, setRightMoves } from './command-moves.ts'
import type { Costs } from './cost.ts'
import { factMoves } from './fact-moves.ts'
import type { Move } from './move.ts'
import { exploredAt, type Setting } from './setting.ts'
import { stateKey } from './state-key.ts'
import { takeMove } from './take-move.ts'
import type { Item } from './waits.ts'

/** A state of the order, as far as the verdict needs it. */
export interface Node {
  readonly closed: ClosedStatus | null
  /** What goes on by itself. */
  readonly items: readonly Item[]
  /** A person or a connector must act; otherwise only the outside world must report something. */
  readonly acting: boolean
  /** Steps that are under way, by their place in the definition. */
  readonly open: readonly number[]
  readonly edges: Edge[]
  /** There are ways on that were not followed, because they would be a second interruption. */
  cut: boolean
  /** How it was reached first. */
  readonly from: { readonly node: number; readonly label: string } | null
}

export interface Edge {
  readonly to: number
  /** A person is told. */
  readonly told: boolean
  /** Can happen whatever the order contains. */
  readonly certain: boolean
  /** What moves by itself; undefined: people or the outside world do. */
  readonly item?: string
  /** Of a ladder's rung: how long it takes at most. */
  readonly wait?: Costs
  /** A rung that is not the ladder's end: the ladder goes on. */
  readonly goesOn?: true
}

export interface Exploration {
  readonly nodes: readonly Node[]
  /** The key of every state that was found. */
  readonly keys: ReadonlyMap<string, number>
  /** False: it was stopped by its bound. */
  readonly complete: boolean
}

/** How often people set an order right by hand. */
const mostSetRight = 1

/**
 * Every state that the core can bring an order to, breadth first, one for each state key. What it leaves out is said in
 * `not-covered.ts`.
 */
export function explore(setting: Setting, mayGoOn: (states: number) => boolean): Exploration {
  const search = new Search(setting)
  const complete = search.run(mayGoOn)
  return { nodes: search.nodes, keys: search.known, complete }
}

class Search {
  readonly nodes: Node[] = []
  readonly known = new Map<string, number>()
  private readonly setting: Setting
  private readonly found: { state: OrderState | null; readonly from: Node['from'] }[] = []
  private readonly telling = new Set<string>()

  constructor(setting: Setting) {
    this.setting = setting
  }

  /** False: it was stopped. */
  run(mayGoOn: (states: number) => boolean): boolean {
    const start = { type: 'start', at: exploredAt, order: this.setting.orders.with({}) } as const
    for (const { state } of takeMove(this.setting, null, start)) this.visit(state, null)
    for (let setRight = 0, from = 0; ; setRight++) {
      for (let index = from; index < this.found.length; index++) {
        if (!mayGoOn(this.found.length)) return false
        this.expand(index, setRight > 0)
      }
      if (setRight === mostSetRight) return true
      // What is set right mostly comes to where orders come anyway: only what is new has ways on of its own.
      const to = this.found.length
      for (let index = from; index < to; index++) {
        const { state } = this.found[index]!
        if (state?.closed === null) this.takeAll(index, state, setRightMoves(this.setting, state))
        this.found[index]!.state = null
      }
      from = to
    }
  }

  private visit(state: OrderState, from: Node['from']): number {
    const key = stateKey(this.setting, state)
    const before = this.known.get(key)
    if (before !== undefined) return before
    this.known.set(key, this.found.length)
    return this.found.push({ state, from }) - 1
  }

  private expand(index: number, isSetRight: boolean): void {
    const { state, from } = this.found[index]!
    if (state === null) return
    // What is at the end of the search is not needed any more.
    if (isSetRight) this.found[index]!.state = null
    if (state.closed !== null) {
      this.nodes.push({ closed: state.closed.status, items: [], acting: false, open: [], edges: [], cut: false, from })
      return
    }
    const { setting } = this
    this.nodes.push({
      closed: null,
      items: setting.waits.items(state),
      ...situation(setting, state),
      edges: [],
      cut: false,
      from,
    })
    this.takeAll(index, state, movesOf(setting, state, isSetRight))
  }

  private takeAll(index: number, state: OrderState, moves: readonly Move[]): void {
    const most = Math.max(1, interruptions(state))
    for (const move of moves) this.take(index, move, most)
  }

  private take(index: number, move: Move, mostInterruptions: number): void {
    const node = this.nodes[index]!
    const { item, rung, certain, label } = move
    const edge = {
      certain,
      ...(item !== undefined && { item }),
      ...(rung !== undefined && { wait: rung.wait, ...(!rung.last && { goesOn: true as const }) }),
    }
    // It has been seen to change nothing but that somebody is told.
    if (rung?.tells !== undefined && this.telling.has(rung.tells)) {
      node.edges.push({ ...edge, to: index, told: true })
      return
    }
    for (const after of takeMove(this.setting, move.state, move.input)) {
      if (item === undefined && interruptions(after.state) > mostInterruptions) {
        node.cut = true
        continue
      }
      const to = this.visit(after.state, { node: index, label })
      if (rung?.tells !== undefined && to === index && after.told) this.telling.add(rung.tells)
      if (to !== index || rung !== undefined) node.edges.push({ ...edge, to, told: after.told })
    }
  }
}

function movesOf(setting: Setting, state: OrderState, isSetRight: boolean): Move[] {
  const calls = callMoves(state, isSetRight)
  // Where it has been set right by hand nothing else disturbs it, and what is done or reported is all of it.
  const free = state.compensation === null && interruptions(state) === 0 && !isSetRight
  // Where the order cannot go on its way, what is under way comes back before anything else happens: it would not
  // come back otherwise afterwards.
  if (!free && calls.length > 0) return calls.filter(({ item }) => item === calls[0]!.item)
  return [
    ...calls,
    ...clockMoves(setting, state),
    ...factMoves(setting, state, free, !isSetRight),
    ...commandMoves(setting, state, free),
  ]
}

/** What keeps an order from going its way; explored one at a time. */
function interruptions(state: OrderState): number {
  return (
    (Object.keys(state.holds).length > 0 ? 1 : 0) +
    (state.compensation?.goal.kind === 'rewind' || hasKept(state) ? 1 : 0) +
    (state.earlyFacts.length > 0 ? 1 : 0) +
    (Object.values(state.reviews).some(review => review.scope === 'order') ? 1 : 0)
  )
}

function hasKept(state: OrderState): boolean {
  for (const id in state.steps) if (state.steps[id]!.effect === 'kept') return true
  return false
}

function situation({ definition }: Setting, state: OrderState): Pick<Node, 'acting' | 'open'> {
  const open: number[] = []
  let acting =
    Object.keys(state.reviews).length > 0 ||
    Object.keys(state.holds).length > 0 ||
    Object.values(state.calls).some(call => call.kind !== 'check')
  definition.steps.forEach((step, index) => {
    const phase = state.steps[step.id]!.state
    if (phase !== 'active' && phase !== 'partial' && phase !== 'failed') return
    open.push(index)
    if (step.kind === 'task' || phase === 'failed') acting = true
  })
  return { acting, open }
}
