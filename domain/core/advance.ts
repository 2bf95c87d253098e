import type { Step } from '../definition/compiled-definition.ts'
import { enterStep } from './begin-step.ts'
import { goOnCompensating } from './compensate.ts'
import { completeWait } from './complete-step.ts'
import { isSettled } from './outstanding.ts'
import { isPaused, syncClocks } from './pause.ts'
import { openReview } from './review.ts'
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
  const { state } = turn
  if (state.steps[step.id]?.state !== 'waiting' || isPaused(turn, step.id)) return false
  return step.after.every(id => {
    const before = state.steps[id]?.state
    return before === 'done' || before === 'skipped'
  })
}

function closeIfFinished(turn: Turn): void {
  const { state } = turn
  if (state.compensation !== null || Object.keys(state.reviews).length > 0 || Object.keys(state.holds).length > 0)
    return
  if (Object.keys(state.calls).length > 0) return
  const finished = Object.values(state.steps).every(step => step.state === 'done' || step.state === 'skipped')
  if (!finished) return
  const unknown = Object.keys(state.steps).find(id => state.steps[id]?.effect === 'unknown')
  if (isSettled(state) && unknown === undefined) {
    emit(turn, 'order.closed', { status: 'completed' })
    return
  }
  const left = unknown === undefined ? 'not every line has come to its end' : `what "${unknown}" did is not known`
  openReview(turn, { code: 'unsettled', message: `every step is done, but ${left}` })
}
