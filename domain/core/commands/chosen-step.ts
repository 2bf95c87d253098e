import type { Step } from '../../definition/compiled-definition.ts'
import type { Refusal } from '../input.ts'
import { stepsFor } from '../inputs/steps-for.ts'
import { stepState, type Turn } from '../turn.ts'
import type { CommandType } from './command.ts'
import { refuse } from './refuse.ts'

/** The step it names, or the one that the command fits. */
export function chosen(turn: Turn, type: CommandType, named: string | undefined): Step | Refusal {
  const fitting = stepsFor(turn.definition, turn.state, type)
  if (named === undefined) return fitting[0] ?? refuse('not_applicable', `the order has no step to ${type} now`)
  const step = fitting.find(candidate => candidate.id === named)
  return step ?? refuse('not_applicable', `"${named}" is ${stepState(turn, named).state}: nothing to ${type} there`)
}
