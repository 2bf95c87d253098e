import { type Duration, wallMs } from '../parse-duration.ts'
import { type CalendarIndex, indexOf, workedBeforeDay } from './calendar-index.ts'
import type { CompiledCalendar } from './compile-calendar.ts'
import { dayLengthMs, weekdayOf } from './day.ts'

/*
 * Deadlines in working time. Pure arithmetic on the compiled calendar: no clock, no time-zone data of the machine.
 * Before 2015 and past the years that the calendar was compiled for, the week goes on with the nearest known offset.
 */

/** No deadline is set later: up to here ISO strings sort as the instants they name. */
export const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

export interface Deadline {
  readonly at: string
  /** Past the calendar's horizon, where holidays are not known yet. */
  readonly provisional: boolean
}

/**
 * The instant at which that much working time has passed since `from`; a duration of the wall clock is simply added
 * and never provisional.
 * @throws RangeError if `from` is not a time.
 */
export function addWorking(calendar: CompiledCalendar, from: string, duration: Duration): Deadline {
  const fromMs = Date.parse(from)
  if (Number.isNaN(fromMs)) throw new RangeError(`not a time: ${from}`)
  if (duration.wall) {
    return { at: new Date(Math.min(fromMs + wallMs(duration), latestMs)).toISOString(), provisional: false }
  }
  const atMs = addWorkingMs(calendar, fromMs, durationMs(calendar, duration))
  const at = new Date(atMs).toISOString()
  return { at, provisional: at > calendar.horizonAt }
}

/** How long a duration is: in working time, where a day is one of the calendar's, or by the wall clock if it says so. */
export function durationMs(calendar: CompiledCalendar, duration: Duration): number {
  return duration.wall ? wallMs(duration) : duration.days * calendar.dayMs + duration.ms
}

/** The first instant by which `workingMs` have been worked since `fromMs`; `fromMs` itself for nothing or less. */
export function addWorkingMs(calendar: CompiledCalendar, fromMs: number, workingMs: number): number {
  if (workingMs <= 0) return fromMs
  const index = indexOf(calendar)
  return Math.max(fromMs, Math.min(firstInstant(index, workedBefore(index, fromMs) + workingMs), latestMs))
}

/** Working time between two instants, in ms; 0 if the second is not the later one. */
export function workingBetween(calendar: CompiledCalendar, fromMs: number, toMs: number): number {
  if (!(toMs > fromMs)) return 0
  const index = indexOf(calendar)
  return workedBefore(index, toMs) - workedBefore(index, fromMs)
}

function workedBefore(index: CalendarIndex, at: number): number {
  const position = lastNotAfter(index.starts, at)
  const segment = index.segments[position]!
  if (segment.shifts !== undefined) return index.workedBefore[position]! + workedIn(segment.shifts, at)
  const local = at + segment.offsetMs
  const day = Math.floor(local / dayLengthMs)
  const shifts = index.week.shifts[weekdayOf(day)]!
  return segment.base + workedBeforeDay(index.week, day) + workedIn(shifts, local - day * dayLengthMs)
}

/** The earliest instant before which that much work lies. */
function firstInstant(index: CalendarIndex, worked: number): number {
  const position = lastBefore(index.workedBefore, worked)
  const segment = index.segments[position]!
  if (segment.shifts !== undefined) return reached(segment.shifts, worked - index.workedBefore[position]!)
  const { week } = index
  const wanted = worked - segment.base
  const weeks = Math.ceil(wanted / week.lengthMs) - 1
  const rest = wanted - weeks * week.lengthMs
  let weekday = 0
  while (week.before[weekday + 1]! < rest) weekday++
  const inDay = reached(week.shifts[weekday]!, rest - week.before[weekday]!)
  return (weeks * 7 + weekday - 3) * dayLengthMs + inDay - segment.offsetMs
}

function workedIn(shifts: readonly number[], at: number): number {
  let worked = 0
  for (let i = 0; i < shifts.length && shifts[i]! < at; i += 2) worked += Math.min(shifts[i + 1]!, at) - shifts[i]!
  return worked
}

/** Where in the shifts that much has been worked. */
function reached(shifts: readonly number[], worked: number): number {
  let left = worked
  for (let i = 0; i < shifts.length; i += 2) {
    const length = shifts[i + 1]! - shifts[i]!
    if (left <= length) return shifts[i]! + left
    left -= length
  }
  return shifts.at(-1) ?? Number.NaN
}

function lastNotAfter(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (sorted[middle]! <= value) low = middle
    else high = middle
  }
  return low
}

function lastBefore(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle
    else high = middle
  }
  return low
}
