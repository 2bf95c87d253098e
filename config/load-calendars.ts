import { calendarSchema } from '../domain/calendar/calendar-definition.ts'
import { type CompiledCalendar, compileCalendar } from '../domain/calendar/compile-calendar.ts'
import type { ProcessesFolder } from './processes-folder.ts'

/** `calendars/*.yaml`, compiled with this machine's time-zone data, by their id. */
export function loadCalendars(folder: ProcessesFolder): Record<string, CompiledCalendar> {
  const calendars: Record<string, CompiledCalendar> = {}
  for (const name of folder.names('calendars')) {
    const read = folder.yaml(name)
    const calendar = read && folder.shaped(name, read, calendarSchema)
    if (read === undefined || calendar === undefined) continue
    if (Object.hasOwn(calendars, calendar.id)) {
      folder.problem(name, read.lineOf(['id']), `another file has a calendar "${calendar.id}" already`)
      continue
    }
    calendars[calendar.id] = compileCalendar(calendar)
  }
  return calendars
}
