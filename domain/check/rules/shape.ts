import { type Definition, definitionSchema } from '../../definition/definition-schema.ts'
import { shapeProblems } from '../../definition/shape-problems.ts'
import type { Problem, ProblemCode } from '../problem.ts'

const durations = ['after', 'every', 'initial', 'maximum', 'giveUpAfter', 'task', 'wait']

/** A definition in the right shape, or what is wrong with it: unknown keys, values of another form. */
export function shape(value: unknown): { readonly definition?: Definition; readonly problems: Problem[] } {
  const parsed = definitionSchema.safeParse(value)
  if (parsed.success) return { definition: parsed.data, problems: [] }
  const problems = shapeProblems(parsed.error).map(({ path, message, unknownKey }): Problem => {
    const where = path.join('.')
    const step = stepOf(value, path)
    if (unknownKey) return { code: 'unknown_key', path, step, mend: `Remove or rename "${where}": nothing reads it.` }
    const last = path.at(-1)
    const text = valueAt(value, path)
    const code: ProblemCode =
      durations.includes(String(last)) && text !== undefined && !Array.isArray(text) ? 'bad_duration' : 'bad_value'
    return { code, path, step, mend: `Correct "${where}": ${message}.` }
  })
  return { problems }
}

function stepOf(value: unknown, path: readonly PropertyKey[]): string | null {
  if (path[0] !== 'steps' || typeof path[1] !== 'number') return null
  const id = valueAt(value, ['steps', path[1], 'id'])
  return typeof id === 'string' ? id : null
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined
    here = (here as Record<PropertyKey, unknown>)[part]
  }
  return here
}
