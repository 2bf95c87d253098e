import assert from 'node:assert/strict'
import type { Store } from '../../store/open-store.ts'
import { memoryStore } from '../new-store.ts'
import { newOrganisation } from '../store/each-backend.ts'
import { type HttpReceiver, httpReceiver, type MailReceiver, mailReceiver } from './receivers.ts'
import { describeChannels, outboxOn, peopleWith, tell } from './telling.ts'

const retryAfter = '20ms'

describe('the outbox', function () {
  this.timeout(60_000)
  let store: Store
  let hook: HttpReceiver
  let post: MailReceiver
  let toStop: (() => Promise<void>)[]
  before(async () => {
    store = await memoryStore()
  })
  after(() => store.close())
  beforeEach(async () => {
    hook = await httpReceiver()
    post = await mailReceiver()
    toStop = [hook.close, post.close]
  })
  afterEach(async () => {
    for (const stop of toStop.reverse()) await stop()
  })

  const webhook = (more: Record<string, unknown> = {}) => ({
    type: 'webhook',
    url: hook.url,
    secret: 's',
    retryAfter,
    ...more,
  })
  const mail = () => ({ type: 'mail', url: post.url, from: 'orders@example.com', retryAfter })
  const start = (...given: Parameters<typeof describeChannels>) => {
    const outbox = outboxOn(store, describeChannels(...given))
    toStop.push(outbox.stop)
    return outbox
  }
  const bodies = () => hook.received.map(({ body }) => JSON.parse(body))
  const exceptionsOf = async (organisation: string) =>
    (await store.listExceptions({ organisation, limit: 50 })).items.map(({ id, kind, owner, evidence, count }) => ({
      id,
      kind,
      owner,
      count,
      reason: evidence.seen,
    }))

  it('[I] brings a notice to each person once, in their language, by their first channel, and to their inbox', async () => {
    const organisation = newOrganisation()
    const outbox = start({ hook: webhook(), mail: mail() })
    const people = peopleWith(
      { id: 'mei', channels: [{ channel: 'mail', address: 'mei@example.com' }, 'hook'], language: 'zh' },
      { id: 'ling', channels: ['hook'] },
    )
    const id = 'once/n1'
    const told = await tell(store, outbox, organisation, people, { id, orderNo: 'A-7' })
    assert.deepEqual(told, { ok: true, persons: ['mei', 'ling'], channel: 'mail' })
    assert.deepEqual(await tell(store, outbox, organisation, people, { id, orderNo: 'A-7' }), told)
    assert.equal(post.mails.length, 1)
    assert.match(post.mails[0]!.subject!, /^催办：A-7/)
    assert.match(post.mails[0]!.text!, /^mei的名字/)
    assert.deepEqual(
      bodies().map(({ person, subject }) => ({ person, subject })),
      [{ person: 'ling', subject: 'Reminder: A-7 still waits at approval' }],
    )
    const inbox = await store.listNotices({ organisation, person: 'mei', limit: 9 })
    assert.deepEqual(inbox.items.map(({ channel }) => channel).sort(), ['inbox', 'mail'])
  })

  it('[I] tries again, under the same id, what failed for now', async () => {
    const organisation = newOrganisation()
    const outbox = start({ hook: webhook() })
    hook.answer = () => (hook.received.length < 3 ? { status: 503 } : {})
    const told = await tell(store, outbox, organisation, peopleWith({ id: 'mei', channels: ['hook'] }), { id: 'again' })
    assert.equal(told.ok, true)
    assert.equal(hook.received.length, 3)
    assert.equal(new Set(bodies().map(({ id }) => id)).size, 1)
    const [row] = (await store.deliveriesOf(organisation, 'again')).filter(({ channel }) => channel === 'hook')
    assert.deepEqual([row!.state, row!.tries, row!.repeats, row!.lastError], ['sent', 3, 0, null])
  })

  it('[I] a channel that refuses for ever is an exception with an owner; the next one takes over', async () => {
    const organisation = newOrganisation()
    const outbox = start({ hook: webhook(), mail: mail() })
    hook.answer = () => ({ status: 404, body: 'gone' })
    const people = peopleWith({ id: 'mei', channels: ['hook', { channel: 'mail', address: 'mei@example.com' }] })
    assert.deepEqual(await tell(store, outbox, organisation, people), { ok: true, persons: ['mei'], channel: 'mail' })
    assert.deepEqual(await exceptionsOf(organisation), [
      { id: 'dead:hook', kind: 'dead', owner: 'role:admin', count: 1, reason: 'HTTP 404 gone' },
    ])
    await tell(store, outbox, organisation, people)
    assert.equal(hook.received.length, 2)
    assert.equal((await exceptionsOf(organisation))[0]!.count, 2)
    await store.resolveException(organisation, 'dead:hook', {
      ...{ outcome: 'fixed', note: null, by: 'zhao', at: new Date().toISOString() },
    })
    await tell(store, outbox, organisation, people)
    const again = await store.getException(organisation, 'dead:hook')
    assert.deepEqual([again?.status, again?.count], ['open', 3], 'it was not fixed')
  })

  it('[I] a channel that delivers again ends its exception; where nothing was raised there is none', async () => {
    const organisation = newOrganisation()
    const outbox = start({ hook: webhook(), mail: mail() })
    const people = peopleWith({ id: 'mei', channels: ['hook', { channel: 'mail', address: 'mei@example.com' }] })
    hook.answer = () => ({ status: 404 })
    await tell(store, outbox, organisation, people)
    hook.answer = () => ({})
    await tell(store, outbox, organisation, people)
    const ended = async () => (await store.getException(organisation, 'dead:hook'))?.status === 'resolved'
    while (!(await ended())) await outbox.changed(100)
    const { outcome, note, resolvedBy } = (await store.getException(organisation, 'dead:hook'))!
    assert.deepEqual([outcome, note, resolvedBy], ['fixed', 'hook reaches mei again', 'outbox'])
    const history = await store.exceptionHistory(organisation, 'dead:hook')
    assert.deepEqual(history.map(({ type, actor }) => [type, actor]).at(-1), ['resolved', 'outbox'])
    assert.equal((await exceptionsOf(organisation)).length, 1, 'mail never failed')
  })

  it('[I] says why where no channel works', async () => {
    const organisation = newOrganisation()
    const outbox = start({ hook: webhook({ tries: 2 }), mail: mail() })
    hook.answer = () => ({ status: 500 })
    post.refuse = () => 550
    const people = peopleWith({ id: 'mei', channels: ['hook', { channel: 'mail', address: 'mei@example.com' }] })
    const told = await tell(store, outbox, organisation, people)
    assert.equal(hook.received.length, 2)
    assert.ok(!told.ok)
    assert.match(told.reason, /^mei: /)
    assert.match(told.reason, /hook: HTTP 500/)
    assert.match(told.reason, /mail: .*550/)
    const dead = (await exceptionsOf(organisation)).map(({ id }) => id)
    assert.deepEqual(dead.sort(), ['dead:hook', 'dead:mail:mei@example.com'])
  })

  it('[I] what fails after the answer is an exception of the process owner', async () => {
    const organisation = newOrganisation()
    const outbox = start({ hook: webhook() })
    hook.answer = () => ({ status: 410, body: '' })
    const answerBy = new Date(Date.now() - 1000).toISOString()
    const people = peopleWith({ id: 'mei', channels: ['hook'] })
    await tell(store, outbox, organisation, people, { id: 'A-9/n1', orderNo: null, answerBy, processOwner: 'zhao' })
    const undelivered = async () => (await exceptionsOf(organisation)).find(({ kind }) => kind === 'undelivered')
    while ((await undelivered()) === undefined) await outbox.changed(100)
    assert.deepEqual(await undelivered(), {
      id: 'undelivered:A-9/n1:mei',
      kind: 'undelivered',
      owner: 'zhao',
      count: 1,
      reason: 'HTTP 410',
    })
  })

  it('[I] a notice about an exception makes no other exception than that of its channel', async () => {
    const organisation = newOrganisation()
    const outbox = start({ hook: webhook() })
    hook.answer = () => ({ status: 410, body: '' })
    const answerBy = new Date(Date.now() - 1000).toISOString()
    const about = { about: 'exception', subject: 'exception:x1', answerBy } as const
    await tell(store, outbox, organisation, peopleWith({ id: 'mei', channels: ['hook'] }), { id: 'late', ...about })
    const isFailed = async () =>
      (await store.deliveriesOf(organisation, 'late')).some(({ state }) => state === 'failed')
    while (!(await isFailed())) await outbox.changed(100)
    assert.deepEqual(
      (await exceptionsOf(organisation)).map(({ kind }) => kind),
      ['dead'],
    )
  })

  it("[I] keeps a robot's rate, whoever of its people is told", async () => {
    const organisation = newOrganisation()
    const outbox = start({ slow: webhook({ rate: [{ count: 2, per: '500ms' }] }) })
    const people = peopleWith(...['a', 'b', 'c', 'd', 'e'].map(id => ({ id, channels: ['slow'] })))
    const begun = Date.now()
    const told = await tell(store, outbox, organisation, people)
    assert.ok(told.ok && told.persons.length === 5)
    const times = hook.received.map(({ at }) => at - begun)
    assert.equal(times.length, 5)
    // Since it began, for a busy machine may let the earlier ones arrive late.
    for (const [index, at] of times.entries()) assert.ok(at > 500 * Math.floor(index / 2) - 50, `${times}`)
  })

  it('[I] leaves a robot alone for as long as it asks', async () => {
    const organisation = newOrganisation()
    const outbox = start({ robot: { type: 'slack', url: hook.url, retryAfter, rate: [] } })
    hook.answer = () => (hook.received.length === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { body: 'ok' })
    await tell(
      store,
      outbox,
      organisation,
      peopleWith({ id: 'mei', channels: ['robot'] }, { id: 'ling', channels: ['robot'] }),
    )
    const times = hook.received.map(({ at }) => at)
    assert.ok(times.length >= 3 && times.at(-1)! - times[0]! >= 1000, `${times}`)
  })

  it('[I] makes one message of many notices that wait for the same person', async () => {
    const organisation = newOrganisation()
    const outbox = start({ digest: webhook({ rate: [{ count: 1, per: '1s' }] }) })
    const people = peopleWith({ id: 'mei', channels: ['digest'], language: 'zh' })
    const ids = Array.from({ length: 12 }, (_, index) => `storm/n${index}`)
    const told = await Promise.all(ids.map(id => tell(store, outbox, organisation, people, { id })))
    assert.ok(told.every(({ ok }) => ok))
    assert.ok(hook.received.length <= 3, `${hook.received.length} messages`)
    const digest = bodies().at(-1)!
    assert.match(digest.subject, /^有 \d+ 条通知/)
    assert.equal(digest.text.match(/^- 催办/gm).length, digest.notices.length)
    const listed = bodies().flatMap(({ notices }) => notices.map((notice: { id: string }) => notice.id))
    assert.deepEqual(listed.sort(), ids.sort())
  })

  it('[I] quiet hours hold what comes in them, though not the last resort, and not the inbox', async () => {
    const organisation = newOrganisation()
    const outbox = start({ hook: webhook() })
    const hour = (plus: number) => `${String((new Date().getUTCHours() + plus + 24) % 24).padStart(2, '0')}:00`
    const quietHours = { from: hour(-1), to: hour(2), timeZone: 'UTC' }
    const people = peopleWith({ id: 'mei', channels: ['hook'], quietHours })
    const told = await tell(store, outbox, organisation, people, { id: 'quiet' })
    assert.deepEqual(told, { ok: true, persons: ['mei'], channel: 'hook' })
    assert.equal(hook.received.length, 0)
    const rows = await store.deliveriesOf(organisation, 'quiet')
    const held = rows.find(({ channel }) => channel === 'hook')!
    assert.equal(held.state, 'waiting')
    assert.equal(held.dueAt!.slice(11, 16), quietHours.to)
    assert.equal(rows.find(({ channel }) => channel === 'inbox')!.state, 'sent')
    await tell(
      store,
      outbox,
      organisation,
      people.map(person => ({ ...person, quietHours: undefined })),
    )
    assert.equal(hook.received.length, 1)
  })

  it('[I] what waits for a channel that is no longer there fails, and is told', async () => {
    const organisation = newOrganisation()
    const before = outboxOn(store, describeChannels({ gone: webhook() }))
    await before.stop()
    const people = peopleWith({ id: 'mei', channels: ['gone'] })
    const asking = tell(store, before, organisation, people, { id: 'gone' })
    start({})
    const told = await asking
    assert.ok(!told.ok)
    assert.match(told.reason, /there is no channel "gone" any more/)
  })
})
