import type { Step } from '../../definition/compiled-definition.ts'

/** Nobody's silence is a yes, and no single person's wish to go on without one. */
export function isApproval(step: Step): boolean {
  return step.kind === 'task' && step.countsAs === 'pending_approval'
}
