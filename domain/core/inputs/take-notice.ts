import type { NoticeOutcome } from '../input.ts'
import { raise, tell } from '../people.ts'
import type { Notice } from '../state.ts'
import { emit, type Turn } from '../turn.ts'

/** What became of telling somebody. */
export function takeNotice(turn: Turn, id: string, outcome: NoticeOutcome): void {
  const notice = turn.state.notices[id]
  if (notice === undefined || turn.state.closed !== null) return
  const to = outcome.ok ? outcome.persons[0] : undefined
  if (outcome.ok && to !== undefined) {
    emit(turn, 'notice.delivered', { notice: id, persons: [...outcome.persons], channel: outcome.channel })
    if (notice.about === 'transfer') transfer(turn, notice.subject, to)
    return
  }
  const reason = outcome.ok ? 'it was delivered to nobody' : outcome.reason
  emit(turn, 'notice.failed', { notice: id, reason })
  const last = turn.definition.owner
  if (notice.about === 'transfer') transfer(turn, notice.subject, last)
  if (notice.about === 'undelivered') {
    raise(turn, {
      kind: 'undelivered',
      owner: last,
      evidence: { notice: id, target: notice.target, reason },
    })
    return
  }
  // Whoever should have been told was not: the process owner is.
  tell(turn, { ...plain(notice), target: last, about: 'undelivered' })
}

function plain({ subject, owner }: Notice): { subject: string; owner: string } {
  return { subject, owner }
}

/** Moves a step or a review to another owner; the ladder goes on. */
export function transfer(turn: Turn, subject: string, to: string): void {
  const [kind, id = ''] = subject.split(':')
  if (kind === 'step') {
    const step = turn.state.steps[id]
    if (step === undefined || step.owner === to || (step.state !== 'active' && step.state !== 'partial')) return
    emit(turn, 'step.transferred', { step: id, round: step.round, from: step.owner, to })
  }
  if (kind === 'review') {
    const review = turn.state.reviews[id]
    if (review === undefined || review.owner === to) return
    emit(turn, 'review.transferred', { review: id, from: review.owner, to })
  }
}
