import type { CompiledCalendar } from '../../calendar/compile-calendar.ts'
import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import type { OrderState } from '../state.ts'

export type Calendars = Readonly<Record<string, CompiledCalendar>>

/** The state changes with every event, the calendars in it hardly ever: what is made of them is kept by identity. */
const known = new WeakMap<Calendars, { readonly of: CompiledDefinition; readonly ruling: CompiledDefinition }>()

/**
 * The definition as it rules this order now: the one that a `migrate` has put in the place of that which the order was
 * placed with, with the calendars that a `recompute_deadlines` has since put in the place of its own.
 */
export function withRulingCalendars(placedWith: CompiledDefinition, state: OrderState): CompiledDefinition {
  const { calendars, definition = placedWith } = state
  if (calendars === undefined) return definition
  const kept = known.get(calendars)
  // What has been ruled already is ruled by itself.
  if (kept?.of === definition || kept?.ruling === definition) return kept.ruling
  const ruling = { ...definition, calendars: { ...definition.calendars, ...calendars } }
  known.set(calendars, { of: definition, ruling })
  return ruling
}
