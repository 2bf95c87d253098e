import { setTimeout as pause } from 'node:timers/promises'
import type { Directory, Person } from '../domain/directory.ts'
import type { PeopleStore, PersonRow } from './people.ts'
import { StoreUnavailable } from './store-error.ts'

/** Today's directory. */
export interface KeptDirectory {
  /** At most a few seconds old; while the store is away, as it was last known. */
  today(): Promise<Directory>
  /** As it was last known, without asking. */
  known(): Directory
  /** What is known is out of date. */
  forget(): void
}

const mostAgeMs = 2_000
/** Nobody waits longer than that for a store that does not answer. */
const mostWaitMs = 500

/**
 * The people of the file's organisations as the store has them; of an organisation that it does not know yet, as the
 * file does.
 */
export function keepDirectory(store: Pick<PeopleStore, 'listPeople'>, file: Directory): KeptDirectory {
  let known = file
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<Directory> | undefined
  const read = async (): Promise<Directory> => {
    const begun = performance.now()
    try {
      known = merged(await store.listPeople(), file)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
    readAt = begun
    return known
  }
  return {
    async today() {
      if (performance.now() - readAt < mostAgeMs) return known
      reading ??= read().finally(() => {
        reading = undefined
      })
      const late = new AbortController()
      const limit = pause(mostWaitMs, undefined, { signal: late.signal, ref: false }).then(
        () => known,
        () => known,
      )
      try {
        return await Promise.race([reading, limit])
      } finally {
        late.abort()
      }
    },
    known: () => known,
    forget() {
      readAt = Number.NEGATIVE_INFINITY
      reading = undefined
    },
  }
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
