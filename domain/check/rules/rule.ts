import type { CompiledCalendar } from '../../calendar/compile-calendar.ts'
import type { Definition, StepDefinition } from '../../definition/definition-schema.ts'
import type { Directory } from '../../directory.ts'
import type { Matrix } from '../../permission/permission.ts'
import type { Problem, ProblemCode } from '../problem.ts'

/** What a definition is judged against. */
export interface RuleContext {
  readonly definition: Definition
  readonly calendars: Readonly<Record<string, CompiledCalendar>>
  readonly directory: Directory
  readonly organisation: string
  readonly matrices: Readonly<Record<string, Matrix>>
  /** Names of the operations that the connectors offer. */
  readonly operations: readonly string[]
  /** The installation's bounds on silence, as durations. */
  readonly maximumSilence: { readonly task: string; readonly wait: string }
}

export type Rule = (context: RuleContext) => Problem[]

/** Collects the problems of one step, or of the definition as a whole. */
export class Findings {
  readonly problems: Problem[] = []

  add(code: ProblemCode, path: readonly PropertyKey[], step: string | null, mend: string): void {
    this.problems.push({ code, path, step, mend })
  }
}

/** What each step waits for: without `after`, the step before it. */
export function predecessors(steps: readonly StepDefinition[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    steps.map((step, index) => {
      const before = steps[index - 1]
      return [step.id, step.after ?? (before === undefined ? [] : [before.id])]
    }),
  )
}

/** Every step that comes before a step, directly or not. */
export function ancestors(steps: readonly StepDefinition[], id: string): ReadonlySet<string> {
  const before = predecessors(steps)
  const found = new Set<string>()
  const queue = [...(before.get(id) ?? [])]
  for (const next of queue) {
    if (found.has(next)) continue
    found.add(next)
    queue.push(...(before.get(next) ?? []))
  }
  return found
}
