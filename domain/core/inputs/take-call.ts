import type { CallOutcome } from '../../call.ts'
import type { CallStep } from '../../definition/compiled-definition.ts'
import { beginClock } from '../clock/ladder.ts'
import { raise, tell } from '../clock/people.ts'
import { failStep, giveUp } from '../commands/give-up.ts'
import { goOnWithout } from '../commands/go-on-without.ts'
import { splitByStock } from '../commands/split.ts'
import { doEffect } from '../effects/result-effect.ts'
import type { CallKind, EventData } from '../events/event.ts'
import { type CallState, callId } from '../state.ts'
import { complete } from '../steps/complete-step.ts'
import { failToReview } from '../steps/review.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'
import { checkAnswered } from './take-check.ts'
import { takeUndo } from './take-undo.ts'

/** A call has come back. One that nobody waits for any more (its run is told twice) changes nothing. */
export function takeCall(
  turn: Turn,
  which: { readonly step: string; readonly round: number; readonly kind: CallKind },
  outcome: CallOutcome,
): void {
  const call = turn.state.calls[callId(which)]
  if (call === undefined) return mayHaveBegun(turn, which, outcome)
  // The deadline belongs to the core: an answer that comes after it is late, whatever woke us first.
  if (call.cancelling === undefined && turn.at >= call.giveUpAt) giveUp(turn, call)
  const current = turn.state.calls[callId(which)] ?? call
  switch (call.kind) {
    case 'do':
      return takeDo(turn, current, outcome)
    case 'undo':
      return takeUndo(turn, current, outcome)
    case 'check':
      return checkAnswered(turn, current, outcome)
    default:
      return call.kind satisfies never
  }
}

/**
 * A run does calls before the order has asked for them. What it did, or may have done, of a step that the order did not
 * go on to after all counts as unknown: it is undone by its key, or done again under the same one.
 */
function mayHaveBegun(turn: Turn, which: Parameters<typeof takeCall>[1], outcome: CallOutcome): void {
  if (turn.state.closed !== null) return
  const { code, message, certainty } = outcome.ok ? ranAhead : outcome
  if (certainty === 'not_done') return
  const step = turn.state.steps[which.step]
  if (which.kind !== 'do' || step === undefined || step.state !== 'waiting' || step.round !== which.round) return
  emit(turn, 'call.failed', { ...which, code, message, certainty })
}

const ranAhead = { code: 'ran_ahead', message: 'done before the order asked for it', certainty: 'unknown' } as const

function takeDo(turn: Turn, call: CallState, outcome: CallOutcome): void {
  const step = stepNamed(turn.definition, call.step)
  if (step === undefined || step.kind !== 'call') return
  const { step: id, round } = call
  const active = stepState(turn, id).state === 'active' && call.cancelling === undefined
  if (!outcome.ok) {
    const { code, message, certainty } = outcome
    emit(turn, 'call.failed', { step: id, round, kind: 'do', code, message, certainty })
    if (active) failStep(turn, step, code, message, certainty === 'not_done')
    return
  }
  const { reference } = outcome.result
  const reported = doEffect(step.effect, call, outcome.result, turn.state)
  emit(turn, 'call.succeeded', {
    step: id,
    round,
    kind: 'do',
    ...(reference === undefined ? {} : { reference }),
    effect: reported.effect,
    ...(active ? {} : { late: true }),
  })
  if (reported.problem !== undefined) {
    const { problem } = reported
    const expected = `an answer of ${call.operation} that fits what was asked of it`
    const evidence = { expected, seen: problem, problem, asked: call.input, reported: outcome.result }
    raise(turn, { kind: 'mismatch', step: id, owner: step.owner, evidence })
  }
  if (!active) return
  if (reported.problem !== undefined) failToReview(turn, step, 'bad_result', reported.problem)
  else if (reported.short === undefined) complete(turn, step, 'call')
  else takePart(turn, step, reported.short)
}

/** Only a part could be done: wait for the rest, make it an order of its own, go on without it, or ask a person. */
function takePart(turn: Turn, step: CallStep, outstanding: EventData<'step.partial'>['outstanding']): void {
  switch (step.effect === 'reserve' ? step.partial?.mode : undefined) {
    case 'split':
      // Where nothing of it can be had, or it may not be split any more, the rest is waited for.
      return splitByStock(turn, outstanding) ? undefined : waitForRest(turn, step, outstanding)
    case 'wait':
      return waitForRest(turn, step, outstanding)
    case 'cancel':
      return goOnWithout(turn, step)
    case undefined:
      failToReview(
        turn,
        step,
        'partial',
        `only a part was done: ${outstanding.map(o => `${o.quantity} ${o.sku}`).join(', ')} missing`,
      )
      return
  }
}

function waitForRest(turn: Turn, step: CallStep, outstanding: EventData<'step.partial'>['outstanding']): void {
  const { round, owner } = stepState(turn, step.id)
  const clock = beginClock(step.partial?.ladder ?? [], turn.definition.calendars[step.calendar]!, turn.at)
  emit(turn, 'step.partial', { step: step.id, round, outstanding, clock })
  tell(turn, { subject: `step:${step.id}`, target: 'owner', owner, about: 'entered' })
}
