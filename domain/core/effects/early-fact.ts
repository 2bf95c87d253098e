import type { Step } from '../../definition/compiled-definition.ts'
import type { Fact } from '../../fact.ts'
import { raise } from '../clock/people.ts'
import { contradiction } from '../clock/raised-evidence.ts'
import { emit, stepState, type Turn } from '../turn.ts'
import { factEffect } from './fact-effect.ts'

/** What came before its step was reached is that step's effect all the same: money has to go back. */
export function applyEarlyFacts(turn: Turn): void {
  for (const fact of turn.state.earlyFacts) {
    const step = turn.definition.steps.find(candidate => candidate.kind === 'wait' && candidate.fact === fact.type)
    if (step !== undefined) applyEarly(turn, fact, step)
  }
}

/** Books a fact that waited for its step. */
export function applyEarly(turn: Turn, fact: Fact, step: Step): void {
  const booked = factEffect(turn.definition, turn.state, fact)
  const { source, id } = fact
  if (booked.ok && booked.effect !== undefined) beginRoundIfUndone(turn, step.id)
  emit(turn, 'fact.applied', {
    source,
    id,
    step: step.id,
    ...(booked.ok && booked.effect ? { effect: booked.effect } : {}),
  })
  if (booked.ok) return
  raise(turn, { kind: 'mismatch', step: step.id, owner: step.owner, evidence: contradiction(fact, booked.problem) })
}

/** What is reported after its step was undone belongs to a new round: the key of the old one is barred. */
export function beginRoundIfUndone(turn: Turn, id: string): void {
  const { effect, round } = stepState(turn, id)
  if (effect === 'undone') emit(turn, 'step.reset', { step: id, round: round + 1 })
}
