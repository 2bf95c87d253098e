import type { Problem } from '../problem.ts'
import { calls } from './calls.ts'
import { expressions } from './expressions.ts'
import { facts } from './facts.ts'
import { graph } from './graph.ts'
import { ladders } from './ladders.ts'
import { mayAct } from './may-act.ts'
import { names } from './names.ts'
import { owners } from './owners.ts'
import type { Rule, RuleContext } from './rule.ts'
import { silenceLimit } from './silence-limit.ts'
import { waysOut } from './ways-out.ts'

const rules: readonly Rule[] = [names, graph, owners, ladders, calls, expressions, facts, mayAct, waysOut, silenceLimit]

/** Everything that can be judged by reading the definition alone. */
export function judgeByRules(context: RuleContext): Problem[] {
  return rules.flatMap(rule => rule(context))
}
