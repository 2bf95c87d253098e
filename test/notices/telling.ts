import { type Telling, tellPeople } from '../../activities/tell-people.ts'
import { loadSurroundings } from '../../config/processes.ts'
import { directorySchema, type Person } from '../../domain/directory.ts'
import { type ChannelsDescription, channelsSchema } from '../../domain/notice/channels-schema.ts'
import { createChannels } from '../../notices/channels.ts'
import { type Outbox, startOutbox } from '../../notices/outbox.ts'
import type { Store } from '../../store/open-store.ts'

/* An installation with channels of its own, as the worker puts it together. */

export const { texts } = loadSurroundings('processes')

export function describeChannels(
  channels: Record<string, unknown>,
  more: Record<string, unknown> = {},
): ChannelsDescription {
  return channelsSchema.parse({ timeZone: 'Asia/Shanghai', owner: 'role:admin', channels, ...more })
}

export function peopleWith(...people: Record<string, unknown>[]): readonly Person[] {
  const named = people.map(person => ({
    name: { en: `Name of ${person.id}`, zh: `${person.id}的名字` },
    ...person,
  }))
  return directorySchema.parse({ people: named }).people
}

export function outboxOn(store: Store, description: ChannelsDescription, people: readonly Person[] = []): Outbox {
  return startOutbox({
    store,
    description,
    channels: createChannels(description, {}),
    texts,
    directory: () => ({ people: [...people] }),
  })
}

let tellings = 0

/** Tells them of something that nobody has been told of yet, unless an id is given. */
export function tell(
  store: Store,
  outbox: Outbox,
  organisation: string,
  people: readonly Person[],
  more: Partial<Telling> = {},
) {
  tellings += 1
  return tellPeople(
    { store, outbox },
    {
      organisation,
      id: `A-1/n${tellings}`,
      orderNo: `A-${tellings}`,
      people,
      about: 'remind',
      subject: 'step:approval',
      at: new Date().toISOString(),
      title: { en: 'Sales order', zh: '销售订单' },
      ...more,
    },
  )
}
