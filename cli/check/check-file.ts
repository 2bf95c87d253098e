import { readFileSync } from 'node:fs'
import type { Surroundings } from '../../config/processes.ts'
import { readYaml } from '../../config/read-yaml.ts'
import { type CheckOptions, type CheckReport, checkDefinition } from '../../domain/check/check-definition.ts'
import type { Problem } from '../../domain/check/problem.ts'

export type FileProblem = Omit<Problem, 'path'> & { readonly line: number }
export type FileReport = Omit<CheckReport, 'problems'> & { readonly problems: readonly FileProblem[] }

/**
 * Checks the definition in a YAML file against the rest of a `processes/` folder, with the line of each problem.
 * @throws if the file cannot be read.
 */
export function checkFile(file: string, surroundings: Surroundings, options: CheckOptions): FileReport {
  const read = readYaml(readFileSync(file, 'utf8'))
  if (read.problems.length > 0) {
    const problems = read.problems.map(({ line, message }) => {
      return { code: 'yaml' as const, line, step: null, mend: `Correct the YAML: ${message}.` }
    })
    return { result: 'refused', problems, steps: [], states: 0, dayMs: 0 }
  }
  const report = checkDefinition({ ...surroundings, definition: read.value }, options)
  const problems = report.problems.map(({ path, ...problem }) => ({ ...problem, line: read.lineOf(path) }))
  return { ...report, problems: problems.sort((a, b) => a.line - b.line) }
}
