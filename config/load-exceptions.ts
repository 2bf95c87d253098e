import type { CompiledCalendar } from '../domain/calendar/compile-calendar.ts'
import { durationMs } from '../domain/calendar/working-time.ts'
import { type Directory, isReachable, resolve } from '../domain/directory.ts'
import { parseDuration } from '../domain/duration.ts'
import type { ExceptionRules } from '../domain/exception/exception-rules.ts'
import {
  compileExceptionRules,
  type ExceptionRulesFile,
  type ExceptionRungDefinition,
  exceptionRulesSchema,
} from '../domain/exception/exception-rules-schema.ts'
import type { ProcessesFolder } from './processes-folder.ts'
import { usualExceptions } from './usual-files.ts'

const file = 'exceptions.yaml'

type Report = (path: readonly PropertyKey[], message: string) => void

/** `exceptions.yaml`; no rules at all if it has problems. Nobody is forgotten by it: each ladder ends in a rung that repeats. */
export function loadExceptionRules(
  folder: ProcessesFolder,
  calendars: Readonly<Record<string, CompiledCalendar>>,
  directory: Directory,
): ExceptionRules {
  const read = folder.yaml(file, usualExceptions(directory, Object.keys(calendars)))
  const rules = read && folder.shaped(file, read, exceptionRulesSchema)
  if (read === undefined || rules === undefined) return {}
  const before = folder.problems.length
  const report: Report = (path, message) =>
    folder.problem(file, read.lineOf(path), `${path.map(String).join('.')}: ${message}`)
  judgeTreatment(['usual'], rules.usual, rules, calendars, directory, report)
  for (const [kind, treatment] of Object.entries(rules.kinds)) {
    judgeTreatment(['kinds', kind], treatment, rules, calendars, directory, report)
  }
  return folder.problems.length > before ? {} : compileExceptionRules(rules, calendars)
}

function judgeTreatment(
  path: readonly PropertyKey[],
  own: Partial<ExceptionRulesFile['usual']>,
  { usual }: ExceptionRulesFile,
  calendars: Readonly<Record<string, CompiledCalendar>>,
  directory: Directory,
  report: Report,
): void {
  const { owner, calendar: id, ladder } = { ...usual, ...own }
  const calendar = Object.hasOwn(calendars, id) ? calendars[id] : undefined
  if (calendar === undefined) {
    if (own.calendar !== undefined) report([...path, 'calendar'], `there is no calendar "${id}"`)
    return
  }
  if (own.owner !== undefined) judgePerson(directory, owner, message => report([...path, 'owner'], message))
  // A ladder is judged by the calendar that it counts in: also where only that is the kind's own.
  if (own.ladder === undefined && own.calendar === undefined) return
  const where = own.ladder === undefined ? ['usual', 'ladder'] : [...path, 'ladder']
  judgeLadder(where, ladder, calendar, directory, report)
}

function judgeLadder(
  path: readonly PropertyKey[],
  ladder: readonly ExceptionRungDefinition[],
  calendar: CompiledCalendar,
  directory: Directory,
  report: Report,
): void {
  let before = 0
  const isWall = (text: string) => parseDuration(text)?.wall
  for (const [index, rung] of ladder.entries()) {
    const here = [...path, index]
    const target = 'remind' in rung ? rung.remind : rung.escalate
    const known = ['owner', 'manager', 'process-owner'].includes(target)
    if (!known) judgePerson(directory, target, message => report(here, message))
    const times = [rung.after, ...(rung.every === undefined ? [] : [rung.every])]
    if (times.some(text => isWall(text) !== isWall(ladder[0]!.after))) {
      report(here, 'all rungs of a ladder count working time, or all the wall clock ("!")')
    }
    const ms = durationMs(calendar, parseDuration(rung.after)!)
    if (ms <= before) report([...here, 'after'], `${rung.after} is not later than the rung before`)
    before = ms
  }
  if (ladder.at(-1)?.every === undefined) {
    report([...path, ladder.length - 1], 'the last rung must repeat ("every"): else nobody is told any more')
  }
}

/** In some organisation at least there is somebody who can be told. */
function judgePerson(directory: Directory, target: string, report: (message: string) => void): void {
  // A directory that cannot be read is a problem of its own.
  if (directory.people.length === 0) return
  const organisations = new Set(directory.people.map(({ organisation }) => organisation))
  const people = [...organisations].flatMap(organisation => resolve(directory, organisation, target, target))
  if (people.length === 0) report(`nobody is "${target}"`)
  else if (!people.some(isReachable)) report(`nobody behind "${target}" has a channel`)
}
