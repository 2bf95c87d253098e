import type { CallOutcome } from '../../call.ts'
import type { CallStep, Step } from '../../definition/compiled-definition.ts'
import { effectOf } from '../../operation.ts'
import { complete } from '../advance.ts'
import { cancelOrder } from '../compensate.ts'
import type { CallKind, EventData } from '../event.ts'
import { beginClock, isLate } from '../ladder.ts'
import { untouchedLines } from '../outstanding.ts'
import { raise, resolveExceptions, tell } from '../people.ts'
import { doEffect, quantityOf } from '../result-effect.ts'
import { closeReviews, failToReview, openReview } from '../review.ts'
import { type CallState, callId } from '../state.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'
import { undoEffect, undoProblem } from '../undo-effect.ts'
import { checkAnswered, fireAfterCheck } from './take-check.ts'

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

/** The call has had its time: it is cancelled, and the step fails without waiting for what becomes of it. */
export function giveUp(turn: Turn, call: CallState): void {
  const { step: id, round, kind } = call
  emit(turn, 'call.cancelling', { step: id, round, kind, because: 'gave_up' }, 'clock')
  const step = stepNamed(turn.definition, id)
  if (step === undefined) return
  const message = `${call.operation} did not succeed by ${call.giveUpAt}`
  if (kind === 'undo') return undoFailed(turn, call, 'gave_up', message)
  if (kind === 'check') return fireAfterCheck(turn, id)
  if (step.kind !== 'call' || stepState(turn, id).state !== 'active') return
  // While the clock was away the call could not come back either: that alone cancels nothing.
  if (isLate(call.giveUpAt, turn.at)) failToReview(turn, step, 'gave_up', message)
  else failStep(turn, step, 'gave_up', message, false)
}

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
    const evidence = { problem: reported.problem, asked: call.input, reported: outcome.result }
    raise(turn, { kind: 'mismatch', step: id, owner: step.owner, evidence })
  }
  if (!active) return
  if (reported.problem !== undefined) failToReview(turn, step, 'bad_result', reported.problem)
  else if (reported.short === undefined) complete(turn, step, 'call')
  else takePart(turn, step, reported.short)
}

/** Only a part could be done: wait for the rest, go on without it, or ask a person. */
function takePart(turn: Turn, step: CallStep, outstanding: EventData<'step.partial'>['outstanding']): void {
  const round = stepState(turn, step.id).round
  switch (step.effect === 'reserve' ? step.partial?.mode : undefined) {
    case 'wait': {
      const clock = beginClock(step.partial?.ladder ?? [], turn.definition.calendars[step.calendar]!, turn.at)
      emit(turn, 'step.partial', { step: step.id, round, outstanding, clock })
      tell(turn, {
        subject: `step:${step.id}`,
        target: 'owner',
        owner: stepState(turn, step.id).owner,
        about: 'entered',
      })
      return
    }
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

/** Cancels what cannot be had and goes on with the rest; where nothing is left, there is no order any more. */
export function goOnWithout(turn: Turn, step: Step): void {
  const missing = untouchedLines(turn.state)
  const left = turn.state.lines.some(line => line.ordered - line.cancelled > quantityOf(missing, line.line))
  if (!left) return cancelOrder(turn, 'nothing of the order can be had', step)
  if (missing.length > 0) emit(turn, 'lines.cancelled', { lines: missing })
  complete(turn, step, 'part')
}

function failStep(turn: Turn, step: CallStep, code: string, message: string, notDone: boolean): void {
  switch (step.onFailure) {
    case 'review':
      return failToReview(turn, step, code, message)
    case 'cancel':
      raise(turn, { kind: 'failed', step: step.id, owner: step.owner, evidence: { code, message } })
      return cancelOrder(turn, `"${step.id}" failed: ${message}`, step)
    case 'continue': {
      // Something that may have been done after all is not skipped over.
      if (!notDone || stepState(turn, step.id).effect !== 'none') return failToReview(turn, step, code, message)
      raise(turn, { kind: 'failed', step: step.id, owner: step.owner, evidence: { code, message } })
      emit(turn, 'step.skipped', { step: step.id, round: stepState(turn, step.id).round, because: 'failure' })
      return
    }
    default:
      step.onFailure satisfies never
  }
}

function takeUndo(turn: Turn, call: CallState, outcome: CallOutcome): void {
  const { step: id, round } = call
  if (!outcome.ok) {
    const { code, message, certainty } = outcome
    emit(turn, 'call.failed', { step: id, round, kind: 'undo', code, message, certainty })
    if (call.cancelling === undefined) undoFailed(turn, call, code, message)
    return
  }
  const effect = undoEffect(effectOf(call.operation), stepState(turn, id), turn.state)
  const problem = undoProblem(effect, outcome.result)
  if (problem !== undefined) {
    const failure = { ok: false, code: 'bad_result', message: problem, certainty: 'unknown' } as const
    return takeUndo(turn, call, failure)
  }
  const { reference } = outcome.result
  emit(turn, 'call.succeeded', {
    step: id,
    round,
    kind: 'undo',
    ...(reference === undefined ? {} : { reference }),
    effect,
  })
  closeReviews(turn, 'undone', review => review.step === id && review.code === 'undo_failed')
  resolveExceptions(turn, id)
}

function undoFailed(turn: Turn, call: CallState, code: string, message: string): void {
  const evidence = { operation: call.operation, key: call.key, code, message }
  raise(turn, { kind: 'failed', step: call.step, owner: turn.definition.review.owner, evidence })
  openReview(turn, { step: call.step, code: 'undo_failed', message })
}
