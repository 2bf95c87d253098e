import type { CompiledCalendar } from '../../calendar/compile-calendar.ts'
import { sameCalendar } from '../../calendar/same-calendar.ts'
import { recomputed, subjectOf } from '../clock/ladder.ts'
import { type Calendars, withRulingCalendars } from '../clock/ruling-calendars.ts'
import type { EventData } from '../events/event.ts'
import type { Refusal } from '../input.ts'
import { emit, type Turn } from '../turn.ts'
import { refuse } from './refuse.ts'

/**
 * Puts today's calendars in the place of those that the order goes by: the next year's holidays are known now. Every
 * ladder that is climbing is counted anew from where it stands, and later ones go by the new calendar.
 */
export function recomputeDeadlines(turn: Turn, calendars: Calendars): Refusal | undefined {
  const changed = Object.entries(calendars).filter(([id, calendar]) => {
    const ruling = turn.definition.calendars[id]
    return ruling !== undefined && !sameCalendar(ruling, calendar)
  })
  if (changed.length === 0) {
    return refuse('not_applicable', 'the order goes by these calendars already: no deadline would change')
  }
  for (const [id, calendar] of changed) {
    const horizonBefore = turn.definition.calendars[id]!.horizon
    const clocks = clocksBy(turn, id, calendar)
    emit(turn, 'calendar.changed', { calendar: id, horizonBefore, snapshot: calendar, clocks })
    turn.definition = withRulingCalendars(turn.definition, turn.state)
  }
  return
}

/** The ladders whose deadline it changes. One that stands still, or asks the world first, is counted when it goes on. */
function clocksBy(turn: Turn, id: string, calendar: CompiledCalendar): EventData<'calendar.changed'>['clocks'] {
  return Object.entries(turn.state.clocks).flatMap(([subject, before]) => {
    if (before.dueAt === null || before.paused || before.checking) return []
    const found = subjectOf(turn.definition, turn.state, subject)
    if (found.calendar.id !== id) return []
    const clock = recomputed(found.ladder, calendar, before)
    const same = clock.dueAt === before.dueAt && clock.next === before.next && clock.provisional === before.provisional
    return same ? [] : [{ subject, dueBefore: before.dueAt, clock }]
  })
}
