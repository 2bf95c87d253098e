/** Days of a calendar as numbers, counted from 1970-01-01 in the calendar's own zone. */

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

export const dayLengthMs = 86_400_000
export const minuteMs = 60_000

/** The number of a day written `2026-10-01`; undefined for a date that the calendar does not have. */
export function dayNumber(date: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined
  const ms = Date.parse(`${date}T00:00:00.000Z`)
  // Date.parse takes 2026-02-30 for 2026-03-02.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) return undefined
  return ms / dayLengthMs
}

/** 0 for Monday to 6 for Sunday. Day 0, 1970-01-01, was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

/** The minutes of the day at which a shift written `09:00-12:00` begins and ends. */
export function minutesOf(shift: string): [start: number, end: number] {
  const minute = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  return [minute(shift.slice(0, 5)), minute(shift.slice(6))]
}
