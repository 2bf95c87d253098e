import type { Step } from '../../definition/compiled-definition.ts'
import { resolveExceptions } from '../clock/people.ts'
import { isBound, isMerging, type Member } from '../commands/merging.ts'
import type { Goal } from '../events/event.ts'
import type { OrderState } from '../state.ts'
import { closeReviews, failToReview, openReview } from '../steps/review.ts'
import { comesBefore, descendantsOf } from '../steps/step-graph.ts'
import { emit, stepState, type Turn } from '../turn.ts'
import { cancelUnwanted } from './cancel-unwanted.ts'
import { applyEarlyFacts } from './early-fact.ts'
import { irreversibleStep } from './irreversible.ts'
import { untouchedLines } from './outstanding.ts'
import { nextUndo, startUndo } from './undo.ts'

/**
 * Cancels the order: by undoing what was done, or, past something irreversible, by asking a person. `step`: it is this
 * step that has failed, was rejected or has run out of time, and that the person is then asked about.
 */
export function cancelOrder(
  turn: Turn,
  because: string,
  step?: Step,
  status: 'cancelled' | 'voided' = 'cancelled',
): void {
  if (isClosing(turn.state)) return
  if (isBound(turn.state)) {
    const message = `${because}, while the orders that come in its place were being begun: they go on`
    openReview(turn, { code: 'overtaken', message, scope: 'order' })
    return
  }
  const past = irreversibleStep(turn.definition, turn.state)
  if (past !== undefined) {
    const message = `${because}, but "${past}" has been done and cannot be undone`
    if (step === undefined) openReview(turn, { code: 'irreversible', message, scope: 'order' })
    else failToReview(turn, step, 'irreversible', message)
    return
  }
  if (isMerging(turn.state)) emit(turn, 'merge.released', { merge: turn.state.merging!.merge, because })
  compensate(
    turn,
    { kind: 'close', status },
    turn.definition.steps.map(step => step.id),
  )
}

/** It will be cancelled or voided. One that makes way for others can be until those are begun. */
export function isClosing({ compensation }: OrderState): boolean {
  return compensation?.goal.kind === 'close' && !makesWay(compensation.goal)
}

function makesWay(goal: Goal): boolean {
  return goal.kind === 'close' && (goal.status === 'split' || goal.status === 'merged')
}

/** Undoes everything, for other orders to come in its place. */
export function makeWay(turn: Turn, status: 'split' | 'merged'): void {
  const steps = turn.definition.steps.map(step => step.id)
  compensate(turn, { kind: 'close', status }, steps)
}

/** Goes back to a step: undoes it and everything after it, then begins them anew. */
export function rewindTo(turn: Turn, to: string): void {
  const after = descendantsOf(turn.definition, to)
  rewind(turn, to, id => id === to || after.has(id))
}

/** Goes back to a step that stays as it is: undoes everything after it, then begins that anew. */
export function rewindAfter(turn: Turn, to: string): void {
  const after = descendantsOf(turn.definition, to)
  rewind(turn, to, id => after.has(id))
}

/** Undoes everything, then begins it anew. */
export function rewindAll(turn: Turn): void {
  rewind(turn, turn.definition.steps[0]!.id, () => true)
}

/** Undoes just these steps, and what they have used up, then begins them anew. */
export function rewindOver(turn: Turn, steps: readonly string[]): void {
  rewind(turn, steps[0]!, id => steps.includes(id))
}

function rewind(turn: Turn, to: string, isAmong: (step: string) => boolean): void {
  const back = turn.definition.steps.map(step => step.id).filter(isAmong)
  const spent = spentAuthorisations(turn, back)
  const steps = turn.definition.steps.map(step => step.id).filter(id => back.includes(id) || spent.includes(id))
  compensate(turn, { kind: 'rewind', to }, steps)
}

/** A capture that goes back has used up its authorisation: without a new one there would be nothing to capture again. */
function spentAuthorisations({ definition, state }: Turn, back: readonly string[]): string[] {
  const captures = definition.steps.filter(
    step =>
      back.includes(step.id) && step.kind === 'call' && step.effect === 'capture' && mayHaveBeenDone(state, step.id),
  )
  return definition.steps
    .filter(
      step =>
        step.kind === 'call' &&
        step.effect === 'authorise' &&
        step.undo !== undefined &&
        state.steps[step.id]?.effect === 'done' &&
        captures.some(capture => comesBefore(definition, step.id, capture.id)),
    )
    .map(step => step.id)
}

/** It was, or it is under way and may come off late. */
function mayHaveBeenDone(state: OrderState, id: string): boolean {
  const effect = state.steps[id]?.effect
  return (
    effect === 'done' ||
    effect === 'unknown' ||
    Object.values(state.calls).some(call => call.step === id && call.kind === 'do')
  )
}

