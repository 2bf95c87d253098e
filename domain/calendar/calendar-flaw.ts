import type { CompiledCalendar } from './compile-calendar.ts'
import { dayNumber } from './day.ts'

/*
 * Whether something is a compiled calendar, by hand: it is asked inside workflows, where no schema library is loaded.
 * Whatever passes can be counted with; anything else would throw, or go on for ever, in the midst of a decision.
 */

/** What is wrong with it; undefined: nothing. */
export function calendarFlaw(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is no object'
  const { id, title, timeZone, horizon, horizonAt, dayMs, weekly, special, offsets } =
    value as Partial<CompiledCalendar>
  if (!isName(id) || !isName(timeZone)) return 'id and timeZone are texts of at most 80 characters'
  if (!isName(title?.en) || !isName(title.zh)) return 'title is {en, zh}'
  if (!isName(horizon) || dayNumber(horizon) === undefined) return 'horizon is a date'
  if (!isName(horizonAt) || !(Math.abs(Date.parse(horizonAt) - Date.parse(horizon)) < 3 * 86_400_000)) {
    return 'horizonAt is when the horizon ends'
  }
  if (!isWhole(dayMs) || dayMs < 1 || dayMs > 86_400_000) return 'dayMs is the length of a working day'
  if (!isList(weekly) || weekly.length !== 7 || !weekly.every(shifts => areShifts(shifts)))
    return 'weekly is seven days'
  if (weekly.every(shifts => shifts.length === 0)) return 'there is no working minute in the week'
  if (!isList(special) || !special.every(day => isList(day) && isWhole(day[0]) && areShifts(day.slice(1)))) {
    return 'special is a list of days with their shifts'
  }
  if (!isRising(special.map(day => day[0]!))) return 'the special days come in order, each once'
  if (!isList(offsets) || offsets.length === 0 || !offsets.every(isOffset))
    return 'offsets is a list of [from, minutes]'
  return isRising(offsets.map(([from]) => from)) ? undefined : 'the offsets come in order'
}

function areShifts(value: unknown): boolean {
  return isList(value) && value.length % 2 === 0 && value.every(isMinuteOfDay) && isRising(value as number[])
}

function isMinuteOfDay(value: unknown): boolean {
  return isWhole(value) && value >= 0 && value <= 1440
}

function isOffset(value: unknown): boolean {
  return isList(value) && value.length === 2 && isWhole(value[0]) && isWhole(value[1]) && Math.abs(value[1]) < 1440
}

function isRising(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > values[index - 1]!)
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 80
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= 2000
}
