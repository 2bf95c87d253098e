import { isMerging } from '../commands/merging.ts'
import { isStopped } from '../steps/review.ts'
import { emit, type Turn } from '../turn.ts'
import { pauseClock, resumeClock, subjectOf } from './ladder.ts'

/** A hold stops the clocks of the steps it blocks, a review of the whole order those of all steps; its own goes on. */
export function syncClocks(turn: Turn): void {
  for (const [subject, clock] of Object.entries(turn.state.clocks)) {
    if (!subject.startsWith('step:') || clock.checking) continue
    const shouldPause = isPaused(turn, subject.slice('step:'.length))
    if (shouldPause === (clock.paused ?? false)) continue
    const { ladder, calendar } = subjectOf(turn.definition, turn.state, subject)
    const change = shouldPause ? pauseClock : resumeClock
    emit(turn, shouldPause ? 'clock.paused' : 'clock.resumed', {
      subject,
      clock: change(ladder, calendar, clock, turn.at),
    })
  }
}

/** Whether nothing of the step may begin, and its clock stands still. */
export function isPaused(turn: Pick<Turn, 'definition' | 'state'>, step: string): boolean {
  return isStopped(turn.state) || isMerging(turn.state) || isHeld(turn, step)
}

export function isHeld(turn: Pick<Turn, 'definition' | 'state'>, step: string): boolean {
  return Object.values(turn.state.holds).some(hold => {
    const blocked = turn.definition.holds[hold.type]?.blocksSteps
    return blocked === 'all' || blocked?.includes(step)
  })
}
