import type { CompiledCalendar } from '../../calendar/compile-calendar.ts'
import { addWorking, durationMs, workingBetween } from '../../calendar/working-time.ts'
import type { CompiledDefinition, Rung } from '../../definition/compiled-definition.ts'
import { type Duration, wallMs } from '../../parse-duration.ts'
import type { Clock } from '../events/event.ts'
import type { OrderState } from '../state.ts'
import { stepNamed } from '../turn.ts'

/** Whose ladder it is, what it climbs and by which calendar. */
export interface Subject {
  readonly kind: 'step' | 'review' | 'hold'
  readonly id: string
  readonly ladder: readonly Rung[]
  readonly calendar: CompiledCalendar
  readonly owner: string
}

/** Looks up what a clock's subject (`step:<id>`, `review:<id>`, `hold:<id>`) is now. */
export function subjectOf(definition: CompiledDefinition, state: OrderState, subject: string): Subject {
  const colon = subject.indexOf(':')
  const kind = subject.slice(0, colon)
  const id = subject.slice(colon + 1)
  const ofProcess = calendarOf(definition, definition.calendar)
  switch (kind) {
    case 'step': {
      const step = stepNamed(definition, id)
      const current = state.steps[id]
      if (step === undefined || current === undefined) break
      const partial = step.kind === 'call' && current.state === 'partial' ? step.partial?.ladder : undefined
      return {
        kind,
        id,
        ladder: partial ?? step.ladder,
        calendar: calendarOf(definition, step.calendar),
        owner: current.owner,
      }
    }
    case 'review': {
      const owner = state.reviews[id]?.owner ?? definition.review.owner
      return { kind, id, ladder: definition.review.ladder, calendar: ofProcess, owner }
    }
    case 'hold': {
      const hold = state.holds[id]
      const type = hold === undefined ? undefined : definition.holds[hold.type]
      if (hold === undefined || type === undefined) break
      return { kind, id, ladder: type.ladder, calendar: ofProcess, owner: hold.owner }
    }
  }
  throw new TypeError(`no ladder for "${subject}"`)
}

function calendarOf(definition: CompiledDefinition, id: string): CompiledCalendar {
  const calendar = definition.calendars[id]
  if (calendar === undefined) throw new TypeError(`the definition carries no calendar "${id}"`)
  return calendar
}

/** The clock of a ladder that begins now; null where there is no rung. */
export function beginClock(ladder: readonly Rung[], calendar: CompiledCalendar, at: string): Clock | null {
  if (ladder.length === 0) return null
  return due(ladder, calendar, { rung: 0, since: at, usedMs: 0, repeats: 0, dueAt: null, next: 'none' })
}

/** The clock after what was due has fired, now: the next rung counts from now, not from when it should have been. */
export function afterFiring(ladder: readonly Rung[], calendar: CompiledCalendar, clock: Clock, at: string): Clock {
  const { paused: _paused, checking: _checking, ...rest } = clock
  if (clock.next === 'repeat') return due(ladder, calendar, { ...rest, repeats: clock.repeats + 1, repeatedAt: at })
  const { repeatedAt: _repeatedAt, ...begun } = rest
  return due(ladder, calendar, { ...begun, rung: clock.rung + 1, since: at, usedMs: 0, repeats: 0 })
}

/**
 * So late that the clock itself was away: as long, then, whoever should have acted could not. How long it was away before
 * cannot be seen, so it does not matter whether it is late by minutes or by days.
 */
export function isLate(dueAt: string, at: string): boolean {
  return Date.parse(at) - Date.parse(dueAt) > deadMs
}

/** As the watchdog sees it: the clock is dead when something has been due for so long. */
const deadMs = 120_000

/** Its last gap once more, from now. */
export function postponed(ladder: readonly Rung[], calendar: CompiledCalendar, clock: Clock, at: string): Clock {
  const { repeatedAt: _repeatedAt, checking: _checking, ...rest } = clock
  return due(ladder, calendar, { ...rest, since: at, usedMs: 0 })
}

