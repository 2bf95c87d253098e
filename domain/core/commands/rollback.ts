import { rewindAfter } from '../effects/compensate.ts'
import { irreversibleStep } from '../effects/irreversible.ts'
import type { Refusal } from '../input.ts'
import { closeReviews } from '../steps/review.ts'
import { descendantsOf } from '../steps/step-graph.ts'
import { stepNamed, stepState, type Turn } from '../turn.ts'
import { refuse } from './refuse.ts'

/** Takes back what came after a step, in reverse order, and goes on from there; the step itself stays done. */
export function rollback(turn: Turn, to: string): Refusal | undefined {
  if (turn.state.compensation !== null) return refuse('not_applicable', 'the order is being undone')
  const { state } = stepState(turn, to)
  if (state !== 'done' && state !== 'skipped') {
    return refuse('not_applicable', `"${to}" is ${state}: there is nothing after it`, 'to')
  }
  const after = [...descendantsOf(turn.definition, to)]
  if (after.every(id => stepState(turn, id).startedSeq === 0)) {
    return refuse('not_applicable', `nothing after "${to}" has been begun`, 'to')
  }
  const past = irreversibleStep(turn.definition, turn.state, after)
  if (past !== undefined) return refuse('irreversible', `"${past}" has been done and cannot be undone`, 'to')
  const open = Object.values(turn.state.calls).find(
    call => call.kind === 'do' && after.includes(call.step) && stepNamed(turn.definition, call.step)?.irreversible,
  )
  if (open !== undefined) return refuse('irreversible', `what becomes of "${open.step}" is not known yet`, 'to')
  rewindAfter(turn, to)
  // Whoever goes back has looked into why the order stood still.
  closeReviews(turn, 'rollback', review => review.step === undefined)
  return
}
