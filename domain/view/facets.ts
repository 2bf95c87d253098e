import { payableMinor } from '../core/effects/outstanding.ts'
import { isActive } from '../core/order-status.ts'
import type { LineState, OrderState, StepState } from '../core/state.ts'
import type { CompiledDefinition, Facet } from '../definition/compiled-definition.ts'

/** How far one side of an order has come (DESIGN section 4): one status can hide the rest. */
export type FacetState = 'none' | 'pending' | 'partial' | 'done' | 'failed' | 'undone'
export type Facets = Readonly<Record<Facet, FacetState>>

export function facetsOf(definition: CompiledDefinition, state: OrderState): Facets {
  return {
    approval: facet(definition, state, 'approval', 'nothing'),
    payment: facet(definition, state, 'payment', paid(state)),
    fulfilment: facet(definition, state, 'fulfilment', fulfilled(state)),
  }
}

/** What the amounts or quantities alone say. */
type Progress = 'nothing' | 'part' | 'all'

function facet(definition: CompiledDefinition, state: OrderState, name: Facet, progress: Progress): FacetState {
  const steps = definition.steps
    .filter(step => step.facet === name)
    .map(step => state.steps[step.id])
    .filter((step): step is StepState => step !== undefined && step.state !== 'skipped')
  if (steps.length === 0) return withoutSteps(progress)
  if (steps.some(hasFailed)) return 'failed'
  if (steps.every(isDone)) return 'done'
  if (progress === 'part' || steps.some(step => step.state === 'partial')) return 'partial'
  if (steps.some(step => isActive(step) || isDone(step))) return 'pending'
  return steps.some(step => step.effect === 'undone') ? 'undone' : 'none'
}

function hasFailed(step: StepState): boolean {
  const rejected = step.state === 'withdrawn' && step.doneBy !== undefined
  return step.state === 'failed' || step.undoFailed === true || rejected
}

function isDone(step: StepState): boolean {
  return step.state === 'done' && step.effect !== 'undone'
}

/** Facts alone may have paid for or delivered an order whose process has no step for it. */
function withoutSteps(progress: Progress): FacetState {
  switch (progress) {
    case 'nothing':
      return 'none'
    case 'part':
      return 'partial'
    case 'all':
      return 'done'
    default:
      return progress satisfies never
  }
}

function paid(state: OrderState): Progress {
  const { authorisedMinor, capturedMinor, refundedMinor } = state.money
  const payable = payableMinor(state)
  if (state.flow === 'return') return share(refundedMinor, Math.min(payable, capturedMinor))
  const kept = capturedMinor - refundedMinor
  return kept === 0 ? begun(authorisedMinor, payable) : share(kept, payable)
}

function fulfilled(state: OrderState): Progress {
  const sum = (count: (line: LineState) => number) => state.lines.reduce((total, line) => total + count(line), 0)
  const wanted = sum(line => line.ordered - line.cancelled)
  if (state.flow === 'return')
    return share(
      sum(line => line.returned),
      wanted,
    )
  const delivered = sum(line => line.delivered)
  return delivered === 0
    ? begun(
        sum(line => line.shipped),
        wanted,
      )
    : share(delivered, wanted)
}

function share(done: number, wanted: number): Progress {
  if (done === 0) return 'nothing'
  return done < wanted ? 'part' : 'all'
}

/** The first half of the way (authorised, shipped) shows only where it is less than asked: the whole of it is pending. */
function begun(done: number, wanted: number): Progress {
  return share(done, wanted) === 'part' ? 'part' : 'nothing'
}