/** A repeat that comes after an outage gives way to the rung after it if that is due as well: one notice is enough. */
export function overtaken(ladder: readonly Rung[], calendar: CompiledCalendar, clock: Clock, at: string): Clock {
  const rung = ladder[clock.rung]
  if (clock.next !== 'repeat' || clock.dueAt === null || rung === undefined) return clock
  if (!isLate(clock.dueAt, at)) return clock
  const dueAt = later(calendar, clock.since, gap(ladder, calendar, clock), rung.after.wall).at
  return dueAt > at ? clock : { ...clock, dueAt, next: 'rung' }
}

/** How many further repeats fell due between when it should have fired and now. */
export function missedRepeats(ladder: readonly Rung[], calendar: CompiledCalendar, clock: Clock, at: string): number {
  const every = everyOf(ladder, clock)
  if (clock.next !== 'repeat' || clock.dueAt === null || every === undefined) return 0
  const late = every.wall
    ? Date.parse(at) - Date.parse(clock.dueAt)
    : workingBetween(calendar, Date.parse(clock.dueAt), Date.parse(at))
  return Math.max(0, Math.floor(late / lengthMs(calendar, every)))
}

export function pauseClock(ladder: readonly Rung[], calendar: CompiledCalendar, clock: Clock, at: string): Clock {
  const since = Date.parse(clock.since)
  const rung = ladder[clock.rung]
  const used = rung?.after.wall ? Date.parse(at) - since : workingBetween(calendar, since, Date.parse(at))
  return { ...clock, usedMs: clock.usedMs + used, dueAt: null, paused: true }
}

/** Goes on with what was left. */
export function resumeClock(ladder: readonly Rung[], calendar: CompiledCalendar, clock: Clock, at: string): Clock {
  const { paused: _paused, ...rest } = clock
  return due(ladder, calendar, { ...rest, since: at, ...(rest.repeatedAt === undefined ? {} : { repeatedAt: at }) })
}

/** From where it stands, by another calendar. */
export function recomputed(ladder: readonly Rung[], calendar: CompiledCalendar, clock: Clock): Clock {
  return due(ladder, calendar, clock)
}

function due(ladder: readonly Rung[], calendar: CompiledCalendar, clock: Clock): Clock {
  const { dueAt: _dueAt, next: _next, provisional: _provisional, ...rest } = clock
  const rung = ladder[clock.rung]
  const every = everyOf(ladder, clock)
  const forRung =
    rung === undefined ? undefined : later(calendar, clock.since, gap(ladder, calendar, clock), rung.after.wall)
  const forRepeat =
    every === undefined
      ? undefined
      : later(calendar, clock.repeatedAt ?? clock.since, lengthMs(calendar, every), every.wall)
  const repeatFirst = forRepeat !== undefined && (forRung === undefined || forRepeat.at < forRung.at)
  const first = repeatFirst ? forRepeat : forRung
  if (first === undefined) return { ...rest, dueAt: null, next: 'none' }
  return {
    ...rest,
    dueAt: first.at,
    next: repeatFirst ? 'repeat' : 'rung',
    ...(first.provisional ? { provisional: true } : {}),
  }
}

function everyOf(ladder: readonly Rung[], clock: Clock): Duration | undefined {
  const fired = ladder[clock.rung - 1]
  return fired !== undefined && 'every' in fired ? fired.every : undefined
}

function gap(ladder: readonly Rung[], calendar: CompiledCalendar, clock: Clock): number {
  return Math.max(0, rungGapMs(ladder, calendar, clock.rung) - clock.usedMs)
}

/** From the rung before it (or the beginning) to this rung: working time, or wall time if the rung says `!`. */
export function rungGapMs(ladder: readonly Rung[], calendar: CompiledCalendar, rung: number): number {
  const before = ladder[rung - 1]
  const here = ladder[rung]
  if (here === undefined) return 0
  return Math.max(0, lengthMs(calendar, here.after) - (before === undefined ? 0 : lengthMs(calendar, before.after)))
}

function lengthMs(calendar: CompiledCalendar, duration: Duration): number {
  return duration.wall ? wallMs(duration) : durationMs(calendar, duration)
}

function later(
  calendar: CompiledCalendar,
  since: string,
  ms: number,
  wall: boolean,
): { at: string; provisional: boolean } {
  if (wall) return { at: new Date(Date.parse(since) + ms).toISOString(), provisional: false }
  return addWorking(calendar, since, { days: 0, ms, wall: false })
}
