import type { CompiledCalendar } from './compile-calendar.ts'
import { minuteMs } from './day.ts'

/** Which day it is at an instant where the calendar counts (`2026-10-01`). */
export function localDate({ offsets }: Pick<CompiledCalendar, 'offsets'>, at: string): string {
  const atMs = Date.parse(at)
  const [, minutes] = offsets.findLast(([from]) => from * minuteMs <= atMs) ?? offsets[0] ?? [0, 0]
  return new Date(atMs + minutes * minuteMs).toISOString().slice(0, 10)
}
