import type { CompiledCalendar } from '../calendar/compile-calendar.ts'
import { compileDefinition } from '../definition/compile-definition.ts'
import type { CompiledDefinition, Idempotency } from '../definition/compiled-definition.ts'
import type { Directory } from '../directory.ts'
import { parseDuration } from '../parse-duration.ts'
import type { Matrix } from '../permission/permission.ts'
import { withoutThoseWhoLeft } from '../presence.ts'
import { silence } from './explore/bounds.ts'
import { WorstCases } from './explore/cost.ts'
import { explore } from './explore/explore.ts'
import { settingFor } from './explore/setting.ts'
import type { Problem } from './problem.ts'
import { judgeByRules } from './rules/rules.ts'
import { shape } from './rules/shape.ts'
import { judgeEnds } from './verdict/judge-ends.ts'
import { judgeSilence } from './verdict/judge-silence.ts'
import { type StepReport, stepReports } from './verdict/step-reports.ts'

/** What a definition is checked against: what of the `processes/` folder concerns it. */
export interface CheckInput {
  /** As read from YAML or JSON, or already in shape. */
  readonly definition: unknown
  readonly calendars: Readonly<Record<string, CompiledCalendar>>
  readonly directory: Directory
  readonly matrices: Readonly<Record<string, Matrix>>
  readonly operations: Readonly<Record<string, Idempotency>>
}

export interface CheckOptions {
  /** Now, ISO 8601: holidays are judged from here to the calendar's horizon. */
  readonly from: string
  readonly organisation?: string
  /** The installation's bounds on silence. */
  readonly maximumSilence?: { readonly task: string; readonly wait: string }
  /** More states than this and the verdict is `unproven`. */
  readonly maximumStates?: number
  /** Asked before each state; true: the verdict is `unproven`. */
  readonly shouldStop?: () => boolean
}

export interface CheckReport {
  readonly result: 'proven' | 'refused' | 'unproven'
  readonly problems: readonly Problem[]
  readonly steps: readonly StepReport[]
  /** How many states were visited. */
  readonly states: number
  /** Working time of a day in the process's calendar, in ms; 0 if it was not judged that far. */
  readonly dayMs: number
}

export const defaultSilence = { task: '3d', wait: '10d' } as const
export const defaultMaximumStates = 200_000
/** What travels in the input of every order's workflow. */
const largestCompiledBytes = 16 * 1024

/**
 * The no-limbo check: by rules, and then by exploring what the core itself makes of the definition. `proven` is said
 * only when everything has been visited (see `not-covered.ts` for what that is).
 */
export function checkDefinition(input: CheckInput, options: CheckOptions): CheckReport {
  const shaped = shape(input.definition)
  if (shaped.definition === undefined) return refused(shaped.problems)
  const { definition } = shaped
  const { calendars, matrices } = input
  const directory = withoutThoseWhoLeft(input.directory, options.from)
  const { organisation = 'main', maximumSilence = defaultSilence } = options
  const operations = Object.keys(input.operations)
  const byRules = judgeByRules({
    definition,
    calendars,
    directory,
    organisation,
    matrices,
    operations,
    maximumSilence,
  })
  if (byRules.length > 0) return refused(byRules)

  const compiled = compileDefinition(definition, calendars, input.operations)
  const large = tooLarge(compiled)
  if (large !== undefined) return refused([large])

  const calendar = compiled.calendars[compiled.calendar]!
  const { dayMs } = calendar
  const worst = new WorstCases(calendar, options.from)
  const setting = settingFor(compiled, matrices[compiled.permissions]!, { directory, organisation, worst })
  const most = options.maximumStates ?? defaultMaximumStates
  const { nodes, complete } = explore(setting, states => states <= most && !options.shouldStop?.())
  if (!complete)
    return { result: 'unproven', problems: [unproven(nodes.length)], steps: [], states: nodes.length, dayMs }

  const total = silence(nodes)
  const steps = stepReports(compiled, nodes, worst, total)
  const ends = judgeEnds(compiled, nodes)
  // What is in limbo is silent, and so is all that leads to it: once is enough.
  if (ends.some(({ code }) => code === 'limbo'))
    return { result: 'refused', problems: ends, steps, states: nodes.length, dayMs }
  const bounds = {
    task: [compiled.silence.task, parseDuration(maximumSilence.task)!],
    wait: [compiled.silence.wait, parseDuration(maximumSilence.wait)!],
  }
  const problems = [...ends, ...judgeSilence(compiled, nodes, worst, { total, bounds })]
  return { result: problems.length === 0 ? 'proven' : 'refused', problems, steps, states: nodes.length, dayMs }
}

function refused(problems: readonly Problem[]): CheckReport {
  return { result: 'refused', problems, steps: [], states: 0, dayMs: 0 }
}

function tooLarge(compiled: CompiledDefinition): Problem | undefined {
  const bytes = new TextEncoder().encode(JSON.stringify(compiled)).length
  if (bytes <= largestCompiledBytes) return
  const mend = `Make the definition smaller: with its calendars it takes ${bytes} bytes, and at most ${largestCompiledBytes} travel with each order.`
  return { code: 'too_large', path: ['steps'], step: null, mend }
}

function unproven(states: number): Problem {
  const mend = `Make the definition simpler (fewer steps side by side), or allow more than the ${states} states that were visited: not all could be.`
  return { code: 'unproven', path: ['steps'], step: null, mend }
}
