import type { CalendarDefinition } from './calendar-definition.ts'

/*
 * What a country announces of its own: holidays, and the days worked in their stead. A calendar that says `official`
 * takes them over, and is known as far as they are; its own dates come on top, and win.
 */

/** Written like `2026-10-01`. */
export interface OfficialDays {
  readonly holidays: readonly string[]
  readonly makeUpDays: readonly string[]
  /** The last day of the last year that has been announced. */
  readonly horizon: string
}

/** By the name that a calendar uses for `official`. */
export type OfficialCalendars = Readonly<Record<string, OfficialDays>>

/** The calendar with those days in it. @throws RangeError if it has `officialProblems`: the loader asks first. */
export function withOfficialDays(
  { official, ...own }: CalendarDefinition,
  known: OfficialCalendars,
): Omit<CalendarDefinition, 'official' | 'horizon'> & { readonly horizon: string } {
  const announced = official === undefined ? undefined : known[official]
  const horizon = own.horizon ?? announced?.horizon
  if (horizon === undefined) throw new RangeError(`the calendar "${own.id}" has no horizon`)
  if (announced === undefined) return { ...own, horizon }
  const said = new Set([...own.holidays, ...own.makeUpDays].map(day => day.date))
  const unsaid = (dates: readonly string[]) => dates.filter(date => !said.has(date)).map(date => ({ date }))
  return {
    ...own,
    horizon,
    holidays: [...own.holidays, ...unsaid(announced.holidays)],
    makeUpDays: [...own.makeUpDays, ...unsaid(announced.makeUpDays)],
  }
}

/** What is wrong with a calendar that only those who know the official days can tell. */
export function officialProblems(
  { official, horizon, holidays, makeUpDays }: CalendarDefinition,
  known: OfficialCalendars,
): { readonly path: PropertyKey[]; readonly message: string }[] {
  if (official === undefined) return []
  const announced = Object.hasOwn(known, official) ? known[official] : undefined
  if (announced === undefined) {
    const names = Object.keys(known).join(', ')
    return [{ path: ['official'], message: `no official days are known by this name; known are: ${names}` }]
  }
  if (horizon !== undefined) {
    if (horizon >= announced.horizon) return []
    return [{ path: ['horizon'], message: `the official days are known up to ${announced.horizon}: leave it out` }]
  }
  const lists = { holidays, makeUpDays }
  return Object.entries(lists).flatMap(([list, days]) =>
    days.flatMap(({ date }, index) => {
      if (date <= announced.horizon) return []
      const message = `${date} lies past what is officially known, ${announced.horizon}: state the horizon up to which this calendar is complete`
      return [{ path: [list, index, 'date'], message }]
    }),
  )
}
