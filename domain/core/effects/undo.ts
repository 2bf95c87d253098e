import type { CompiledDefinition, Step } from '../../definition/compiled-definition.ts'
import { effectOf } from '../../operation.ts'
import type { OrderState } from '../state.ts'
import { undoInput } from '../steps/call-input.ts'
import { openReview } from '../steps/review.ts'
import { comesBefore } from '../steps/step-graph.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'
import { undoEffect } from './undo-effect.ts'

type Next = Step | 'wait' | 'finished'

/**
 * The step to undo next: in reverse order of start, one at a time, and never before everything that came after it is
 * settled. Where an undo has failed, what does not depend on it goes on.
 */
export function nextUndo(definition: CompiledDefinition, state: OrderState, steps: readonly string[]): Next {
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

/** Takes back what a step did, or says why that cannot be. */
export function startUndo(turn: Turn, step: Step): void {
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
