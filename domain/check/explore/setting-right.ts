import type { Command } from '../../core/commands/command.ts'
import type { OrderState } from '../../core/state.ts'
import { descendantsOf } from '../../core/steps/step-graph.ts'
import type { CompiledDefinition, Step } from '../../definition/compiled-definition.ts'

/*
 * What people may set right by hand, as far as the order's state fits it; the core refuses the rest. Left out is what
 * leads nowhere else: an override that says what an outside system may report is among the facts, `done`, `not_done` and
 * `undone` are a call that comes back so, and a rollback to before one step is a send back to that step.
 */

export interface Asking {
  readonly command: Command
  /** None: it is about the whole order. */
  readonly step?: Step
}

const why = { reason: 'explored' }
const known = { ...why, evidence: 'explored' }

export function settingRight(definition: CompiledDefinition, state: OrderState): Asking[] {
  const asked: Asking[] = []
  let isStopped = false
  for (const id in state.reviews) if (state.reviews[id]!.step === undefined) isStopped = true
  for (const step of definition.steps) {
    const { state: phase, undoFailed } = state.steps[step.id]!
    const about = (command: Command) => asked.push({ command, step })
    // Of a task under way it is no other than its approval.
    if (phase === 'failed' || (phase === 'active' && (step.kind === 'wait' || step.irreversible))) {
      about({ type: 'skip', step: step.id, ...why })
    }
    if (undoFailed) about({ type: 'override', status: 'kept', step: step.id, ...known })
    const isOver = state.compensation === null && (phase === 'done' || phase === 'skipped')
    if (isOver && (isStopped || !isBeforeOne(definition, step.id))) {
      asked.push({ command: { type: 'rollback', to: step.id, ...why } })
    }
  }
  const lost = Object.keys(state.parcels).find(id => state.parcels[id]!.state === 'lost')
  if (lost !== undefined) {
    asked.push({ command: { type: 'override', status: 'written_off', data: { parcel: lost }, ...known } })
  }
  return asked
}

/** Everything after it begins with one and the same step. */
function isBeforeOne(definition: CompiledDefinition, id: string): boolean {
  const after = descendantsOf(definition, id)
  for (const next of after) if (descendantsOf(definition, next).size === after.size - 1) return true
  return false
}
