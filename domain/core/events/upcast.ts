import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import type { OrderState } from '../state.ts'
import type { Event } from './event.ts'

/*
 * Orders run for weeks and journals are kept for years: what earlier code has written is lifted to today's shape before
 * it is used. A field or event type that is renamed or dropped, or means something else, needs an upcaster here and new
 * golden files (docs/guide/releases.md); one that is added, and may be absent, needs neither.
 */

type Json = Readonly<Record<string, unknown>>
type Upcaster = (old: Json) => Json

/** From each schema version of the state to the next: the first entry lifts a state of version 1. */
const stateUpcasters: readonly Upcaster[] = []

/** By the type that the journal has: lifts one event, of whatever age, one step. Lifting what is lifted changes nothing. */
const eventUpcasters: Readonly<Record<string, Upcaster>> = {
  'process.changed': event => {
    const data = event.data as { readonly definition: object }
    return { ...event, data: { ...data, definition: upcastDefinition(data.definition) } }
  },
}

/** Each lifts a definition of whatever age one step; lifting what is lifted changes nothing. */
const definitionUpcasters: readonly Upcaster[] = []

/** Of the states that this code writes. */
export const stateSchemaVersion = 1 satisfies OrderState['schemaVersion']

/** @throws Error if the state was written by newer code: an order must not go on with what it may misunderstand. */
export function upcastState(state: { readonly schemaVersion: number }): OrderState {
  const lifted = liftState(state, stateUpcasters, stateSchemaVersion)
  // The version that it was moved to is a snapshot, too.
  return lifted.definition === undefined ? lifted : { ...lifted, definition: upcastDefinition(lifted.definition) }
}

export function upcastEvent(event: { readonly type: string }): Event {
  return liftEvent(event, eventUpcasters)
}

export function upcastEvents(events: readonly { readonly type: string }[]): readonly Event[] {
  return events.map(upcastEvent)
}

/** The snapshot that an order was started with. */
export function upcastDefinition(definition: object): CompiledDefinition {
  return definitionUpcasters.reduce<object>((older, upcast) => upcast(older as Json), definition) as CompiledDefinition
}

export function liftState(
  state: { readonly schemaVersion: number },
  upcasters: readonly Upcaster[],
  wanted: number,
): OrderState {
  const { schemaVersion } = state
  if (schemaVersion > wanted) {
    throw new Error(`a state of schema version ${schemaVersion} is newer than this code, which knows up to ${wanted}`)
  }
  if (schemaVersion === wanted) return state as OrderState
  const lifted = upcasters.slice(schemaVersion - 1).reduce<Json>((older, upcast) => upcast(older), state)
  return { ...lifted, schemaVersion: wanted } as unknown as OrderState
}

export function liftEvent(event: { readonly type: string }, upcasters: Readonly<Record<string, Upcaster>>): Event {
  let lifted: { readonly type: string } = event
  for (;;) {
    const upcast = Object.hasOwn(upcasters, lifted.type) ? upcasters[lifted.type] : undefined
    if (upcast === undefined) return lifted as Event
    const next = upcast(lifted) as { readonly type: string }
    // A new name may itself have been renamed since.
    if (next.type === lifted.type) return next as Event
    lifted = next
  }
}
