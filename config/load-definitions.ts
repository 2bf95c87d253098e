import type { CompiledCalendar } from '../domain/calendar/compile-calendar.ts'
import { compileDefinition } from '../domain/definition/compile-definition.ts'
import type { Idempotency } from '../domain/definition/compiled-definition.ts'
import { type Definition, definitionSchema } from '../domain/definition/definition-schema.ts'
import type { LoadedDefinition } from './processes.ts'
import type { ProcessesFolder } from './processes-folder.ts'
import type { YamlText } from './read-yaml.ts'

/** Files of the folder itself that hold something else. */
const others = ['people.yaml', 'channels.yaml', 'texts.yaml', 'connectors.yaml', 'exceptions.yaml']

/** The process definitions directly in the folder, with the defaults filled in and a snapshot of their calendars. */
export function loadDefinitions(
  folder: ProcessesFolder,
  calendars: Readonly<Record<string, CompiledCalendar>>,
  operations: Readonly<Record<string, Idempotency>>,
): LoadedDefinition[] {
  const definitions: LoadedDefinition[] = []
  for (const name of folder.names('').filter(name => !others.includes(name))) {
    const read = folder.yaml(name)
    if (read === undefined) continue
    if (!isRecord(read.value) || !Object.hasOwn(read.value, 'process')) {
      folder.problem(name, 1, 'is no process definition: it has no "process:" at its top level')
      continue
    }
    const definition = folder.shaped(name, read, definitionSchema)
    if (definition === undefined || !calendarsExist(folder, name, read, definition, calendars)) continue
    const twin = definitions.find(
      other => other.definition.process === definition.process && other.definition.version === definition.version,
    )
    if (twin !== undefined) {
      const message = `${twin.file} is version ${definition.version} of "${definition.process}" already`
      folder.problem(name, read.lineOf(['version']), message)
      continue
    }
    definitions.push({
      file: folder.path(name),
      text: read.text,
      definition,
      compiled: compileDefinition(definition, calendars, operations),
      lineOf: read.lineOf,
    })
  }
  return definitions
}

function calendarsExist(
  folder: ProcessesFolder,
  name: string,
  read: YamlText,
  definition: Definition,
  calendars: Readonly<Record<string, CompiledCalendar>>,
): boolean {
  const named: [path: PropertyKey[], calendar: string][] = [[['calendar'], definition.calendar]]
  definition.steps.forEach((step, index) => {
    if (step.calendar !== undefined) named.push([['steps', index, 'calendar'], step.calendar])
  })
  const unknown = named.filter(([, calendar]) => !Object.hasOwn(calendars, calendar))
  for (const [path, calendar] of unknown) {
    folder.problem(name, read.lineOf(path), `${path.join('.')}: there is no calendar "${calendar}"`)
  }
  return unknown.length === 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
