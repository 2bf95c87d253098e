import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import type { OrderState } from '../state.ts'

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
