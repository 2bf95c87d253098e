import type { z } from 'zod'

/** What is wrong with the shape of a document, and where. */
export interface ShapeProblem {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** The path's last part is a key that nothing reads. */
  readonly unknownKey?: true
}

type Issue = z.core.$ZodIssue

/** The issues of a schema, one for each thing to mend: of a union's variants, those of the one that was meant. */
export function shapeProblems(error: z.ZodError): ShapeProblem[] {
  return error.issues.flatMap(issue => problemsOf(issue, []))
}

function problemsOf(issue: Issue, around: readonly PropertyKey[]): ShapeProblem[] {
  const path = [...around, ...issue.path]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => ({ path: [...path, key], message: `"${key}" is not known here`, unknownKey: true }))
    case 'invalid_union': {
      const meant = variantMeant(issue.errors)
      if (meant !== undefined) return meant.flatMap(inner => problemsOf(inner, path))
      return [{ path, message: issue.message === 'Invalid input' ? unionMessage(issue) : issue.message }]
    }
    case 'invalid_key':
      return issue.issues.map(inner => ({ path, message: `the name "${String(path.at(-1))}": ${inner.message}` }))
    default:
      return [{ path, message: issue.message }]
  }
}

/** The variant with the fewest issues, if it is the only one. */
function variantMeant(variants: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fewest = Math.min(...variants.map(issues => issues.length))
  const best = variants.filter(issues => issues.length === fewest)
  return best.length === 1 ? best[0] : undefined
}

function unionMessage(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const options = (issue as { options?: readonly unknown[] }).options
  return options === undefined ? 'none of the forms that are possible here' : `one of ${options.join(', ')}`
}
