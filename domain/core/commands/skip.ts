import type { Refusal } from '../input.ts'
import { isApproval } from '../steps/is-approval.ts'
import { passOver } from '../steps/pass-over.ts'
import { stepState, type Turn } from '../turn.ts'
import { chosen } from './chosen-step.ts'
import { refuse } from './refuse.ts'

/** Passes a step over: the order goes on as if its condition did not hold. */
export function skip(turn: Turn, named: string | undefined): Refusal | undefined {
  const step = chosen(turn, 'skip', named)
  if ('ok' in step) return step
  if (turn.state.compensation !== null) return refuse('not_applicable', 'the order is being undone')
  if (isApproval(step) && !turn.confirmed) {
    return refuse('not_applicable', `"${step.id}" is an approval: it is skipped only where a second person confirms`)
  }
  const { effect } = stepState(turn, step.id)
  if (effect === 'unknown') {
    return refuse('not_applicable', `what "${step.id}" did is not known: send it back, or override it with evidence`)
  }
  if (effect === 'done') {
    return refuse('not_applicable', `"${step.id}" has done something already: retry it, or send it back`)
  }
  passOver(turn, step, { because: 'command' })
  return
}
