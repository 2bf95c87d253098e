import type { Calendars } from '../../domain/core/ruling-calendars.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { Problem } from '../http/problem.ts'

/** Today's calendars, of those that an order goes by. @throws Problem if one of them is no longer there */
export function todayCalendars(calendars: Calendars, definition: Pick<CompiledDefinition, 'calendars'>): Calendars {
  return Object.fromEntries(
    Object.keys(definition.calendars).map(id => {
      const calendar = Object.hasOwn(calendars, id) ? calendars[id] : undefined
      if (calendar !== undefined) return [id, calendar]
      throw new Problem('not_applicable', `the calendar "${id}", which the order goes by, is not loaded any more`)
    }),
  )
}
