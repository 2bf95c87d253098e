import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { ProcessCatalogue } from '../../commands/process-catalogue.ts'
import { calendarSchema } from '../../domain/calendar/calendar-definition.ts'
import { type CompiledCalendar, compileCalendar } from '../../domain/calendar/compile-calendar.ts'
import { compileDefinition } from '../../domain/definition/compile-definition.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { definitionSchema } from '../../domain/definition/definition-schema.ts'
import { directorySchema } from '../../domain/directory.ts'
import { compileExceptionRules, exceptionRulesSchema } from '../../domain/exception/exception-rules-schema.ts'
import { matrixSchema } from '../../domain/permission/permission.ts'
import { official } from './calendar/calendars.ts'

/* The processes folder as the specs of the core need it. */

const read = (name: string) =>
  parse(readFileSync(new URL(`../../processes/${name}.yaml`, import.meta.url), 'utf8')) as unknown

export const matrix = matrixSchema.parse(read('permissions/standard'))
export const people = directorySchema.parse(read('people'))

const calendars: Readonly<Record<string, CompiledCalendar>> = Object.fromEntries(
  ['cn-office', 'wall-clock'].map(id => [id, compileCalendar(calendarSchema.parse(read(`calendars/${id}`)), official)]),
)

export const exceptionRules = compileExceptionRules(exceptionRulesSchema.parse(read('exceptions')), calendars)

const compiled = new Map<string, CompiledDefinition>()

/** What commands need of the folder, without a store: no version of a process is published. */
export const catalogue: ProcessCatalogue = {
  calendars,
  live: async () => undefined,
  published: async () => undefined,
  names: async () => [],
  loaded: () => undefined,
  matrixOf: async () => matrix,
}

/** A process of the folder. */
export function processNamed(id: string): CompiledDefinition {
  return compile(id, () => read(id))
}

/**
 * A process written in a spec: `process`, `version`, `title`, `owner`, `calendar` (around the clock) and a review that
 * is told of every day need not be said.
 */
export function definitionFrom(text: string): CompiledDefinition {
  return compile(text, () => ({ ...defaults, ...(parse(text) as object) }))
}

/** The same, of parsed content. */
export function definitionOf(content: object): CompiledDefinition {
  return compileDefinition(definitionSchema.parse({ ...defaults, ...content }), calendars)
}

const defaults = {
  process: 'example',
  version: 1,
  title: { en: 'Example', zh: '例子' },
  owner: 'zhao',
  calendar: 'wall-clock',
  review: { owner: 'role:order-desk', ladder: [{ after: '4h', escalate: 'role:ops-manager', every: '1d' }] },
}

function compile(key: string, content: () => unknown): CompiledDefinition {
  let definition = compiled.get(key)
  if (definition === undefined) {
    definition = compileDefinition(definitionSchema.parse(content()), calendars)
    compiled.set(key, definition)
  }
  return definition
}
