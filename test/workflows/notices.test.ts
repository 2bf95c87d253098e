import assert from 'node:assert/strict'
import type { Outbox } from '../../notices/outbox.ts'
import { people } from '../domain/definitions.ts'
import { type HttpReceiver, httpReceiver, type MailReceiver, mailReceiver } from '../notices/receivers.ts'
import { describeChannels, outboxOn } from '../notices/telling.ts'
import { openWorld } from './harness.ts'
import { approvalWith, dear } from './processes.ts'
import type { World } from './world.ts'

describe('the notices of an order', () => {
  let world: World
  let outbox: Outbox
  let hook: HttpReceiver
  let post: MailReceiver
  const process = approvalWith([{ after: '1d', fallback: 'cancel' }])

  before('start a worker with channels', async function () {
    this.timeout(60_000)
    world = await openWorld()
    hook = await httpReceiver()
    post = await mailReceiver()
    const hasMail = (id: string) => (id === 'mei' ? [{ channel: 'mail', address: 'mei@example.com' }] : [])
    const directory = {
      people: people.people.map(person => ({ ...person, channels: ['hook', ...hasMail(person.id)] })),
    }
    outbox = outboxOn(
      world.store,
      describeChannels({
        hook: { type: 'webhook', url: hook.url, secret: 's', tries: 2, retryAfter: '50ms' },
        mail: { type: 'mail', url: post.url, from: 'orders@example.com', rate: [] },
      }),
      directory.people,
    )
    await world.startWorker({}, { outbox, directory: () => directory })
  })
  after(async function () {
    this.timeout(20_000)
    await world.stopWorker()
    await outbox.stop()
    await Promise.all([hook.close(), post.close()])
  })
  beforeEach(() => {
    hook.answer = () => ({})
    post.refuse = () => undefined
  })

  it('[I] go out, and its journal says by which channel; where one is dead, by the next', async () => {
    const first = await world.place(process, { order: dear })
    assert.equal((await first.until('notice.delivered')).data.channel, 'hook')
    const message = JSON.parse(hook.received.at(-1)!.body)
    assert.equal(message.person, 'mei')
    assert.equal(message.notices[0].orderNo, first.orderNo)
    hook.answer = () => ({ status: 404 })
    const second = await world.place(process, { order: dear })
    const { persons, channel } = (await second.until('notice.delivered')).data
    assert.deepEqual([persons, channel], [['mei'], 'mail'])
    assert.ok(post.mails.at(-1)!.subject!.includes(second.orderNo))
  })

  it('[I] that reach nobody turn to the process owner', async () => {
    hook.answer = ({ body }) => (JSON.parse(body).person === 'mei' ? { status: 500 } : {})
    post.refuse = () => 550
    const order = await world.place(process, { order: dear })
    const { reason } = (await order.until('notice.failed')).data
    assert.match(String(reason), /hook: HTTP 500/)
    assert.match(String(reason), /mail: .*550/)
    assert.deepEqual((await order.until('notice.delivered')).data.persons, ['zhao'])
    assert.equal(JSON.parse(hook.received.at(-1)!.body).notices[0].about, 'undelivered')
  })

  it('[I] that take long are asked for again, and sent once', async () => {
    hook.answer = () => ({ delayMs: 4500 })
    const before = hook.received.length
    const order = await world.place(process, { order: dear })
    assert.equal((await order.until('notice.delivered')).data.channel, 'hook')
    assert.equal(hook.received.length - before, 1)
  })
})
