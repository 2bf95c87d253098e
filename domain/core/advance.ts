import type { Step } from '../definition/compiled-definition.ts'
import { isPaused, syncClocks } from './clock/pause.ts'
import { isMerging } from './commands/merging.ts'
import { goOnCompensating } from './effects/compensate.ts'
import { isSettled } from './effects/outstanding.ts'
import type { StepState } from './state.ts'
import { enterStep } from './steps/begin-step.ts'
import { completeWait } from './steps/complete-step.ts'
import { openReview } from './steps/review.ts'
import { ancestorsOf } from './steps/step-graph.ts'
import { emit, stepState, type Turn } from './turn.ts'

/** Everything that follows by itself from what has just happened: steps entered, undos begun, the order closed. */
export function advance(turn: Turn): void {
  if (turn.state.closed !== null) return
  goOnCompensating(turn)
  if (turn.state.closed === null && turn.state.compensation === null) {
    moveSteps(turn)
    closeIfFinished(turn)
  }
  if (turn.state.closed === null) syncClocks(turn)
}

/** Enters the steps that are ready; a wait may be over without a fact, because lines were cancelled. */
function moveSteps(turn: Turn): void {
  let moved = true
  while (moved) {
    const { seq } = turn.state
    for (const step of turn.definition.steps) {
      if (isReady(turn, step)) enterStep(turn, step)
      else if (step.kind === 'wait' && stepState(turn, step.id).state === 'active') completeWait(turn, step)
    }
    moved = turn.state.seq !== seq
  }
}

function isReady(turn: Turn, step: Step): boolean {
  const { steps } = turn.state
  if (steps[step.id]?.state !== 'waiting') return false
  // Not only what it names: an amend may have reopened an early step behind one that stays done.
  for (const id of ancestorsOf(turn.definition, step.id)) if (!isOver(steps[id])) return false
  return !isPaused(turn, step.id)
}

function isOver(step: StepState | undefined): boolean {
  return step?.state === 'done' || step?.state === 'skipped'
}

function isAny(record: Readonly<Record<string, unknown>>): boolean {
  for (const _ in record) return true
  return false
}

function closeIfFinished(turn: Turn): void {
  const { state } = turn
  if (isMerging(state)) return
  for (const step of turn.definition.steps) if (!isOver(state.steps[step.id])) return
  if (state.compensation !== null || isAny(state.reviews) || isAny(state.holds) || isAny(state.calls)) return
  const unknown = Object.keys(state.steps).find(id => state.steps[id]?.effect === 'unknown')
  if (isSettled(state) && unknown === undefined) {
    emit(turn, 'order.closed', { status: 'completed' })
    return
  }
  const left = unknown === undefined ? 'not every line has come to its end' : `what "${unknown}" did is not known`
  openReview(turn, { code: 'unsettled', message: `every step is done, but ${left}` })
}
