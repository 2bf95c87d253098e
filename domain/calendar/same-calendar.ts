import type { CompiledCalendar } from './compile-calendar.ts'

/** Whether every deadline is the same by both; what they are called does not matter. */
export function sameCalendar(one: CompiledCalendar, other: CompiledCalendar): boolean {
  return one === other || textOf(one) === textOf(other)
}

/** In an order of its own: a database gives the keys back in another one than it was given. */
function textOf({ timeZone, horizon, horizonAt, dayMs, weekly, special, offsets }: CompiledCalendar): string {
  return JSON.stringify([timeZone, horizon, horizonAt, dayMs, weekly, special, offsets])
}
