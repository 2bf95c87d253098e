import chineseDays from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import type { OfficialCalendars, OfficialDays } from '../domain/calendar/official-days.ts'

/** Each order carries these, so only the last year that is known and the one before, which may still be going on. */
const yearsKept = 2

/**
 * The days that countries announce, from libraries that are kept up to date: `npm update chinese-days` brings in the
 * next year. Read when calendars are loaded, never in the core: orders carry what they were placed with.
 */
export const officialCalendars: OfficialCalendars = {
  china: announcedInChina(Object.keys(chineseDays.holidays), Object.keys(chineseDays.workdays)),
}

/** China's State Council announces a year at a time, in the autumn before. */
export function announcedInChina(holidays: readonly string[], workdays: readonly string[]): OfficialDays {
  // The days around New Year belong to one announcement: a year counts as known once its National Day is.
  const years = holidays.filter(date => date.endsWith('-10-01')).map(date => Number(date.slice(0, 4)))
  const last = Math.max(...years)
  const kept = (dates: readonly string[]) =>
    dates.filter(date => date > `${last - yearsKept}-12-31` && date <= `${last}-12-31`).sort()
  return { holidays: kept(holidays), makeUpDays: kept(workdays), horizon: `${last}-12-31` }
}
