import type { AskedCommand, Command } from '../../domain/core/command.ts'
import type { Calendars } from '../../domain/core/ruling-calendars.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'

/** A command with what no order can know by itself: which calendars are today's. @throws Problem if one is gone */
export function completedCommand(
  { processes }: Pick<ApiDependencies, 'processes'>,
  { calendars }: Pick<CompiledDefinition, 'calendars'>,
  asked: AskedCommand,
): Command {
  if (asked.type !== 'recompute_deadlines') return asked
  return { ...asked, calendars: todays(processes.calendars, Object.keys(calendars)) }
}

function todays(loaded: Calendars, ids: readonly string[]): Calendars {
  const missing = ids.find(id => !Object.hasOwn(loaded, id))
  if (missing === undefined) return Object.fromEntries(ids.map(id => [id, loaded[id]!]))
  throw new Problem('not_applicable', `the calendar "${missing}", which the order goes by, is not loaded any more`)
}
