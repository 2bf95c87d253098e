import type { Notice } from '../state.ts'
import { emit, type Turn } from '../turn.ts'
import { isLate, postponed, subjectOf } from './ladder.ts'

/**
 * The notice of a ladder's latest rung was tried long after it had been asked for, because whoever sends it was away:
 * what the clock may decide next counts from now, not from when people should have been told.
 */
export function countFromTold(turn: Turn, { subject, at }: Notice): void {
  const clock = turn.state.clocks[subject]
  if (clock === undefined || clock.paused || clock.checking || clock.since !== at || !isLate(at, turn.at)) return
  const { ladder, calendar } = subjectOf(turn.definition, turn.state, subject)
  const rung = ladder[clock.rung]
  if (rung?.action !== 'fallback' || rung.fallback === 'review') return
  emit(turn, 'clock.postponed', { subject, clock: postponed(ladder, calendar, clock, turn.at) }, 'clock')
}
