import { readdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import proto from '@temporalio/proto'
import type { Scenario } from './scenarios.ts'

const { History } = proto.temporal.api.history.v1
export type History = proto.temporal.api.history.v1.IHistory

export const folder = join(import.meta.dirname, 'histories')

/** The histories that a scenario leaves: one for each run. */
export function namesOf(name: string, { runs = 1 }: Scenario): readonly string[] {
  return runs === 1 ? [name] : Array.from({ length: runs }, (_, index) => `${name}-${index + 1}`)
}

export function storedNames(): readonly string[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.json'))
    .map(file => basename(file, '.json'))
}

/** Plain JSON, an event a line. The SDK's own converter (1.24) fails where protobufjs is installed more than once. */
export function toText(history: History): string {
  const { events } = History.toObject(History.fromObject(history), { longs: String, bytes: String, enums: String })
  const lines = (events as object[]).map(event => JSON.stringify(event))
  // Nobody needs to know on which machine it was recorded.
  return `{"events":[\n${lines.join(',\n')}\n]}\n`.replaceAll(`${process.pid}@${hostname()}`, 'recorder')
}

export function fromText(text: string): History {
  return History.fromObject(JSON.parse(text) as object)
}

export function storedText(name: string): string {
  return readFileSync(join(folder, `${name}.json`), 'utf8')
}
