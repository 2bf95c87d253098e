import type { Lead, Member } from '../commands/merging.ts'
import type { EventOf, EventType } from '../events/event.ts'
import type { mergeEvents } from '../events/merge-events.ts'
import type { OrderState } from '../state.ts'

type MergeEvent = EventOf<keyof typeof mergeEvents & EventType>

export function evolveMerge(state: OrderState, event: MergeEvent): OrderState {
  switch (event.type) {
    case 'merge.asked': {
      const { others, ...data } = event.data
      const members = Object.fromEntries(others.map(orderNo => [orderNo, { stands: 'asked' as const }]))
      return { ...state, merging: { role: 'lead', phase: 'asking', members, ...data } }
    }
    case 'merge.agreed':
      return { ...state, merging: { role: 'member', phase: 'agreed', ...event.data } }
    case 'merge.member':
      return state.merging?.role === 'lead' ? stands(state, state.merging, event) : state
    case 'merge.decided': {
      if (state.merging === undefined) return state
      const merging = { ...state.merging, phase: 'undoing' as const, lapsesAt: event.data.lapsesAt }
      if (merging.role === 'member') return { ...state, merging }
      return { ...state, merging, successors: { phase: 'undoing', parts: [], since: event.at } }
    }
    case 'merge.ready':
      return asMember(state, { phase: 'ready' })
    case 'merge.begun':
      return asMember(state, { phase: 'begun', into: event.data.into })
    case 'merge.overdue':
      return state.merging === undefined
        ? state
        : { ...state, merging: { ...state.merging, lapsesAt: event.data.lapsesAt } }
    case 'merge.released': {
      const { merging, successors: _successors, ...rest } = state
      if (merging?.role !== 'lead') return rest
      return { ...rest, merging: { ...merging, phase: 'releasing' } }
    }
    default:
      return event satisfies never
  }
}

function asMember(state: OrderState, change: Partial<Member>): OrderState {
  return state.merging?.role === 'member' ? { ...state, merging: { ...state.merging, ...change } } : state
}

/** A merge that has come to nothing is over once everybody knows. */
function stands(state: OrderState, merging: Lead, { data }: EventOf<'merge.member'>): OrderState {
  const before = merging.members[data.member]
  const member = { ...before, stands: data.stands, ...(data.share && { share: data.share }) }
  const members = { ...merging.members, [data.member]: member }
  if (merging.phase === 'releasing' && Object.values(members).every(other => other.stands === 'left')) {
    const { merging: _merging, ...rest } = state
    return rest
  }
  return { ...state, merging: { ...merging, members } }
}
