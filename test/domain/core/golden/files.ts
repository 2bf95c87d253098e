import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { fullState } from './full.ts'
import { sampleEvents } from './samples.ts'

/*
 * What code of all ages has written, an entry a line, never changed: entries are only added (`npm run record-golden`),
 * when something new can be written.
 */

export type Golden = 'events' | 'states'

export const today: Readonly<Record<Golden, () => readonly unknown[]>> = {
  events: sampleEvents,
  states: () => [fullState],
}

const fileOf = (name: Golden) => join(import.meta.dirname, `${name}.json`)

export function golden<T>(name: Golden): readonly T[] {
  return existsSync(fileOf(name)) ? (JSON.parse(readFileSync(fileOf(name), 'utf8')) as T[]) : []
}

/** What today's code can write, and no golden file has. */
export function unrecorded(name: Golden): readonly unknown[] {
  const recorded = golden<unknown>(name)
  return plain(today[name]()).filter(entry => !recorded.some(known => isDeepStrictEqual(known, entry)))
}

export function record(name: Golden): number {
  const added = unrecorded(name)
  const lines = [...golden<unknown>(name), ...added].map(entry => JSON.stringify(entry))
  writeFileSync(fileOf(name), `[\n${lines.join(',\n')}\n]\n`)
  return added.length
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
