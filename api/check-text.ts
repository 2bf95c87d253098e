import { readYaml } from '../config/read-yaml.ts'
import { checkDefinition } from '../domain/check/check-definition.ts'
import type { CheckTask } from './process-check.ts'

/** What the check says of a definition: the shape of `nolimbo check --json` (DESIGN section 6). */
export interface CheckReport {
  readonly result: 'proven' | 'refused' | 'unproven'
  readonly problems: readonly {
    readonly code: string
    /** From 1. */
    readonly line: number
    readonly step: string | null
    /** One sentence that says what to change. */
    readonly mend: string
  }[]
  readonly steps: readonly {
    readonly step: string
    readonly states: number
    /** Until a person is told or the order is closed, at worst, with nobody acting. */
    readonly toPerson: WorstCase
    /** Until it is closed, or rests with a person who is told again and again. */
    readonly toEnd: WorstCase
  }[]
  /** How many were visited. */
  readonly states: number
}

/** In ms, of working time and by the wall clock; null: for ever. */
export interface WorstCase {
  readonly workingMs: number | null
  readonly wallMs: number | null
}

export function checkText({ text, organisation, surroundings, from }: CheckTask): CheckReport {
  const read = readYaml(text)
  if (read.problems.length > 0) {
    const problems = read.problems.map(({ line, message }) => ({ code: 'yaml', line, step: null, mend: message }))
    return { result: 'refused', problems, steps: [], states: 0 }
  }
  const report = checkDefinition({ ...surroundings, definition: read.value }, { from, organisation })
  const problems = report.problems.map(({ code, path, step, mend }) => ({ code, line: read.lineOf(path), step, mend }))
  return {
    result: report.result,
    problems: problems.sort((a, b) => a.line - b.line),
    steps: report.steps.map(({ step, states, toPerson, toEnd }) => ({
      step,
      states,
      toPerson: worstCase(toPerson),
      toEnd: worstCase(toEnd),
    })),
    states: report.states,
  }
}

/** JSON has no infinity. */
function worstCase({ workingMs, wallMs }: { readonly workingMs: number; readonly wallMs: number }): WorstCase {
  const finite = (ms: number) => (Number.isFinite(ms) ? ms : null)
  return { workingMs: finite(workingMs), wallMs: finite(wallMs) }
}
