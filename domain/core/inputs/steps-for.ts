import type { CompiledDefinition, Step } from '../../definition/compiled-definition.ts'
import type { Command } from '../commands/command.ts'
import { isActive } from '../order-status.ts'
import type { OrderState, StepPhase } from '../state.ts'

/** The steps that a command fits now. */
export function stepsFor(definition: CompiledDefinition, state: OrderState, type: Command['type']): readonly Step[] {
  const inPhase = (...phases: StepPhase[]) =>
    definition.steps.filter(step => phases.includes(state.steps[step.id]?.state ?? 'waiting'))
  switch (type) {
    case 'approve':
    case 'reject':
      return inPhase('active').filter(step => step.kind === 'task')
    case 'send_back':
      return inPhase('active', 'partial', 'failed')
    case 'claim':
    case 'transfer':
      return definition.steps.filter(({ id }) => isActive(state.steps[id]) || state.steps[id]?.undoFailed)
    case 'retry':
      return definition.steps.filter(step => {
        const current = state.steps[step.id]
        return current?.state === 'failed' || current?.state === 'partial' || current?.undoFailed
      })
    case 'skip':
      return definition.steps.filter(step => isSkippable(state, step))
    case 'override':
      return definition.steps.filter(({ id }) => isActive(state.steps[id]) || state.steps[id]?.undoFailed)
    case 'hold':
    case 'release':
    case 'cancel':
    case 'recompute_deadlines':
    case 'void':
    case 'rollback':
    case 'amend':
    case 'migrate':
    case 'split':
    case 'merge':
    case 'confirm':
    case 'decline':
      return []
    default:
      return type satisfies never
  }
}

/** A step that a person must move on, and that has done nothing in the world: there is nothing to take back. */
function isSkippable(state: OrderState, step: Step): boolean {
  const current = state.steps[step.id]
  if (current === undefined || current.undoFailed) return false
  if (current.state !== 'failed' && (current.state !== 'active' || step.kind === 'call')) return false
  return !Object.values(state.calls).some(call => call.step === step.id && call.kind === 'do')
}
