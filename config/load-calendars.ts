import { calendarSchema } from '../domain/calendar/calendar-definition.ts'
import { type CompiledCalendar, compileCalendar } from '../domain/calendar/compile-calendar.ts'
import { officialProblems } from '../domain/calendar/official-days.ts'
import { officialCalendars } from './official-days.ts'
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
    const problems = officialProblems(calendar, officialCalendars)
    for (const { path, message } of problems) folder.problem(name, read.lineOf(path), `${path.join('.')}: ${message}`)
    if (problems.length === 0) calendars[calendar.id] = compileCalendar(calendar, officialCalendars)
  }
  return calendars
}
