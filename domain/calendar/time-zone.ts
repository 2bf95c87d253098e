import { minuteMs } from './day.ts'

/*
 * The only place that asks the machine about time zones. It runs when a calendar is loaded and NEVER inside a workflow:
 * two workers with different time-zone data would replay the same order to different deadlines. What a workflow
 * needs to know of its zone travels with the compiled calendar.
 */

/** From the minute `from` (since 1970, UTC) on, local time is UTC plus `minutes`. */
export type Offset = readonly [from: number, minutes: number]

/** Since 2015 no zone has changed its clocks twice within a week; a test looks for one that does. */
const stepMinutes = 7 * 24 * 60

export function isTimeZone(name: string): boolean {
  // Offsets such as "+08:00" are zones to Intl, but they have no history.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** The offsets of a zone between two years (both whole), by this machine's time-zone data. */
export function offsetsOf(timeZone: string, fromYear: number, toYear: number): Offset[] {
  const offsetAt = offsetReader(timeZone)
  const start = Date.UTC(fromYear, 0, 1) / minuteMs
  const end = Date.UTC(toYear + 1, 0, 1) / minuteMs
  const offsets: Offset[] = [[start, offsetAt(start)]]
  for (let at = start; at < end; at += stepMinutes) {
    const before = offsets.at(-1)![1]
    const after = offsetAt(at + stepMinutes)
    if (after !== before)
      offsets.push([firstMinute(at, at + stepMinutes, minute => offsetAt(minute) !== before), after])
  }
  return offsets
}

function firstMinute(before: number, after: number, holds: (minute: number) => boolean): number {
  let [low, high] = [before, after]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

function offsetReader(timeZone: string): (minute: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  return minute => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(minute * minuteMs)) part[type] = Number(value)
    return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!) / minuteMs - minute
  }
}
