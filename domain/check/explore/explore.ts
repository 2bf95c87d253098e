import type { OrderState } from '../../core/state.ts'
import type { ClosedStatus } from '../../status.ts'
import { callMoves } from './call-moves.ts'
import { clockMoves } from './clock-moves.ts'
import { commandMoves } from './command-moves.ts'
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
  readonly edges: readonly Edge[]
  /** There are ways on that were not followed, because they would be a second interruption. */
  readonly cut: boolean
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

/**
 * Every state that the core can bring an order to, breadth first, one for each state key. What it leaves out is said in
 * `not-covered.ts`.
 */
export function explore(setting: Setting, mayGoOn: (states: number) => boolean): Exploration {
  const nodes: Node[] = []
  const found: { state: OrderState | null; readonly from: Node['from'] }[] = []
  const known = new Map<string, number>()
  const visit = (state: OrderState, from: Node['from']): number => {
    const key = stateKey(setting, state)
    const before = known.get(key)
    if (before !== undefined) return before
    known.set(key, found.length)
    return found.push({ state, from }) - 1
  }
  const start = { type: 'start', at: exploredAt, order: setting.orders.with({}) } as const
  for (const { state } of takeMove(setting, null, start)) visit(state, null)
  const telling = new Set<string>()
  for (let index = 0; index < found.length; index++) {
    if (!mayGoOn(found.length)) return { nodes, keys: known, complete: false }
    const { state, from } = found[index]!
    nodes.push(expand(setting, state!, index, from, visit, telling))
    found[index]!.state = null
  }
  return { nodes, keys: known, complete: true }
}

function expand(
  setting: Setting,
  state: OrderState,
  index: number,
  from: Node['from'],
  visit: (state: OrderState, from: Node['from']) => number,
  telling: Set<string>,
): Node {
  if (state.closed !== null)
    return { closed: state.closed.status, items: [], acting: false, open: [], edges: [], cut: false, from }
  const edges: Edge[] = []
  let cut = false
  const interrupted = Math.max(1, interruptions(state))
  for (const move of movesOf(setting, state)) {
    const { item, rung, certain, label } = move
    const edge = {
      certain,
      ...(item !== undefined && { item }),
      ...(rung !== undefined && { wait: rung.wait, ...(!rung.last && { goesOn: true as const }) }),
    }
    // It has been seen to change nothing but that somebody is told.
    if (rung?.tells !== undefined && telling.has(rung.tells)) {
      edges.push({ ...edge, to: index, told: true })
      continue
    }
    for (const after of takeMove(setting, move.state, move.input)) {
      if (item === undefined && interruptions(after.state) > interrupted) {
        cut = true
        continue
      }
      const to = visit(after.state, { node: index, label })
      if (rung?.tells !== undefined && to === index && after.told) telling.add(rung.tells)
      if (to !== index || rung !== undefined) edges.push({ ...edge, to, told: after.told })
    }
  }
  return { closed: null, items: setting.waits.items(state), ...situation(setting, state), edges, cut, from }
}

function movesOf(setting: Setting, state: OrderState): Move[] {
  const calls = callMoves(state)
  const free = state.compensation === null && interruptions(state) === 0
  // Where the order cannot go on its way, what is under way comes back before anything else happens: it would not
  // come back otherwise afterwards.
  if (!free && calls.length > 0) return calls.filter(({ item }) => item === calls[0]!.item)
  return [
    ...calls,
    ...clockMoves(setting, state),
    ...factMoves(setting, state, free),
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
