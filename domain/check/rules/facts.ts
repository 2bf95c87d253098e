import { standardFacts } from '../../fact.ts'
import { Findings, type Rule } from './rule.ts'

/** Every standard fact has an entry, and no entry is one that nothing reads. */
export const facts: Rule = ({ definition }) => {
  const found = new Findings()
  const awaited = new Map(
    definition.steps.flatMap(step => (step.kind === 'wait' ? [[step.fact, step.id] as const] : [])),
  )
  const entries = [
    { path: ['on'] as PropertyKey[], step: null, on: definition.on ?? {} },
    ...definition.steps.map((step, index) => ({ path: ['steps', index, 'on'], step: step.id, on: step.on ?? {} })),
  ]
  for (const fact of standardFacts) {
    if (awaited.has(fact) || entries.some(({ on }) => Object.hasOwn(on, fact))) continue
    found.add(
      'fact_missing',
      ['on'],
      null,
      `Say under "on" what an order does with "${fact}": cancel, review, record or ignore.`,
    )
  }
  for (const { path, step, on } of entries) {
    for (const fact of Object.keys(on)) {
      const by = awaited.get(fact)
      if (by === undefined) continue
      found.add('fact_unused', [...path, fact], step, `Remove this entry: "${by}" waits for "${fact}".`)
    }
  }
  return found.problems
}
