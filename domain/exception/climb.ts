import type { CompiledCalendar } from '../calendar/compile-calendar.ts'
import { afterFiring, beginClock, missedRepeats } from '../core/clock/ladder.ts'
import { levelAfter, type Unanswered, withNotice } from '../core/clock/unanswered.ts'
import type { Clock } from '../core/events/event.ts'
import type { Duration } from '../parse-duration.ts'
import type { KindRules, TellingRung } from './exception-rules.ts'
import type { ExceptionStatus } from './kind.ts'

/** How far it has climbed, and who has been told without an answer. */
export type ExceptionClock = Clock & { readonly unanswered?: Unanswered }

/** What the clock needs to know of an exception. */
export interface Climbing {
  readonly status: ExceptionStatus
  readonly owner: string
  /** When it was raised, reopened or acknowledged last. */
  readonly climbsSince: string
  /** Null: its ladder has not begun. */
  readonly clock: ExceptionClock | null
}

/** What the clock does with it, at this time. `dueAt` null: nothing, until something else happens. */
export type ClockAction =
  | { readonly do: 'wait'; readonly clock: ExceptionClock | null; readonly dueAt: string | null }
  | { readonly do: 'tell'; readonly telling: FiredRung; readonly clock: ExceptionClock; readonly dueAt: string | null }
  /** The acknowledgement no longer holds: it is open again, and its ladder begins anew. */
  | { readonly do: 'lapse' }

export interface FiredRung {
  /** Stable: the same rung of the same climb, however often it is tried. */
  readonly name: string
  readonly action: TellingRung['action']
  readonly target: string
  /** So many levels above the target, because nobody has answered. */
  readonly level: number
  /** Repeats that fell due while the clock was away: this one stands for them. */
  readonly missed: number
}

export function climb(rules: KindRules, exception: Climbing, at: string): ClockAction {
  const { calendar, ladder } = rules
  switch (exception.status) {
    case 'resolved':
      return { do: 'wait', clock: null, dueAt: null }
    case 'acknowledged': {
      const dueAt = dueAfter(calendar, exception.climbsSince, rules.acknowledgedFor)
      return dueAt <= at ? { do: 'lapse' } : { do: 'wait', clock: null, dueAt }
    }
    case 'open': {
      const clock: ExceptionClock | null =
        onLadder(exception.clock, ladder) ?? beginClock(ladder, calendar, exception.climbsSince)
      if (clock === null || clock.dueAt === null || clock.dueAt > at) {
        return { do: 'wait', clock, dueAt: clock?.dueAt ?? null }
      }
      const telling = firedRung(rules, clock, exception.owner, at)
      const next = afterFiring(ladder, calendar, clock, at)
      const unanswered = withNotice(
        clock.unanswered,
        targetOf(telling, exception.owner),
        exception.owner,
        telling.level,
      )
      return { do: 'tell', telling, clock: { ...next, unanswered }, dueAt: next.dueAt }
    }
    default:
      return exception.status satisfies never
  }
}

/** The instant at which that much time of the calendar has passed. */
export function dueAfter(calendar: CompiledCalendar, since: string, after: Duration): string {
  // A ladder of one rung: it fires then.
  return beginClock([{ after, action: 'remind', target: 'owner' }], calendar, since)?.dueAt ?? since
}

/** Where the file has changed since and its ladder is shorter now, its last rung repeats. */
function onLadder(clock: ExceptionClock | null, ladder: readonly TellingRung[]): ExceptionClock | null {
  if (clock === null || clock.rung + (clock.next === 'rung' ? 1 : 0) <= ladder.length) return clock
  return { ...clock, rung: ladder.length, next: 'repeat' }
}

function firedRung({ ladder, calendar }: KindRules, clock: ExceptionClock, owner: string, at: string): FiredRung {
  const repeats = clock.next === 'repeat'
  const index = repeats ? clock.rung - 1 : clock.rung
  const rung = ladder[index]
  if (rung === undefined) throw new RangeError(`the ladder has no rung ${index + 1}`)
  const times = repeats ? clock.repeats + 1 : 0
  return {
    name: `${index + 1}.${times}`,
    action: rung.action,
    target: rung.target,
    level: levelAfter(clock.unanswered, targetOf(rung, owner), owner),
    missed: missedRepeats(ladder, calendar, clock, at),
  }
}

/** The owner by name: a notice to somebody else counts as higher. */
function targetOf({ target }: Pick<TellingRung, 'target'>, owner: string): string {
  return target === 'owner' ? owner : target
}
