import { join } from 'node:path'
import type { FoundProgram } from '../cli/temporal/find-program.ts'
import { findTemporal } from '../cli/temporal/find-temporal.ts'

const dataFolder = join(import.meta.dirname, '../.nolimbo')

let program: Promise<FoundProgram> | undefined

/** The Temporal CLI, kept in `.nolimbo/bin` of the repository: only the very first run downloads it. */
export function temporalProgram(): Promise<FoundProgram> {
  program ??= findTemporal({ dataFolder })
  return program
}
