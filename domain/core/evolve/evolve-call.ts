import { applyEffect } from '../effects/effect.ts'
import type { EventOf } from '../events/event.ts'
import { callId, type OrderState, type StepState, without } from '../state.ts'

type CallEvent = EventOf<'call.started' | 'call.succeeded' | 'call.failed' | 'call.cancelling'>

/** What the events of a call do to the calls in flight, to its step's effect and to the quantities and money. */
export function evolveCall(state: OrderState, event: CallEvent): OrderState {
  const id = callId(event.data)
  const step = state.steps[event.data.step]
  if (step === undefined) throw new TypeError(`event ${event.seq} names an unknown step "${event.data.step}"`)
  const ended = (change: Partial<StepState>): OrderState => ({
    ...state,
    calls: without(state.calls, id),
    steps: { ...state.steps, [event.data.step]: { ...step, ...change } },
  })
  switch (event.type) {
    case 'call.started': {
      const { data } = event
      return { ...state, calls: { ...state.calls, [id]: { ...data, startedAt: event.at } } }
    }
    case 'call.cancelling': {
      const call = state.calls[id]
      if (call === undefined) return state
      return { ...state, calls: { ...state.calls, [id]: { ...call, cancelling: event.data.because } } }
    }
    case 'call.succeeded': {
      const { kind, effect } = event.data
      if (kind === 'check') return ended({})
      if (kind === 'undo') return applyEffect(ended({ effect: 'undone', undoFailed: false }), effect)
      return applyEffect(ended({ effect: 'done', did: effect }), effect)
    }
    case 'call.failed': {
      const { kind, certainty } = event.data
      if (kind === 'check') return ended({})
      if (kind === 'undo') return ended({ undoFailed: true })
      if (certainty === 'not_done' || step.effect !== 'none') return ended({})
      const { amountMinor, lines } = state.calls[id]?.input ?? {}
      return ended({
        effect: 'unknown',
        did: { effect: 'none', ...(amountMinor && { amountMinor }), ...(lines && { lines }) },
      })
    }
    default:
      return event satisfies never
  }
}
