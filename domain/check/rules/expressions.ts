import { checkExpression } from '../../expression/expression.ts'
import { Findings, type Rule } from './rule.ts'

/** Entry conditions type-check. */
export const expressions: Rule = ({ definition }) => {
  const found = new Findings()
  definition.steps.forEach((step, index) => {
    if (step.when === undefined) return
    const checked = checkExpression(step.when)
    if (checked.ok) return
    found.add('bad_expression', ['steps', index, 'when'], step.id, `Correct the condition: ${checked.reason}.`)
  })
  return found.problems
}
