import { raise, tell } from '../clock/people.ts'
import { countFromTold } from '../clock/told-late.ts'
import { transfer } from '../commands/transfer.ts'
import type { NoticeOutcome } from '../input.ts'
import type { Notice } from '../state.ts'
import { emit, type Turn } from '../turn.ts'

/** What became of telling somebody. */
export function takeNotice(turn: Turn, id: string, outcome: NoticeOutcome): void {
  const notice = turn.state.notices[id]
  if (notice === undefined || turn.state.closed !== null) return
  const to = outcome.ok ? outcome.persons[0] : undefined
  if (outcome.ok && to !== undefined) return delivered(turn, id, notice, to, outcome)
  const reason = outcome.ok ? 'it was delivered to nobody' : outcome.reason
  emit(turn, 'notice.failed', { notice: id, reason })
  countFromTold(turn, notice)
  const last = turn.definition.owner
  switch (notice.about) {
    case 'last-resort':
      return raiseUndelivered(turn, notice, reason)
    case 'undelivered':
      return turnToLastResort(turn, notice, reason)
    case 'transfer':
      transfer(turn, notice.subject, last)
  }
  // Whoever should have been told was not: the process owner is.
  tell(turn, { subject: notice.subject, owner: notice.owner, target: last, about: 'undelivered' })
}

function delivered(
  turn: Turn,
  id: string,
  notice: Notice,
  to: string,
  { persons, channel, standIns = [], top }: Extract<NoticeOutcome, { ok: true }>,
): void {
  emit(turn, 'notice.delivered', {
    notice: id,
    persons: [...persons],
    channel,
    ...(standIns.length > 0 && { standIns: [...standIns] }),
    ...(top && { top }),
  })
  countFromTold(turn, notice)
  const standIn = standIns.find(({ person }) => person === to)
  if (notice.about === 'transfer') {
    // Who is away for a time owns it all the same, and has it when they are back.
    if (standIn?.because === 'absent') transfer(turn, notice.subject, standIn.insteadOf, standIn)
    else transfer(turn, notice.subject, to)
  }
  if (top) turnToLastResort(turn, notice, 'nobody has answered, and there is nobody above those who were told')
}

/** The installation's last-resort channel, and an exception that operators see. */
function turnToLastResort(turn: Turn, notice: Notice, reason: string): void {
  raiseUndelivered(turn, notice, reason)
  tell(turn, { subject: notice.subject, owner: notice.owner, target: 'last-resort', about: 'last-resort' })
}

function raiseUndelivered(turn: Turn, { subject, target }: Notice, reason: string): void {
  const [kind, id = ''] = subject.split(':')
  const step = kind === 'step' ? id : kind === 'review' ? turn.state.reviews[id]?.step : undefined
  raise(turn, {
    kind: 'undelivered',
    ...(step !== undefined && { step }),
    owner: turn.definition.owner,
    evidence: { expected: `${target} is told about ${subject}`, seen: reason, subject, target, reason },
  })
}
