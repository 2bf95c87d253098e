import { type Directory, waysTo } from '../domain/directory.ts'
import { addressFlaw, type ChannelsDescription, channelsSchema, noChannels } from '../domain/notice/channels-schema.ts'
import { type Texts, textsSchema } from '../domain/notice/texts.ts'
import { isLoopback } from './environment.ts'
import type { ProcessesFolder } from './processes-folder.ts'
import { usualChannels, usualTexts } from './usual-files.ts'

const file = 'channels.yaml'

/** `channels.yaml`, and whether each way to a person in `people.yaml` and to the last resort is one. */
export function loadChannels(folder: ProcessesFolder, directory: Directory): ChannelsDescription {
  const read = folder.yaml(file, usualChannels(directory))
  const channels = read && folder.shaped(file, read, channelsSchema)
  if (read === undefined || channels === undefined) return noChannels
  judgePeople(folder, channels, directory)
  const last = channels.lastResort
  // Without any people it is they who are missing.
  if (last === undefined || directory.people.length === 0) return channels
  const flaw =
    'person' in last
      ? directory.people.some(({ id, service }) => id === last.person && !service)
        ? undefined
        : `nobody is called "${last.person}"`
      : last.channel === 'inbox'
        ? "the inbox is nobody's unless a person is named: { person: ... }"
        : addressFlaw(channels, last)
  if (flaw !== undefined) folder.problem(file, read.lineOf(['lastResort']), `lastResort: ${flaw}`)
  return channels
}

function judgePeople(folder: ProcessesFolder, channels: ChannelsDescription, directory: Directory): void {
  for (const [index, person] of directory.people.entries()) {
    for (const [place, way] of waysTo(person).entries()) {
      const flaw = addressFlaw(channels, way)
      if (flaw === undefined) continue
      const path = ['people', index, 'channels', place]
      folder.problem('people.yaml', folder.yaml('people.yaml')?.lineOf(path) ?? 1, `${path.join('.')}: ${flaw}`)
    }
  }
}

/** `texts.yaml`: no texts at all if it cannot be read. */
export function loadTexts(folder: ProcessesFolder): Texts {
  const read = folder.yaml('texts.yaml', usualTexts())
  return (read && folder.shaped('texts.yaml', read, textsSchema))?.texts ?? {}
}

/** @throws Error where the inbox would count as telling somebody, and it is no trying out. */
export function refuseInboxAlone({ channels }: { readonly channels: ChannelsDescription }, host: string): void {
  if (!channels.inboxIsDelivery || isLoopback(host)) return
  throw new Error(`${file}: inboxIsDelivery is for trying out, on a loopback address only, and HOST is ${host}`)
}
