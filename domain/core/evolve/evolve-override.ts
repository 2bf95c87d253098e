import { applyEffect } from '../effects/effect.ts'
import type { EventOf } from '../events/event.ts'
import type { OrderState, StepState } from '../state.ts'

/** What the world has done without us is booked, and its step counts as what it is. */
export function overridden(state: OrderState, { data }: EventOf<'override.made'>): OrderState {
  const { step: id, effect, mark } = data
  const booked = effect === undefined ? state : applyEffect(state, effect)
  const step = id === undefined ? undefined : booked.steps[id]
  if (id === undefined || step === undefined || mark === undefined) return booked
  return { ...booked, steps: { ...booked.steps, [id]: markedAs(step, mark, effect) } }
}

function markedAs(step: StepState, mark: 'done' | 'none' | 'undone' | 'kept', effect: StepState['did']): StepState {
  const { did: _did, ...rest } = step
  switch (mark) {
    case 'done':
      return { ...step, effect: 'done', ...(effect === undefined ? {} : { did: effect }) }
    case 'none':
      return { ...rest, effect: 'none' }
    case 'undone':
    case 'kept':
      return { ...step, effect: mark, undoFailed: false }
    default:
      return mark satisfies never
  }
}
