import { checkExpression } from '../../expression/expression.ts'
import { Findings, type Rule } from './rule.ts'

/** Entry conditions type-check, and tell one order from another. */
export const expressions: Rule = ({ definition }) => {
  const found = new Findings()
  definition.steps.forEach((step, index) => {
    if (step.when === undefined) return
    const checked = checkExpression(step.when)
    const path = ['steps', index, 'when']
    if (checked.ok) {
      if (/\border\b/.test(step.when)) return
      found.add('bad_expression', path, step.id, 'Let the condition look at the order: it says the same of every one.')
      return
    }
    found.add('bad_expression', path, step.id, `Correct the condition: ${checked.reason}.`)
  })
  return found.problems
}
