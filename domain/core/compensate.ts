import type { CompiledDefinition, Step } from '../definition/compiled-definition.ts'
import type { Fact } from '../fact.ts'
import { effectOf } from '../operation.ts'
import { undoInput } from './call-input.ts'
import type { Goal } from './event.ts'
import { factEffect } from './fact-effect.ts'
import { untouchedLines } from './outstanding.ts'
import { raise, resolveExceptions } from './people.ts'
import { closeReviews, failToReview, openReview } from './review.ts'
import type { OrderState } from './state.ts'
import { comesBefore, descendantsOf } from './step-graph.ts'
import { emit, stepNamed, stepState, type Turn } from './turn.ts'
import { undoEffect } from './undo-effect.ts'

/**
 * Once something has been done that cannot be undone, there is no cancelling: a person must look. `among`: going back
 * over these steps is a different matter, for what a person has accepted as kept stays as it is.
 */
export function irreversibleStep(
  definition: CompiledDefinition,
  state: OrderState,
  among?: readonly string[],
): string | undefined {
  return definition.steps.find(step => {
    if (!step.irreversible || (among !== undefined && !among.includes(step.id))) return false
    const current = state.steps[step.id]
    if (current === undefined || current.effect === 'undone') return false
    if (among !== undefined && current.effect === 'kept' && current.state === 'waiting') return false
    return current.effect !== 'none' || current.state === 'done'
  })?.id
}

/**
 * Cancels the order: by undoing what was done, or, past something irreversible, by asking a person. `step`: it is this
 * step that has failed, was rejected or has run out of time, and that the person is then asked about.
 */
export function cancelOrder(turn: Turn, because: string, step?: Step): void {
  if (turn.state.compensation?.goal.kind === 'close') return
  const past = irreversibleStep(turn.definition, turn.state)
  if (past !== undefined) {
    const message = `${because}, but "${past}" has been done and cannot be undone`
    if (step === undefined) openReview(turn, { code: 'irreversible', message, scope: 'order' })
    else failToReview(turn, step, 'irreversible', message)
    return
  }
  compensate(
    turn,
    { kind: 'close', status: 'cancelled' },
    turn.definition.steps.map(step => step.id),
  )
}

/** Goes back to a step: undoes it and everything after it, then begins them anew. */
export function rewindTo(turn: Turn, to: string): void {
  const after = descendantsOf(turn.definition, to)
  const back = turn.definition.steps.map(step => step.id).filter(id => id === to || after.has(id))
  const spent = spentAuthorisations(turn, back)
  const steps = turn.definition.steps.map(step => step.id).filter(id => back.includes(id) || spent.includes(id))
  compensate(turn, { kind: 'rewind', to }, steps)
}

