import type { EventOf } from '../events/event.ts'
import { type OrderState, type StepState, withClock } from '../state.ts'

type StepEvent = EventOf<
  | 'step.entered'
  | 'step.completed'
  | 'step.rejected'
  | 'step.skipped'
  | 'step.partial'
  | 'step.failed'
  | 'step.withdrawn'
  | 'step.retried'
  | 'step.reopened'
  | 'step.reset'
  | 'step.transferred'
  | 'step.claimed'
>

/** What the events of a step do to it and to its ladder. */
export function evolveStep(state: OrderState, event: StepEvent): OrderState {
  const id = event.data.step
  const step = state.steps[id]
  if (step === undefined) throw new TypeError(`event ${event.seq} names an unknown step "${id}"`)
  const put = (change: Partial<StepState>): OrderState => ({
    ...state,
    steps: { ...state.steps, [id]: { ...step, ...change } },
  })
  const subject = `step:${id}`
  switch (event.type) {
    case 'step.entered': {
      const { round, owner, clock } = event.data
      const { error: _error, doneBy: _doneBy, ...rest } = step
      const entered: StepState = {
        ...rest,
        state: 'active',
        round,
        owner,
        enteredAt: event.at,
        startedSeq: step.startedSeq === 0 || step.round !== round ? event.seq : step.startedSeq,
      }
      return withClock({ ...state, steps: { ...state.steps, [id]: entered } }, subject, clock)
    }
    case 'step.completed':
      return withClock(put({ state: 'done', doneBy: event.actor }), subject, null)
    case 'step.rejected':
      return put({ doneBy: event.actor })
    case 'step.skipped':
      return withClock(put({ state: 'skipped', doneBy: event.actor }), subject, null)
    case 'step.partial':
      return withClock(put({ state: 'partial' }), subject, event.data.clock)
    case 'step.failed':
      return withClock(put({ state: 'failed', error: event.data.message }), subject, null)
    case 'step.withdrawn':
      return withClock(put({ state: 'withdrawn' }), subject, null)
    case 'step.retried':
      if (event.data.what === 'undo') return put({ undoFailed: false })
      return event.data.what === 'keep' ? put({ effect: 'kept', undoFailed: false }) : state
    case 'step.reopened': {
      // What it has done stays done: there is more to do.
      const { owner, effect, did, startedSeq } = step
      const { round } = event.data
      const begun = round === step.round ? startedSeq : 0
      const reopened: StepState = { state: 'waiting', round, owner, startedSeq: begun, effect, ...(did && { did }) }
      return { ...state, steps: { ...state.steps, [id]: reopened } }
    }
    case 'step.reset': {
      const { owner, effect, did } = step
      // What could not be taken back is still there in the new round.
      const kept = effect === 'kept' ? { effect, ...(did && { did }) } : { effect: 'none' as const }
      const reset: StepState = { state: 'waiting', round: event.data.round, owner, startedSeq: 0, ...kept }
      return withClock({ ...state, steps: { ...state.steps, [id]: reset } }, subject, null)
    }
    case 'step.transferred':
    case 'step.claimed': {
      const { pool: _pool, ...rest } = step
      const { from, to } = event.data
      const owned: StepState = { ...rest, owner: to, ...(event.type === 'step.claimed' && { pool: from }) }
      return { ...state, steps: { ...state.steps, [id]: owned } }
    }
    default:
      return event satisfies never
  }
}
