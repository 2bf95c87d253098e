import type { CalendarDefinition } from './calendar-definition.ts'
import { dayLengthMs, dayNumber, minuteMs, minutesOf, weekdays } from './day.ts'
import { type OfficialCalendars, withOfficialDays } from './official-days.ts'
import { type Offset, offsetsOf } from './time-zone.ts'

/** Minutes of the local day, begin and end of each shift in turn: `[540, 720, 780, 1080]`. */
export type Shifts = readonly number[]

/** Everything of a calendar that a workflow's snapshot needs: plain JSON of at most about 4 KB. */
export interface CompiledCalendar {
  readonly id: string
  readonly title: { readonly en: string; readonly zh: string }
  readonly timeZone: string
  /** The last day up to which holidays and make-up days are known, and the instant at which it ends. */
  readonly horizon: string
  readonly horizonAt: string
  /** Working time of `1d`: the commonest working day of the week, of two equally common ones the longer. */
  readonly dayMs: number
  /** Monday to Sunday. */
  readonly weekly: readonly Shifts[]
  /** Days that differ from their weekday, in order: the day's number since 1970-01-01, then its shifts. */
  readonly special: readonly Shifts[]
  readonly offsets: readonly Offset[]
}

const firstYear = 2015
const yearsPastHorizon = 5

/**
 * Compiles a calendar that has passed its schema. Reads the machine's time-zone data, so it runs where calendars are
 * loaded and never inside a workflow.
 * @throws RangeError if its official days are not given: the loader checks first.
 */
export function compileCalendar(written: CalendarDefinition, official: OfficialCalendars = {}): CompiledCalendar {
  const definition = withOfficialDays(written, official)
  const weekly = weekdays.map(weekday => shiftsOf(definition.weekly[weekday] ?? []))
  const ordinary = weekly.find(shifts => shifts.length > 0) ?? []
  const special = [
    ...definition.holidays.map(({ date }) => [dayOf(date)]),
    ...definition.makeUpDays.map(({ date, hours }) => [
      dayOf(date),
      ...(hours === undefined ? ordinary : shiftsOf(hours)),
    ]),
  ]
  const offsets = offsetsOf(definition.timeZone, firstYear, Number(definition.horizon.slice(0, 4)) + yearsPastHorizon)
  return {
    id: definition.id,
    title: definition.title,
    timeZone: definition.timeZone,
    horizon: definition.horizon,
    horizonAt: new Date(midnight(offsets, dayOf(definition.horizon) + 1)).toISOString(),
    dayMs: commonestLength(weekly) * minuteMs,
    weekly,
    special: special.sort((a, b) => a[0]! - b[0]!),
    offsets,
  }
}

/** Shifts that touch are one. */
function shiftsOf(texts: readonly string[]): number[] {
  const shifts: number[] = []
  for (const [start, end] of texts.map(minutesOf)) {
    if (shifts.at(-1) === start) shifts[shifts.length - 1] = end
    else shifts.push(start, end)
  }
  return shifts
}

function dayOf(date: string): number {
  const day = dayNumber(date)
  if (day === undefined) throw new RangeError(`not a date: ${date}`)
  return day
}

function commonestLength(weekly: readonly Shifts[]): number {
  const times = new Map<number, number>()
  for (const shifts of weekly) {
    const length = shifts.reduce((sum, minute, index) => (index % 2 === 0 ? sum - minute : sum + minute), 0)
    if (length > 0) times.set(length, (times.get(length) ?? 0) + 1)
  }
  const [commonest] = [...times].sort(([a, timesA], [b, timesB]) => timesB - timesA || b - a)
  return commonest?.[0] ?? 0
}

/** The first instant of a local day, in ms; where midnight is skipped, the instant at which the clocks go forward. */
function midnight(offsets: readonly Offset[], day: number): number {
  let at = Number.POSITIVE_INFINITY
  offsets.forEach(([from, minutes], index) => {
    const earliest = index === 0 ? Number.NEGATIVE_INFINITY : from * minuteMs
    const next = offsets[index + 1]
    const candidate = Math.max(day * dayLengthMs - minutes * minuteMs, earliest)
    if (next === undefined || candidate < next[0] * minuteMs) at = Math.min(at, candidate)
  })
  return at
}
