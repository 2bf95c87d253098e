import type { CompiledDefinition, Step } from '../definition/compiled-definition.ts'
import type { Event, EventData, EventType } from './events/event.ts'
import { evolve } from './evolve/evolve.ts'
import type { OrderState, StepState } from './state.ts'

/**
 * One decision in the making: the events so far and the state they lead to. It lives inside `decide` only;
 * from outside, `decide` is a pure function of its arguments.
 */
export interface Turn {
  /** With the calendars that rule the order. */
  definition: CompiledDefinition
  readonly at: string
  /** Whose doing it is: of a command that was confirmed, of the one who asked for it. */
  actor: string
  readonly events: Event[]
  state: OrderState
  reason?: string
  command?: string
  /** By which version of the matrix the command was judged. */
  matrix?: string
  /** A second person has confirmed it. */
  confirmed?: true
  /** Place of the first consequence of the command among the events. */
  marksAt?: number
}

export function emit<T extends EventType>(turn: Turn, type: T, data: EventData<T>, actor: string = turn.actor): void {
  const marks = turn.events.length === (turn.marksAt ?? 0)
  const event = {
    seq: (turn.state?.seq ?? 0) + 1,
    at: turn.at,
    type,
    actor,
    ...(marks ? marksOf(turn) : undefined),
    data,
  } as unknown as Event
  turn.events.push(event)
  turn.state = evolve(turn.state, event)
}

/** On the first consequence of a command alone. */
function marksOf({ reason, command, matrix }: Turn): Pick<Event, 'reason' | 'command' | 'matrix'> {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(command === undefined ? {} : { command }),
    ...(matrix === undefined ? {} : { matrix }),
  }
}

export function stepNamed(definition: CompiledDefinition, id: string): Step | undefined {
  return definition.steps.find(step => step.id === id)
}

export function stepState(turn: Turn, id: string): StepState {
  const state = turn.state.steps[id]
  if (state === undefined) throw new TypeError(`the order has no step "${id}"`)
  return state
}
