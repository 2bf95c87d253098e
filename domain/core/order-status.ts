import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import type { Status } from '../status.ts'
import { isMerging } from './commands/merging.ts'
import type { OrderState, StepState } from './state.ts'

/**
 * The canonical status: closed, compensating, manual review, on hold, then the first active step in the definition's
 * order (DESIGN section 4). An order whose undo waits for a person is in manual review.
 */
export function orderStatus(definition: CompiledDefinition, state: OrderState): Status {
  if (state.closed !== null) return state.closed.status
  const inReview = Object.keys(state.reviews).length > 0
  if (state.compensation !== null && (!inReview || Object.keys(state.calls).length > 0)) return 'compensating'
  if (inReview) return 'manual_review'
  if (Object.keys(state.holds).length > 0 || isMerging(state)) return 'on_hold'
  return activeStep(definition, state)?.countsAs ?? 'received'
}

/** The status as the process names it: its own one where it has one. */
export function ownStatus(definition: CompiledDefinition, state: OrderState): string {
  const canonical = orderStatus(definition, state)
  const step = activeStep(definition, state)
  return step !== undefined && step.countsAs === canonical ? step.status : canonical
}

/** Between two steps (all are done, and a look-up has not come back yet) an order stays where it was. */
function activeStep(definition: CompiledDefinition, state: OrderState) {
  return (
    definition.steps.find(step => isActive(state.steps[step.id])) ??
    definition.steps.findLast(step => state.steps[step.id]?.state === 'done')
  )
}

export function isActive(step: StepState | undefined): boolean {
  return step?.state === 'active' || step?.state === 'partial' || step?.state === 'failed'
}
