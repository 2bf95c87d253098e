import { ancestors, Findings, type Rule } from './rule.ts'

/** The order of the steps: no circle, and once `after` is used every later step states it. */
export const graph: Rule = ({ definition: { steps } }) => {
  const found = new Findings()
  const first = steps.findIndex(step => step.after !== undefined)
  steps.forEach((step, index) => {
    if (ancestors(steps, step.id).has(step.id)) {
      const mend = `Change "after" so that "${step.id}" does not come before itself.`
      found.add('cycle', ['steps', index, 'after'], step.id, mend)
    }
    if (step.after === undefined && first >= 0 && index > first) {
      const mend = `State "after" of "${step.id}": the step "${steps[first]!.id}" before it does.`
      found.add('after_missing', ['steps', index], step.id, mend)
    }
  })
  return found.problems
}
