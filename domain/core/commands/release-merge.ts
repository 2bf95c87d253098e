import { rewindAll } from '../effects/compensate.ts'
import { closeReviews, openReview } from '../steps/review.ts'
import { emit, type Turn } from '../turn.ts'
import { isBound } from './merging.ts'

/** The merge has come to nothing: what has been taken back already is done anew. */
export function releaseMerge(turn: Turn, because: string): void {
  const { merging, compensation } = turn.state
  if (merging === undefined || merging.phase === 'releasing') return
  emit(turn, 'merge.released', { merge: merging.merge, because })
  if (compensation?.goal.kind === 'close' && compensation.goal.status === 'merged') rewindAll(turn)
}

/** Nobody waits for ever: who may still go back does, and for who may not a person looks. */
export function lapseMerge(turn: Turn): void {
  const { merging } = turn.state
  if (merging === undefined || merging.lapsesAt > turn.at || merging.phase === 'releasing') return
  if (!isBound(turn.state)) return releaseMerge(turn, 'not everybody has answered in time')
  emit(turn, 'merge.overdue', { merge: merging.merge, lapsesAt: later(turn, overdueMs) }, 'clock')
  openReview(turn, {
    code: 'merge_unanswered',
    message: `it is not known whether the merge into ${merging.into} has come off: look at that order`,
    scope: 'order',
  })
}

const overdueMs = 86_400_000

/** A person has looked: a member goes on by itself, a lead waits for nobody any more. */
export function giveUpMerge(turn: Turn): void {
  const { merging } = turn.state
  if (merging?.role === 'member') return releaseMerge(turn, 'a person has looked')
  for (const [member, { stands }] of Object.entries(merging?.members ?? {})) {
    if (stands !== 'closed') emit(turn, 'merge.member', { merge: merging!.merge, member, stands: 'closed' })
  }
}

/** It has been answered after all. */
export function closeOverdue(turn: Turn): void {
  closeReviews(turn, 'answered', review => review.code === 'merge_unanswered')
}

export function later(turn: Turn, ms: number): string {
  return new Date(Date.parse(turn.at) + ms).toISOString()
}
