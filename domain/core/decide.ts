import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import { advance } from './advance.ts'
import { withRulingCalendars } from './clock/ruling-calendars.ts'
import { takeMember } from './commands/merge.ts'
import { dropStale } from './commands/proposals.ts'
import { cancelOrder } from './effects/compensate.ts'
import type { Event } from './events/event.ts'
import type { Input, Refusal } from './input.ts'
import { takeBegun } from './inputs/take-begun.ts'
import { takeCall } from './inputs/take-call.ts'
import { takeClock } from './inputs/take-clock.ts'
import { takeCommand } from './inputs/take-command.ts'
import { takeFact } from './inputs/take-fact.ts'
import { takeMerge } from './inputs/take-merge.ts'
import { takeNotice } from './inputs/take-notice.ts'
import { takeRestored } from './inputs/take-restored.ts'
import type { OrderState } from './state.ts'
import { emit, type Turn } from './turn.ts'

/** What an input led to: its events and the state after them, or why it was refused. */
export type Decision = { readonly ok: true; readonly events: readonly Event[]; readonly state: OrderState } | Refusal

/** What happens because of this input, at `input.at`. Pure: the same arguments give the same events. */
export function decide(
  definition: CompiledDefinition,
  state: OrderState | null,
  input: Input,
): readonly Event[] | Refusal {
  const decision = transition(definition, state, input)
  return decision.ok ? decision.events : decision
}

/** `decide` together with the fold of its events, which it needs anyway. */
export function transition(definition: CompiledDefinition, state: OrderState | null, input: Input): Decision {
  if (input.type === 'start') return state === null ? start(definition, input) : { ok: true, events: [], state }
  if (state === null) throw new TypeError(`an order begins with start, not with ${input.type}`)
  const ruling = withRulingCalendars(definition, state)
  const turn: Turn = { definition: ruling, at: input.at, actor: actorOf(input, state), events: [], state }
  const refusal = take(turn, input)
  if (refusal !== undefined) return refusal
  advance(turn)
  dropStale(turn)
  return { ok: true, events: turn.events, state: turn.state }
}

function take(turn: Turn, input: Exclude<Input, { type: 'start' }>): Refusal | undefined {
  switch (input.type) {
    case 'command':
      return takeCommand(turn, input.command, input.caller)
    case 'fact':
      return takeFact(turn, input.fact)
    case 'result':
      takeCall(turn, input.call, input.outcome)
      return
    case 'notice':
      takeNotice(turn, input.notice, input.outcome)
      return
    case 'begun':
      takeBegun(turn, input.orders)
      return
    case 'merge':
      return takeMerge(turn, input.message)
    case 'member':
      takeMember(turn, input.orderNo, input.kind, input.answer)
      return
    case 'clock':
      takeClock(turn)
      return
    case 'restored':
      takeRestored(turn, input)
      return
    case 'cancellation':
      if (turn.state.closed !== null) return
      if (input.reason !== undefined) turn.reason = input.reason
      cancelOrder(turn, 'the workflow was asked to cancel')
      return
    default:
      input satisfies never
  }
}

function actorOf(input: Exclude<Input, { type: 'start' }>, state: OrderState): string {
  switch (input.type) {
    case 'command':
      return input.caller.actor
    case 'fact':
      return `fact:${input.fact.source}`
    case 'result': {
      const call = state.calls[`${input.call.step}/${input.call.round}/${input.call.kind}`]
      return `call:${call?.operation ?? input.call.step}`
    }
    case 'notice':
      return 'notice'
    case 'begun':
      return 'call:orders.begin'
    case 'merge':
      return `order:${input.message.merge.split('/')[0]}`
    case 'member':
      return `order:${input.orderNo}`
    case 'clock':
      return 'clock'
    case 'restored':
      return input.by
    case 'cancellation':
      return 'temporal'
    default:
      return input satisfies never
  }
}

function start(definition: CompiledDefinition, input: Extract<Input, { type: 'start' }>): Decision {
  const turn = {
    definition,
    at: input.at,
    actor: input.order.placedBy,
    events: [],
    state: null,
  } as unknown as Turn
  emit(turn, 'order.received', {
    order: input.order,
    process: { id: definition.id, version: definition.version },
    flow: definition.flow,
    steps: definition.steps.map(({ id, owner }) => ({ id, owner })),
  })
  advance(turn)
  return { ok: true, events: turn.events, state: turn.state }
}
