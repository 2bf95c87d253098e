import type { Command, OverrideStatus } from '../core/commands/command.ts'
import { transition } from '../core/decide.ts'
import { isActive } from '../core/order-status.ts'
import type { OrderState } from '../core/state.ts'
import { comesBefore } from '../core/steps/step-graph.ts'
import type { CompiledDefinition, Step } from '../definition/compiled-definition.ts'
import { callerOf, type Identity } from '../permission/caller.ts'
import type { Matrix } from '../permission/permission.ts'

/**
 * A command that would be done now: it can be sent as it is; a `transfer` still needs its `to`, an `amend` its changes, a
 * `split` its parts, some their reason.
 */
export interface AvailableCommand {
  readonly type: Command['type']
  readonly step?: string
  readonly to?: string
  readonly hold?: string
  readonly proposal?: string
  /** Of an override. */
  readonly status?: OverrideStatus
}

/** The commands that the core would not refuse from this person at this time: each is tried, and nothing is done. */
export function availableCommands(
  definition: CompiledDefinition,
  state: OrderState,
  asker: { readonly matrix: Matrix; readonly identity: Identity; readonly at: string },
): AvailableCommand[] {
  if (state.closed !== null) return []
  return candidates(definition, state).filter(candidate => {
    const caller = callerOf(asker.matrix, asker.identity, candidate.type)
    if (caller.allowed.length === 0 && caller.standsInFor === undefined) return false
    const command = {
      ...filledIn,
      ...(candidate.type === 'transfer' && { to: 'role:tried' }),
      ...(candidate.type === 'split' && { parts: oneApart(state) }),
      ...candidate,
    } as Command
    return transition(definition, state, { at: asker.at, type: 'command', command, caller }).ok
  })
}

/** One unit by itself, and the rest: no part where there is but one. */
function oneApart({ lines }: OrderState) {
  const left = lines.map(({ line, ordered, cancelled }) => ({ line, quantity: ordered - cancelled }))
  const first = left.find(({ quantity }) => quantity > 0)?.line ?? 1
  const rest = left.map(({ line, quantity }) => ({ line, quantity: line === first ? quantity - 1 : quantity }))
  return [{ lines: [{ line: first, quantity: 1 }] }, { lines: rest.filter(({ quantity }) => quantity > 0) }]
}

/** What only its sender knows. */
const filledIn = { reason: '-', evidence: '-', changes: { attributes: { tried: true } } }

/**
 * What could be asked for at all, whoever asks. `recompute_deadlines` is not among it: whether it would change anything
 * depends on today's calendars, which no order knows.
 */
function candidates(definition: CompiledDefinition, state: OrderState): AvailableCommand[] {
  const underWay = definition.steps.filter(({ id }) => isActive(state.steps[id]) || state.steps[id]?.undoFailed)
  const orderInReview = Object.values(state.reviews).some(review => review.scope === 'order')
  return [
    ...underWay.flatMap(step => ofStep(definition, step)),
    ...(orderInReview && underWay.length === 0 ? [{ type: 'claim' as const }, { type: 'transfer' as const }] : []),
    ...Object.keys(definition.holds).map(hold => ({ type: 'hold' as const, hold })),
    ...Object.values(state.holds).map(({ type }) => ({ type: 'release' as const, hold: type })),
    ...Object.keys(state.reviews).map(id => ({ type: 'release' as const, hold: `review:${id}` })),
    { type: 'cancel' },
    { type: 'amend' },
    ...definition.steps.map(({ id }) => ({ type: 'rollback' as const, to: id })),
    ...ofWorld.map(status => ({ type: 'override' as const, status })),
    { type: 'void' },
    { type: 'split' },
    ...Object.keys(state.proposals ?? {}).flatMap(proposal => [
      { type: 'confirm' as const, proposal },
      { type: 'decline' as const, proposal },
    ]),
  ]
}

const ofWorld = ['shipped', 'delivered', 'lost', 'written_off', 'reserved', 'paid', 'refunded'] as const
const ofCalls = ['done', 'not_done', 'undone', 'kept'] as const

function ofStep(definition: CompiledDefinition, step: Step): AvailableCommand[] {
  const earlier = definition.steps.filter(({ id }) => id === step.id || comesBefore(definition, id, step.id))
  const about = (['approve', 'reject', 'retry', 'claim', 'transfer', 'skip'] as const).map(type => ({
    type,
    step: step.id,
  }))
  return [
    ...about,
    ...earlier.map(({ id }) => ({ type: 'send_back' as const, step: step.id, to: id })),
    ...ofCalls.map(status => ({ type: 'override' as const, step: step.id, status })),
  ]
}