function compensate(turn: Turn, goal: Goal, steps: string[]): void {
  // A cancellation takes over from a rewind that is under way.
  emit(turn, 'compensation.started', { goal, steps })
  if (goal.kind === 'close') applyEarlyFacts(turn)
  for (const id of steps) {
    for (const call of Object.values(turn.state.calls)) {
      if (call.step !== id || call.kind === 'undo' || call.cancelling !== undefined) continue
      emit(turn, 'call.cancelling', { step: id, round: call.round, kind: call.kind, because: 'withdrawn' })
    }
    const current = stepState(turn, id)
    if (current.state === 'active' || current.state === 'partial' || current.state === 'failed') {
      emit(turn, 'step.withdrawn', { step: id, round: current.round })
      resolveExceptions(turn, id)
    }
  }
  closeReviews(turn, goal.kind, review =>
    goal.kind === 'close'
      ? review.code !== 'undo_failed'
      : review.code === 'unsettled' ||
        (review.step !== undefined && steps.includes(review.step) && review.code !== 'undo_failed'),
  )
}

/** Starts the next undo, or ends the compensation once nothing is left to be undone. */
export function goOnCompensating(turn: Turn): void {
  const { compensation } = turn.state
  if (compensation === null) return
  for (;;) {
    const next = nextUndo(turn.definition, turn.state, compensation.steps)
    if (next === 'wait') return
    if (next === 'finished') break
    startUndo(turn, next)
  }
  if (compensation.goal.kind === 'rewind') {
    // What a look-up finds is of this round: in the next one it would be told of something else.
    if (Object.values(turn.state.calls).some(({ step }) => compensation.steps.includes(step))) return
    cancelUnwanted(turn)
    for (const id of compensation.steps) {
      const current = stepState(turn, id)
      if (current.state !== 'waiting') emit(turn, 'step.reset', { step: id, round: current.round + 1 })
    }
    emit(turn, 'compensation.ended', { goal: compensation.goal })
    return
  }
  // Closed means settled: no call in flight, and nothing that a person has yet to decide.
  if (Object.keys(turn.state.calls).length > 0 || Object.keys(turn.state.reviews).length > 0) return
  if (makesWay(compensation.goal) && !haveCome(turn)) return
  const into = cameInPlace(turn.state)
  const lines = untouchedLines(turn.state)
  if (lines.length > 0) emit(turn, 'lines.cancelled', { lines })
  emit(turn, 'compensation.ended', { goal: compensation.goal })
  emit(turn, 'order.closed', { status: compensation.goal.status, ...(into && { into: [...into] }) })
}

/** Once everything is undone the successors are begun; only then may the order close. */
function haveCome(turn: Turn): boolean {
  const { merging } = turn.state
  if (merging?.role === 'member') return mayMemberClose(turn, merging)
  const members = Object.values(merging?.members ?? {})
  switch (turn.state.successors?.phase) {
    case 'undoing': {
      if (isOvertaken(turn)) return false
      if (members.every(({ stands }) => stands === 'ready')) emit(turn, 'successors.due', {})
      return false
    }
    case 'due':
      return false
    default:
      return members.every(({ stands }) => stands === 'closed')
  }
}

/** The lead begins the new order; a member waits to hear of it. */
function mayMemberClose(turn: Turn, { merge, phase }: Member): boolean {
  if (phase === 'undoing' && !isOvertaken(turn)) emit(turn, 'merge.ready', { merge })
  return phase === 'begun'
}

function cameInPlace({ successors, merging, compensation }: OrderState): readonly string[] | undefined {
  if (compensation === null || !makesWay(compensation.goal)) return
  return merging?.role === 'member' ? [merging.into] : successors?.orders
}

function isOvertaken(turn: Turn): boolean {
  const kept = keptText(turn.state)
  if (kept !== undefined) overtake(turn, kept)
  return kept !== undefined
}

/** What could not be taken back: parts would deliver or charge it once more. */
function keptText({ lines, money }: OrderState): string | undefined {
  if (lines.some(line => line.shipped > 0)) return 'goods of it have been shipped'
  return money.capturedMinor > money.refundedMinor ? 'money of it has been kept' : undefined
}

function overtake(turn: Turn, kept: string): void {
  const { merging } = turn.state
  if (merging !== undefined) emit(turn, 'merge.released', { merge: merging.merge, because: kept })
  const steps = turn.definition.steps.map(step => step.id)
  emit(turn, 'compensation.started', { goal: { kind: 'close', status: 'cancelled' }, steps })
  openReview(turn, { code: 'overtaken', message: `no order comes in its place: ${kept} meanwhile`, scope: 'order' })
}
