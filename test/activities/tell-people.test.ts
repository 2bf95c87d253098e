import assert from 'node:assert/strict'
import { sendNotice } from '../../activities/send-notice.ts'
import { StillBeingTold } from '../../activities/tell-people.ts'
import { createChannels } from '../../notices/channels.ts'
import type { Outbox } from '../../notices/outbox.ts'
import type { Store } from '../../store/open-store.ts'
import type { OutgoingNotice, StoredDelivery } from '../../store/outbox.ts'
import { describeChannels, peopleWith, tell } from '../notices/telling.ts'
import { inActivity, noticeTo, quietEnvironment, stored } from './samples.ts'

const robots = {
  robot: { type: 'slack', url: 'http://127.0.0.1:9' },
  other: { type: 'slack', url: 'http://127.0.0.1:9' },
}
const hour = (plus: number) => `${String((new Date().getUTCHours() + plus + 24) % 24).padStart(2, '0')}:00`
const people = peopleWith(
  { id: 'mei', channels: ['robot', 'other'], roles: ['sales-supervisor'] },
  { id: 'admin', channels: ['inbox', 'robot'], quietHours: { from: hour(-1), to: hour(2), timeZone: 'UTC' } },
)

/** An outbox whose sender is somewhere else: it has got so far with each notice. */
function sentSoFar(soFar: Partial<StoredDelivery>, more: Record<string, unknown> = {}) {
  const outgoing: OutgoingNotice[] = []
  const description = describeChannels(robots, more)
  const outbox: Outbox = {
    description,
    channels: createChannels(description, {}),
    wake: () => {},
    changed: mostMs => new Promise(resolve => setTimeout(resolve, mostMs)),
    stop: async () => {},
  }
  const store = {
    insertNotices: async () => 1,
    insertOutgoing: async (notices: readonly OutgoingNotice[]) => void outgoing.push(...notices),
    deliveriesOf: async (): Promise<StoredDelivery[]> =>
      outgoing.map(({ person, channel, dueAt }) => ({
        person,
        channel,
        dueAt,
        state: 'waiting',
        tries: 0,
        repeats: 0,
        lastError: null,
        message: null,
        ...soFar,
      })),
  } as unknown as Store
  const directory = () => ({ people: [...people] })
  return { store, outbox, outgoing, send: sendNotice({ store, outbox, directory }, stored) }
}

describe('telling people by their channels', function () {
  this.timeout(10_000)
  const mei = people.slice(0, 1)
  const busy = { state: 'waiting', tries: 2, lastError: 'HTTP 503', dueAt: '2000-01-01T00:00:00.000Z' } as const

  it('[U] is to be asked again while a channel is trying, with what it says; at the last it has failed', async () => {
    const { store, outbox } = sentSoFar(busy)
    const soon = new Date(Date.now() + 20_000).toISOString()
    await assert.rejects(tell(store, outbox, 'main', mei, { answerBy: soon }), (error: Error) => {
      assert.ok(error instanceof StillBeingTold)
      assert.equal(error.message, 'mei: robot: HTTP 503')
      return true
    })
    const { send } = sentSoFar(busy)
    const scheduledTimestampMs = Date.now() - 48_000
    const environment = quietEnvironment({ scheduledTimestampMs })
    const { outcome } = await inActivity(send, noticeTo('role:sales-supervisor'), environment)
    assert.deepEqual(outcome, { ok: false, reason: 'mei: robot: HTTP 503' })
  })

  it('[U] counts as done where it waits for its time: at once by night, by a rate when the answer is due', async () => {
    const night = sentSoFar({ dueAt: new Date(Date.now() + 3_600_000).toISOString() })
    const told = { ok: true, persons: ['mei'], channel: 'robot' }
    assert.deepEqual(await tell(night.store, night.outbox, 'main', mei, { answerBy: '2999-01-01T00:00:00.000Z' }), told)
    const queue = sentSoFar({ dueAt: new Date(Date.now() + 30_000).toISOString() })
    const answerBy = new Date(Date.now() + 500).toISOString()
    assert.deepEqual(await tell(queue.store, queue.outbox, 'main', mei, { answerBy }), told)
    // Nobody sends at all: it has been due, and nothing has happened.
    const dead = sentSoFar({ dueAt: '2000-01-01T00:00:00.000Z' })
    const failed = await tell(dead.store, dead.outbox, 'main', mei, { answerBy })
    assert.deepEqual(failed, { ok: false, reason: 'mei: robot has not sent it yet' })
  })

  it("[U] keeps the person's further channels at hand, and knows no channel that is not there", async () => {
    const { store, outbox, outgoing } = sentSoFar({ state: 'sent' })
    await tell(store, outbox, 'main', mei)
    assert.deepEqual(
      outgoing.map(({ channel, robot, delivery }) => [channel, robot, delivery.next]),
      [['robot', 'robot', [{ channel: 'other', robot: 'other' }]]],
    )
    const stranger = peopleWith({ id: 'wu', channels: ['nowhere'] })
    assert.deepEqual(await tell(store, outbox, 'main', stranger), { ok: false, reason: 'wu: no channel' })
    assert.equal(outgoing.length, 1)
  })

  it("[U] the last resort is a person at any hour, or a channel that is nobody's own; or nobody", async () => {
    const input = noticeTo('last-resort', { about: 'last-resort' })
    const person = sentSoFar({ state: 'sent' }, { lastResort: { person: 'admin' } })
    const { outcome } = await inActivity(person.send, input)
    assert.deepEqual(outcome, { ok: true, persons: ['admin'], channel: 'robot' })
    assert.ok(Date.parse(person.outgoing[0]!.dueAt) <= Date.now())
    await tell(person.store, person.outbox, 'main', people.slice(1))
    assert.ok(Date.parse(person.outgoing[1]!.dueAt) > Date.now(), 'otherwise they sleep')

    const channel = sentSoFar({ state: 'sent' }, { lastResort: { channel: 'other', address: 'U1', language: 'zh' } })
    assert.deepEqual((await inActivity(channel.send, input)).outcome, {
      ok: true,
      persons: ['last-resort'],
      channel: 'other',
    })
    const [{ delivery }] = channel.outgoing as [OutgoingNotice]
    assert.deepEqual([delivery.address, delivery.language, delivery.name], ['U1', 'zh', '最后通道'])

    const none = sentSoFar({ state: 'sent' })
    assert.deepEqual((await inActivity(none.send, input)).outcome, { ok: false, reason: 'nobody is last-resort' })
  })
})
