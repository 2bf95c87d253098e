import type { EventOf } from '../events/event.ts'
import { type OrderState, type StepState, withClock } from '../state.ts'

/** The order by its new rules: they and their calendars stand in the state, so that every later run goes by them. */
export function migrated(state: OrderState, { data }: EventOf<'process.changed'>): OrderState {
  const { calendars: _older, ...rest } = state
  const moved: OrderState = {
    ...rest,
    process: { id: state.process.id, version: data.to },
    definition: data.definition,
    steps: stepsAfter(state, data),
  }
  return data.clocks.reduce((after, { subject, clock }) => withClock(after, subject, clock), moved)
}

function stepsAfter({ steps }: OrderState, { added, removed, owners }: EventOf<'process.changed'>['data']) {
  const kept = Object.entries(steps).filter(([id]) => !removed.includes(id))
  const fresh = added.map(({ id, owner }): [string, StepState] => [
    id,
    { state: 'waiting', round: 1, owner, startedSeq: 0, effect: 'none' },
  ])
  const after = Object.fromEntries([...kept, ...fresh])
  for (const { step, to } of owners) after[step] = { ...after[step]!, owner: to }
  return after
}
