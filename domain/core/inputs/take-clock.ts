import type { Fallback, Rung } from '../../definition/compiled-definition.ts'
import {
  afterFiring,
  beginClock,
  isLate,
  missedRepeats,
  overtaken,
  postponed,
  type Subject,
  subjectOf,
} from '../clock/ladder.ts'
import { syncClocks } from '../clock/pause.ts'
import { raise, resolveExceptions, tell } from '../clock/people.ts'
import { lateness } from '../clock/raised-evidence.ts'
import { giveUp } from '../commands/give-up.ts'
import { goOnWithout } from '../commands/go-on-without.ts'
import { lapse } from '../commands/proposals.ts'
import { lapseMerge } from '../commands/release-merge.ts'
import { cancelOrder, isClosing } from '../effects/compensate.ts'
import type { Clock } from '../events/event.ts'
import { hasOpenNotice } from '../pending.ts'
import { isApproval } from '../steps/is-approval.ts'
import { failToReview, openReview } from '../steps/review.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'
import { beginCheck } from './take-check.ts'

/** Does what is due by now: calls that have had their time, then at most one rung of each ladder. */
export function takeClock(turn: Turn): void {
  if (turn.state.closed !== null) return
  lapse(turn)
  lapseMerge(turn)
  for (const id of Object.keys(turn.state.calls)) {
    const call = turn.state.calls[id]
    if (call !== undefined && call.cancelling === undefined && call.giveUpAt <= turn.at) giveUp(turn, call)
  }
  for (const subject of Object.keys(turn.state.clocks)) {
    // What has just fired may have stopped the others.
    syncClocks(turn)
    const clock = turn.state.clocks[subject]
    if (clock === undefined || clock.dueAt === null || clock.dueAt > turn.at || clock.checking) continue
    // Never before the notice of the rung before it has been tried.
    if (hasOpenNotice(turn.state, subject)) continue
    const found = subjectOf(turn.definition, turn.state, subject)
    const check = found.kind === 'step' ? checkOf(turn, found.id) : undefined
    if (check === undefined) fire(turn, subject, found, clock)
    else beginCheck(turn, found.id, check)
  }
}

/** What to ask before a rung fires, unless an answer to the question before is still out. */
function checkOf(turn: Turn, id: string): string | undefined {
  const step = stepNamed(turn.definition, id)
  const asked = Object.values(turn.state.calls).some(call => call.step === id && call.kind === 'check')
  return step?.kind === 'wait' && !asked ? step.check : undefined
}

/** Fires the rung (or the repeat of one) that is due. */
export function fire(turn: Turn, name: string, subject: Subject, due: Clock): void {
  const { ladder, calendar } = subject
  const clock = overtaken(ladder, calendar, due, turn.at)
  const repeat = clock.next === 'repeat'
  const index = repeat ? clock.rung - 1 : clock.rung
  const rung = ladder[index]
  if (rung === undefined) return
  if (rung.action === 'fallback' && rung.fallback !== 'review' && isLate(clock.dueAt ?? turn.at, turn.at)) {
    return postpone(turn, name, subject, clock)
  }
  const missed = missedRepeats(ladder, calendar, due, turn.at) + (clock === due ? 0 : 1)
  const times = repeat ? clock.repeats + 1 : 0
  emit(
    turn,
    'rung.fired',
    {
      subject: name,
      rung: index,
      action: rung.action,
      ...(rung.action === 'fallback' ? { fallback: rung.fallback } : { target: rung.target }),
      repeat: times,
      ...(missed > 0 ? { missed } : {}),
      clock: clockAfter(subject, rung, clock, turn.at),
    },
    'clock',
  )
  act(turn, name, subject, rung)
}

function clockAfter(subject: Subject, rung: Rung, clock: Clock, at: string): Clock | null {
  if (rung.action !== 'fallback') return afterFiring(subject.ladder, subject.calendar, clock, at)
  // A review ends by a person alone: its ladder begins anew.
  return subject.kind === 'review' ? beginClock(subject.ladder, subject.calendar, at) : null
}

/** The clock was away, and nobody could act: they get the time of this rung once more, and are told so. */
function postpone(turn: Turn, name: string, subject: Subject, clock: Clock): void {
  const later = postponed(subject.ladder, subject.calendar, clock, turn.at)
  emit(turn, 'clock.postponed', { subject: name, clock: later }, 'clock')
  tell(turn, { subject: name, target: 'owner', owner: subject.owner, about: 'remind' })
}

function act(turn: Turn, name: string, subject: Subject, rung: Rung): void {
  const notice = { subject: name, owner: subject.owner }
  switch (rung.action) {
    case 'remind':
    case 'transfer':
      tell(turn, { ...notice, target: rung.target, about: rung.action })
      return
    case 'escalate':
      if (subject.kind === 'step') {
        raise(turn, { kind: 'overdue', step: subject.id, owner: subject.owner, evidence: lateness(turn, subject) })
      }
      tell(turn, { ...notice, target: rung.target, about: 'escalate' })
      return
    case 'fallback':
      return fallBack(turn, name, subject, rung.fallback)
    default:
      rung satisfies never
  }
}

/** The clock gives the command that nobody gave. */
function fallBack(turn: Turn, name: string, subject: Subject, fallback: Fallback): void {
  const overdue = `nobody moved ${subject.kind} "${subject.id}" on in time`
  switch (subject.kind) {
    case 'hold':
      emit(turn, 'hold.released', { hold: subject.id })
      if (isClosing(turn.state)) return
      if (fallback === 'cancel') cancelOrder(turn, overdue)
      if (fallback === 'review') openReview(turn, { code: 'hold_expired', message: overdue })
      return
    case 'review':
      if (fallback === 'cancel') cancelOrder(turn, overdue)
      if (turn.state.clocks[name] === undefined) return
      tell(turn, { subject: name, target: 'process-owner', owner: subject.owner, about: 'escalate' })
      return
    case 'step': {
      const step = stepNamed(turn.definition, subject.id)
      if (step === undefined) return
      if (fallback === 'cancel') return cancelOrder(turn, overdue, step)
      if (fallback !== 'continue' || isApproval(step)) return failToReview(turn, step, 'overdue', overdue)
      const { round, state } = stepState(turn, step.id)
      if (state === 'partial') return goOnWithout(turn, step)
      emit(turn, 'step.skipped', { step: step.id, round, because: 'fallback' })
      resolveExceptions(turn, step.id)
      return
    }
    default:
      subject.kind satisfies never
  }
}
