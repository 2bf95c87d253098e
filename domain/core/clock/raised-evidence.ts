import type { Step } from '../../definition/compiled-definition.ts'
import type { Fact } from '../../fact.ts'
import { stepNamed, stepState, type Turn } from '../turn.ts'
import type { Subject } from './ladder.ts'

/* What an order's exceptions show: how it should have been, and how it was. */

export function contradiction(fact: Fact, problem: string) {
  return { expected: `a report of ${fact.type} that fits the order`, seen: problem, problem, fact }
}

export function failure(step: Step, code: string, message: string) {
  const expected = step.kind === 'call' ? `${step.do} succeeds` : `"${step.id}" is done`
  return { expected, seen: message, code, message }
}

/** A step that has not moved for so long that more people are told. */
export function lateness(turn: Turn, { id, owner }: Subject) {
  const step = stepNamed(turn.definition, id)
  const since = stepState(turn, id).enteredAt ?? turn.at
  const moved = step?.kind === 'wait' ? `${step.fact} is reported` : `${owner} moves "${id}" on`
  return { expected: `${moved} in time`, seen: 'nothing', since }
}
