import type { CompiledCalendar } from '../domain/calendar/compile-calendar.ts'
import { type Directory, directorySchema } from '../domain/directory.ts'
import { conditionFlaws } from '../domain/permission/judge-matrix.ts'
import { type Matrix, matrixSchema } from '../domain/permission/permission.ts'
import type { ProcessesFolder } from './processes-folder.ts'

/** `people.yaml`, with the calendars that it names; nobody at all if it cannot be read. */
export function loadDirectory(
  folder: ProcessesFolder,
  calendars: Readonly<Record<string, CompiledCalendar>>,
): Directory {
  const read = folder.yaml('people.yaml')
  const directory = read && folder.shaped('people.yaml', read, directorySchema)
  if (read === undefined || directory === undefined) return { people: [] }
  const named: Record<string, CompiledCalendar> = {}
  for (const [index, { calendar }] of directory.people.entries()) {
    if (calendar === undefined) continue
    if (Object.hasOwn(calendars, calendar)) named[calendar] = calendars[calendar]!
    else folder.problem('people.yaml', read.lineOf(['people', index, 'calendar']), `there is no calendar "${calendar}"`)
  }
  return { ...directory, calendars: named }
}

/** `permissions/*.yaml`: the permission matrices by their name. A condition that does not type-check is a problem. */
export function loadMatrices(folder: ProcessesFolder): Record<string, Matrix> {
  const matrices: Record<string, Matrix> = {}
  for (const name of folder.names('permissions')) {
    const read = folder.yaml(name)
    const matrix = read && folder.shaped(name, read, matrixSchema)
    if (read === undefined || matrix === undefined) continue
    for (const { path, mend } of conditionFlaws(matrix)) {
      folder.problem(name, read.lineOf(path), `${path.join('.')}: ${mend}`)
    }
    if (Object.hasOwn(matrices, matrix.matrix)) {
      folder.problem(name, read.lineOf(['matrix']), `another file has a matrix "${matrix.matrix}" already`)
      continue
    }
    matrices[matrix.matrix] = matrix
  }
  return matrices
}
