import type { CompiledCalendar, Shifts } from './compile-calendar.ts'
import { dayLengthMs, minuteMs, weekdayOf } from './day.ts'

/*
 * Working time as one number that only grows: how much work lies before an instant. Time is cut into regular
 * stretches (one UTC offset, nothing but the week: plain arithmetic, however long) and runs of exceptional days
 * (holidays, make-up days, days on which the clocks change), whose shifts are spelled out in UTC. So adding works in
 * the same few steps for an hour and for a century. All times in ms.
 */

export interface CalendarIndex {
  readonly week: Week
  /** Where each segment begins; the first is -Infinity. */
  readonly starts: readonly number[]
  /** How much work lies before each segment; the first is -Infinity. */
  readonly workedBefore: readonly number[]
  readonly segments: readonly Segment[]
}

export type Segment = RegularStretch | ExceptionalRun

interface RegularStretch {
  readonly offsetMs: number
  /** What to add to the week's own count so that it goes on from the segment before. */
  readonly base: number
  readonly shifts?: never
}

interface ExceptionalRun {
  /** Begin and end of each shift in turn, UTC. */
  readonly shifts: readonly number[]
}

interface Week {
  readonly shifts: readonly (readonly number[])[]
  /** Work before each weekday since Monday; the eighth is the whole week. */
  readonly before: readonly number[]
  readonly lengthMs: number
}

const indexes = new WeakMap<CompiledCalendar, CalendarIndex>()

/** The index of a calendar, built once for each object: it says nothing that the calendar does not. */
export function indexOf(calendar: CompiledCalendar): CalendarIndex {
  let index = indexes.get(calendar)
  if (index === undefined) {
    index = buildIndex(calendar)
    indexes.set(calendar, index)
  }
  return index
}

/** Work between Monday 1969-12-29 and the beginning of a day, by the week alone. */
export function workedBeforeDay(week: Week, day: number): number {
  const weeks = Math.floor((day + 3) / 7)
  return weeks * week.lengthMs + week.before[day + 3 - weeks * 7]!
}

function buildIndex(calendar: CompiledCalendar): CalendarIndex {
  const week = weekOf(calendar.weekly)
  const offsets = calendar.offsets.map(([from, minutes], index) => ({
    from: index === 0 ? Number.NEGATIVE_INFINITY : from * minuteMs,
    until: (calendar.offsets[index + 1]?.[0] ?? Number.POSITIVE_INFINITY) * minuteMs,
    ms: minutes * minuteMs,
  }))
  const special = new Map(calendar.special.map(([day, ...shifts]) => [day!, shifts.map(minute => minute * minuteMs)]))
  const runs = consecutive([...special.keys(), ...daysOfChange(calendar)])

  const starts = [Number.NEGATIVE_INFINITY]
  const workedBefore = [Number.NEGATIVE_INFINITY]
  const anchor = runs[0]?.first ?? 0
  let segment: Segment = { offsetMs: offsets[0]!.ms, base: -workedBeforeDay(week, anchor) }
  const segments: Segment[] = [segment]
  let current = 0
  for (const { first, last } of runs) {
    while (first * dayLengthMs - offsets[current]!.ms >= offsets[current]!.until) current++
    const start = first * dayLengthMs - offsets[current]!.ms
    const worked: number = segment.base + workedBeforeDay(week, first)
    const shifts: number[] = []
    for (; ; current++) {
      const offset = offsets[current]!
      for (let day = first; day <= last; day++) {
        const local = special.get(day) ?? week.shifts[weekdayOf(day)]!
        for (let i = 0; i < local.length; i += 2) {
          const begin = Math.max(day * dayLengthMs + local[i]! - offset.ms, offset.from)
          const end = Math.min(day * dayLengthMs + local[i + 1]! - offset.ms, offset.until)
          if (begin >= end) continue
          if (shifts.at(-1) === begin) shifts[shifts.length - 1] = end
          else shifts.push(begin, end)
        }
      }
      if ((last + 1) * dayLengthMs - offset.ms <= offset.until) break
    }
    const after = worked + lengthOf(shifts)
    segment = { offsetMs: offsets[current]!.ms, base: after - workedBeforeDay(week, last + 1) }
    starts.push(start, (last + 1) * dayLengthMs - segment.offsetMs)
    workedBefore.push(worked, after)
    segments.push({ shifts }, segment)
  }
  return { week, starts, workedBefore, segments }
}

function weekOf(weekly: readonly Shifts[]): Week {
  const shifts = weekly.map(day => day.map(minute => minute * minuteMs))
  const before = [0]
  for (const day of shifts) before.push(before.at(-1)! + lengthOf(day))
  return { shifts, before, lengthMs: before[7]! }
}

function lengthOf(shifts: readonly number[]): number {
  let length = 0
  for (let i = 0; i < shifts.length; i += 2) length += shifts[i + 1]! - shifts[i]!
  return length
}

/** Every local day that a change of the clocks begins, ends or repeats a part of. */
function daysOfChange(calendar: CompiledCalendar): number[] {
  const days: number[] = []
  for (let i = 1; i < calendar.offsets.length; i++) {
    const [at, after] = calendar.offsets[i]!
    const before = calendar.offsets[i - 1]![1]
    const first = dayOf(at - 1 + Math.min(before, after))
    const last = dayOf(at + Math.max(before, after))
    for (let day = first; day <= last; day++) days.push(day)
  }
  return days
}

function dayOf(localMinute: number): number {
  return Math.floor((localMinute * minuteMs) / dayLengthMs)
}

function consecutive(days: readonly number[]): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = []
  for (const day of [...days].sort((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run !== undefined && day <= run.last + 1) run.last = day
    else runs.push({ first: day, last: day })
  }
  return runs
}
