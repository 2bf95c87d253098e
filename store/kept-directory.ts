import type { Directory, Person } from '../domain/directory.ts'
import { type Kept, keep } from './kept.ts'
import type { PeopleStore, PersonRow } from './people.ts'

/** Today's directory. */
export type KeptDirectory = Kept<Directory>

/**
 * The people of the file's organisations as the store has them; of an organisation that it does not know yet, as the
 * file does.
 */
export function keepDirectory(store: Pick<PeopleStore, 'listPeople'>, file: Directory): KeptDirectory {
  return keep(async () => merged(await store.listPeople(), file), file)
}

function merged(rows: readonly PersonRow[], file: Directory): Directory {
  const ours = new Set(file.people.map(({ organisation }) => organisation))
  const stored = rows.filter(({ organisation }) => ours.has(organisation))
  const known = new Set(stored.map(({ organisation }) => organisation))
  return {
    ...file,
    people: [...stored.map(personOf), ...file.people.filter(({ organisation }) => !known.has(organisation))],
  }
}

function personOf({ document, absences }: PersonRow): Person {
  return absences === null ? document : { ...document, absences: [...absences] }
}
