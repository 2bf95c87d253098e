import type { CompiledCalendar } from '../domain/calendar/compile-calendar.ts'
import type { CompiledDefinition, Idempotency } from '../domain/definition/compiled-definition.ts'
import type { Definition } from '../domain/definition/definition-schema.ts'
import { type Directory, withDeliveringChannels } from '../domain/directory.ts'
import type { ExceptionRules } from '../domain/exception/exception-rules.ts'
import type { ChannelsDescription } from '../domain/notice/channels-schema.ts'
import type { Texts } from '../domain/notice/texts.ts'
import type { Matrix } from '../domain/permission/permission.ts'
import { loadCalendars } from './load-calendars.ts'
import { loadChannels, loadTexts } from './load-channels.ts'
import { loadDefinitions } from './load-definitions.ts'
import { loadExceptionRules } from './load-exceptions.ts'
import { loadDirectory, loadMatrices } from './load-people.ts'
import { offeredOperations } from './offered-operations.ts'
import { type FileProblem, ProcessesFolder } from './processes-folder.ts'

export type { FileProblem } from './processes-folder.ts'

export interface LoadedDefinition {
  /** Path of its file: the folder's as it was given, then the name. */
  readonly file: string
  readonly text: string
  readonly definition: Definition
  readonly compiled: CompiledDefinition
  /** The line of the text that a path of the definition leads to. */
  readonly lineOf: (path: readonly PropertyKey[]) => number
}

/** What definitions refer to. With problems, what they are about is left out. */
export interface Surroundings {
  /** Permission matrices by their name. */
  readonly matrices: Readonly<Record<string, Matrix>>
  readonly calendars: Readonly<Record<string, CompiledCalendar>>
  /** With the channels by which each person is told. */
  readonly directory: Directory
  readonly channels: ChannelsDescription
  readonly texts: Texts
  /** How what is abnormal is treated. */
  readonly exceptions: ExceptionRules
  /** `connectors.yaml` as it stands there: `connectors/` judges it. */
  readonly connectors: unknown
  /** The operations that the connectors offer, and whether a repeated call of each is safe. */
  readonly operations: Readonly<Record<string, Idempotency>>
  readonly problems: readonly FileProblem[]
}

/** Everything of the `processes/` folder. */
export interface LoadedProcesses extends Surroundings {
  readonly definitions: readonly LoadedDefinition[]
}

/**
 * Reads the folder of definitions, permission matrices, calendars, people, connectors, and, where they are there,
 * channels, texts and the rules of exceptions. Whatever is wrong comes back as a problem with its file and line;
 * nothing is left out without one. Whether a definition can leave an order in
 * limbo is not judged here: that is the check's business.
 */
export function loadProcesses(folder: string): LoadedProcesses {
  const reader = new ProcessesFolder(folder)
  const surroundings = read(reader)
  const definitions = loadDefinitions(reader, surroundings.calendars, surroundings.operations)
  return { ...surroundings, definitions, problems: reader.problems }
}

/** The same without the definitions. */
export function loadSurroundings(folder: string): Surroundings {
  const reader = new ProcessesFolder(folder)
  return { ...read(reader), problems: reader.problems }
}

function read(reader: ProcessesFolder): Omit<Surroundings, 'problems'> {
  const connectors = reader.yaml('connectors.yaml')
  const calendars = loadCalendars(reader)
  const directory = loadDirectory(reader, calendars)
  const channels = loadChannels(reader, directory)
  return {
    matrices: loadMatrices(reader),
    calendars,
    directory: withDeliveringChannels(directory, channels),
    exceptions: loadExceptionRules(reader, calendars, directory),
    channels,
    texts: loadTexts(reader),
    connectors: connectors?.value,
    operations: offeredOperations(connectors?.value),
  }
}
