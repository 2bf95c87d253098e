import type { LoadedProcesses } from '../config/processes.ts'
import { readYaml } from '../config/read-yaml.ts'
import { compileDefinition } from '../domain/definition/compile-definition.ts'
import { definitionSchema } from '../domain/definition/definition-schema.ts'
import { shapeProblems } from '../domain/definition/shape-problems.ts'

/** What the check says of a definition (DESIGN section 6): the shape of `nolimbo check --json`. */
export interface CheckReport {
  readonly result: 'proven' | 'refused' | 'unproven'
  readonly problems: readonly CheckProblem[]
  readonly steps: readonly unknown[]
  /** How many states were visited. */
  readonly states: number
}

export interface CheckProblem {
  readonly code: string
  /** From 1. */
  readonly line: number
  readonly step?: string
  /** What is wrong, and how to mend it. */
  readonly mend: string
}

/** Checks a definition as it is written, in YAML or JSON. Never throws because of what is written there. */
export type CheckProcess = (text: string) => CheckReport | Promise<CheckReport>

/** Judges the shape alone: what passes is `unproven`, for nobody has explored where its orders can get to. */
export function checkShape(processes: Pick<LoadedProcesses, 'calendars' | 'operations'>): CheckProcess {
  return text => {
    const problems = shapeProblemsOf(text, processes)
    return { result: problems.length > 0 ? 'refused' : 'unproven', problems, steps: [], states: 0 }
  }
}

function shapeProblemsOf(text: string, processes: Pick<LoadedProcesses, 'calendars' | 'operations'>): CheckProblem[] {
  const read = readYaml(text)
  if (read.problems.length > 0) return read.problems.map(({ line, message }) => ({ code: 'yaml', line, mend: message }))
  const definition = definitionSchema.safeParse(read.value)
  if (!definition.success) {
    return shapeProblems(definition.error).map(({ path, message, unknownKey }) => ({
      code: unknownKey ? 'unknown_key' : 'shape',
      line: read.lineOf(path),
      mend: `${path.join('.')}: ${message}`,
    }))
  }
  try {
    compileDefinition(definition.data, processes.calendars, processes.operations)
    return []
  } catch (error) {
    return [{ code: 'unknown_calendar', line: read.lineOf(['calendar']), mend: (error as Error).message }]
  }
}