/** A capture that goes back has used up its authorisation: without a new one there would be nothing to capture again. */
function spentAuthorisations({ definition, state }: Turn, back: readonly string[]): string[] {
  const captures = definition.steps.filter(
    step =>
      back.includes(step.id) &&
      step.kind === 'call' &&
      step.effect === 'capture' &&
      state.steps[step.id]?.effect === 'done',
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

/** What came before its step was reached is that step's effect all the same: money has to go back. */
function applyEarlyFacts(turn: Turn): void {
  for (const fact of turn.state.earlyFacts) {
    const step = turn.definition.steps.find(candidate => candidate.kind === 'wait' && candidate.fact === fact.type)
    if (step !== undefined) applyEarly(turn, fact, step)
  }
}

/** What is reported after its step was undone belongs to a new round: the key of the old one is barred. */
export function beginRoundIfUndone(turn: Turn, id: string): void {
  const { effect, round } = stepState(turn, id)
  if (effect === 'undone') emit(turn, 'step.reset', { step: id, round: round + 1 })
}

/** Books a fact that waited for its step. */
export function applyEarly(turn: Turn, fact: Fact, step: Step): void {
  const booked = factEffect(turn.definition, turn.state, fact)
  const { source, id } = fact
  if (booked.ok && booked.effect !== undefined) beginRoundIfUndone(turn, step.id)
  emit(turn, 'fact.applied', {
    source,
    id,
    step: step.id,
    ...(booked.ok && booked.effect ? { effect: booked.effect } : {}),
  })
  if (booked.ok) return
  raise(turn, { kind: 'mismatch', step: step.id, owner: step.owner, evidence: { fact, problem: booked.problem } })
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
    for (const id of compensation.steps) {
      const current = stepState(turn, id)
      if (current.state !== 'waiting') emit(turn, 'step.reset', { step: id, round: current.round + 1 })
    }
    emit(turn, 'compensation.ended', { goal: compensation.goal })
    return
  }
  // Closed means settled: no call in flight, and nothing that a person has yet to decide.
  if (Object.keys(turn.state.calls).length > 0 || Object.keys(turn.state.reviews).length > 0) return
  const lines = untouchedLines(turn.state)
  if (lines.length > 0) emit(turn, 'lines.cancelled', { lines })
  emit(turn, 'compensation.ended', { goal: compensation.goal })
  emit(turn, 'order.closed', { status: compensation.goal.status })
}

type Next = Step | 'wait' | 'finished'

/**
 * The step to undo next: in reverse order of start, one at a time, and never before everything that came after it is
 * settled. Where an undo has failed, what does not depend on it goes on.
 */
function nextUndo(definition: CompiledDefinition, state: OrderState, steps: readonly string[]): Next {
  const inFlight = Object.values(state.calls).filter(call => call.kind !== 'check')
  if (inFlight.some(call => call.kind === 'undo' && call.cancelling === undefined)) return 'wait'
  const open = definition.steps
    .filter(({ id }) => steps.includes(id) && isUnsettled(state, id))
    .sort((a, b) => state.steps[b.id]!.startedSeq - state.steps[a.id]!.startedSeq)
  if (open.length === 0) return 'finished'
  for (const step of open) {
    const current = state.steps[step.id]!
    if (current.undoFailed || inFlight.some(call => call.step === step.id)) continue
    if (open.some(other => comesBefore(definition, step.id, other.id))) continue
    return step
  }
  return 'wait'
}

function isUnsettled(state: OrderState, id: string): boolean {
  const { effect } = state.steps[id]!
  if (effect === 'done' || effect === 'unknown') return true
  return Object.values(state.calls).some(call => call.step === id && call.kind === 'do')
}

function startUndo(turn: Turn, step: Step): void {
  const current = stepState(turn, step.id)
  if (hasGoneFurther(turn, step)) {
    emit(turn, 'step.retried', { step: step.id, round: current.round, what: 'keep' })
    return
  }
  if (step.kind === 'task' || step.undo === undefined) {
    // It was irreversible, and done (or may have been) although it was no longer wanted.
    emit(turn, 'call.failed', {
      step: step.id,
      round: current.round,
      kind: 'undo',
      code: 'irreversible',
      message: `"${step.id}" cannot be undone`,
      certainty: 'not_done',
    })
    openReview(turn, { step: step.id, code: 'undo_failed', message: `"${step.id}" was done and cannot be undone` })
    return
  }
  beginUndo(turn, step.id)
}

/** Goods that have all been shipped cannot be released, nor those recalled that have been delivered: they are kept. */
function hasGoneFurther(turn: Turn, step: Step): boolean {
  const current = stepState(turn, step.id)
  if (step.kind === 'task' || step.undo === undefined || !current.did?.lines?.length) return false
  const back = undoEffect(effectOf(step.undo), current, turn.state)
  return back.lines !== undefined && back.lines.length === 0
}

function beginUndo(turn: Turn, id: string): void {
  const step = stepNamed(turn.definition, id)
  const current = stepState(turn, id)
  if (step === undefined || step.kind === 'task' || step.undo === undefined) return
  const { order } = turn.state
  const giveUpAfterMs = step.kind === 'call' ? step.retry.giveUpAfterMs : waitUndoGiveUpMs
  emit(turn, 'call.started', {
    step: id,
    round: current.round,
    kind: 'undo',
    operation: step.undo,
    key: `${order.organisation}/${order.orderNo}/${id}/${current.round}`,
    giveUpAt: new Date(Date.parse(turn.at) + giveUpAfterMs).toISOString(),
    input: undoInput(turn.state, step, current),
  })
}

/** A wait has no retry of its own to take over. */
const waitUndoGiveUpMs = 30 * 60_000
