import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Directory } from '../domain/directory.ts'

/* What the files of the `processes/` folder that need not be there say where they are not. */

/** Whoever looks after the installation, as far as the directory tells. */
function keeper({ people }: Directory): string {
  const persons = people.filter(({ service }) => !service)
  const having = (role: string) => persons.find(({ roles }) => roles.includes(role))
  return (having('admin') ?? having('process-owner') ?? persons[0])?.id ?? 'nobody'
}

/** Trying out: the inbox counts as telling somebody, on a loopback address only. */
export function usualChannels(directory: Directory): string {
  const owner = keeper(directory)
  return `{ inboxIsDelivery: true, timeZone: UTC, owner: ${owner}, lastResort: { person: ${owner} }, channels: {} }`
}

export function usualExceptions(directory: Directory, calendars: readonly string[]): string {
  const ladder = '[{ after: 4h, remind: owner }, { after: 1d, escalate: manager, every: 1d }]'
  const calendar = calendars[0] ?? 'none'
  return `usual: { owner: ${keeper(directory)}, calendar: ${calendar}, acknowledged: 2d, ladder: ${ladder} }`
}

export function usualTexts(): string {
  return readFileSync(join(import.meta.dirname, '../processes/texts.yaml'), 'utf8')
}
