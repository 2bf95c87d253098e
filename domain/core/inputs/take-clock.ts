import type { Rung } from '../../definition/compiled-definition.ts'
import { complete } from '../advance.ts'
import { cancelOrder } from '../compensate.ts'
import type { Clock } from '../event.ts'
import { afterFiring, missedRepeats, type Subject, subjectOf } from '../ladder.ts'
import { hasOpenNotice } from '../pending.ts'
import { raise, tell } from '../people.ts'
import { failToReview, openReview } from '../review.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'
import { giveUp } from './take-call.ts'
import { beginCheck } from './take-check.ts'

/** Does what is due by now: calls that have had their time, then at most one rung of each ladder. */
export function takeClock(turn: Turn): void {
  if (turn.state.closed !== null) return
  for (const call of Object.values(turn.state.calls)) {
    if (call.cancelling === undefined && call.giveUpAt <= turn.at) giveUp(turn, call)
  }
  for (const subject of Object.keys(turn.state.clocks)) {
    const clock = turn.state.clocks[subject]
    if (clock === undefined || clock.dueAt === null || clock.dueAt > turn.at || clock.checking) continue
    // Never before the notice of the rung before it has been tried.
    if (hasOpenNotice(turn.state, subject)) continue
    const found = subjectOf(turn.definition, turn.state, subject)
    const step = found.kind === 'step' ? stepNamed(turn.definition, found.id) : undefined
    if (step?.kind === 'wait' && step.check !== undefined) beginCheck(turn, step.id, step.check)
    else fire(turn, subject, found, clock)
  }
}

/** Fires the rung (or the repeat of one) that is due. */
export function fire(turn: Turn, name: string, subject: Subject, clock: Clock): void {
  const repeat = clock.next === 'repeat'
  const index = repeat ? clock.rung - 1 : clock.rung
  const rung = subject.ladder[index]
  if (rung === undefined) return
  const missed = missedRepeats(subject.ladder, subject.calendar, clock, turn.at)
  emit(
    turn,
    'rung.fired',
    {
      subject: name,
      rung: index,
      action: rung.action,
      ...(rung.action === 'fallback' ? { fallback: rung.fallback } : { target: rung.target }),
      repeat: repeat ? clock.repeats + 1 : 0,
      ...(missed > 0 ? { missed } : {}),
      clock: rung.action === 'fallback' ? null : afterFiring(subject.ladder, subject.calendar, clock, turn.at),
    },
    'clock',
  )
  act(turn, name, subject, rung)
}

function act(turn: Turn, name: string, subject: Subject, rung: Rung): void {
  switch (rung.action) {
    case 'remind':
    case 'transfer':
      tell(turn, { subject: name, target: rung.target, owner: subject.owner, about: rung.action })
      return
    case 'escalate':
      if (subject.kind === 'step') {
        const since = turn.state.steps[subject.id]?.enteredAt
        raise(turn, { kind: 'overdue', step: subject.id, owner: subject.owner, evidence: { since, rung: name } })
      }
      tell(turn, { subject: name, target: rung.target, owner: subject.owner, about: 'escalate' })
      return
    case 'fallback':
      return fallBack(turn, subject, rung.fallback)
    default:
      rung satisfies never
  }
}

/** The clock gives the command that nobody gave. */
function fallBack(turn: Turn, subject: Subject, fallback: 'cancel' | 'review' | 'continue' | 'release'): void {
  const what = `${subject.kind} "${subject.id}"`
  if (fallback === 'cancel') return cancelOrder(turn, `nobody moved ${what} on in time`)
  if (subject.kind === 'hold') {
    emit(turn, 'hold.released', { hold: subject.id })
    if (fallback === 'review') openReview(turn, { code: 'hold_expired', message: `nobody decided ${what} in time` })
    return
  }
  const step = stepNamed(turn.definition, subject.id)
  if (step === undefined) return
  const current = stepState(turn, step.id)
  if (fallback === 'review') return failToReview(turn, step, 'overdue', `nobody moved ${what} on in time`)
  if (current.state === 'partial') {
    const outstanding = turn.state.lines
      .map(({ line, sku, ordered, cancelled, reserved }) => ({ line, sku, quantity: ordered - cancelled - reserved }))
      .filter(({ quantity }) => quantity > 0)
    emit(turn, 'lines.cancelled', { lines: outstanding })
    complete(turn, step, 'part')
    return
  }
  emit(turn, 'step.skipped', { step: step.id, round: current.round, because: 'fallback' })
}
