import assert from 'node:assert/strict'
import type { Claimed, OutgoingNotice } from '../../store/outbox.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'

onEachBackend('the outbox of the store', ({ store }) => {
  // A time of its own, far in the past: no other test's notices are due.
  let clock = Date.parse('2001-01-01T00:00:00.000Z')
  const at = (seconds: number) => new Date(clock + seconds * 1000).toISOString()
  const claim = (seconds: number, rates: { count: number; per: number }[] = []) =>
    store().claimMessage(at(seconds), at(seconds + 60), () => rates)
  const ids = (notices: readonly Claimed[]) => notices.map(({ id }) => id)

  function outgoing(id: string, more: Partial<OutgoingNotice> = {}): OutgoingNotice {
    const { organisation = 'outbox', person = 'mei' } = more
    return {
      organisation,
      id,
      orderNo: 'A-1',
      person,
      channel: 'robot',
      subject: { about: 'remind' },
      at: at(0),
      robot: `robot of ${organisation}`,
      delivery: { address: null, language: 'en', name: 'Mei', next: [], answerBy: at(50), processOwner: 'zhao' },
      dueAt: at(0),
      ...more,
    }
  }
  afterEach(async () => {
    clock += 86_400_000
    for (;;) {
      const { notices } = await claim(0)
      if (notices[0] === undefined) return
      await store().settleMessage(notices[0].message, { state: 'sent', at: at(0) })
    }
  })

  it('[I] hands a message to one sender, and to another only when that one must have died', async () => {
    const organisation = newOrganisation()
    const notice = outgoing('1', { organisation })
    await store().insertOutgoing([notice])
    await store().insertOutgoing([notice])
    const [first, second] = await Promise.all([claim(1), claim(1)])
    const taken = [...first.notices, ...second.notices]
    assert.deepEqual(ids(taken), ['1'])
    assert.equal(taken[0]!.repeats, 0)
    assert.deepEqual((await claim(30)).notices, [])
    const again = (await claim(62)).notices
    assert.equal(again[0]!.message, taken[0]!.message)
    assert.equal(again[0]!.repeats, 1)
    await store().settleMessage(again[0]!.message, { state: 'sent', at: at(63) })
    // The first was only slow: what it says then changes nothing.
    await store().settleMessage(taken[0]!.message, { state: 'failed', at: at(64), reason: 'late' })
    const [row] = await store().deliveriesOf(organisation, '1')
    assert.deepEqual([row!.state, row!.repeats, row!.lastError], ['sent', 1, null])
  })

  it('[I] gathers what waits for one person, and keeps together what has once gone out together', async () => {
    const organisation = newOrganisation()
    await store().insertOutgoing([outgoing('1', { organisation })])
    const first = (await claim(1)).notices
    await store().insertOutgoing(['2', '3'].map(id => outgoing(id, { organisation })))
    await store().insertOutgoing([outgoing('4', { organisation, person: 'ling' })])
    assert.deepEqual(ids((await claim(2)).notices), ['4'])
    assert.deepEqual(ids((await claim(2)).notices), [])
    await store().settleMessage(first[0]!.message, { state: 'sent', at: at(3) })
    const both = (await claim(4)).notices
    assert.deepEqual(ids(both), ['2', '3'])
    await store().settleMessage(both[0]!.message, { state: 'waiting', dueAt: at(10), reason: 'busy', closes: false })
    await store().insertOutgoing([outgoing('5', { organisation, dueAt: at(9) })])
    assert.deepEqual(ids((await claim(11)).notices), ['5'])
    await store().settleMessage('nothing', { state: 'sent', at: at(11) })
    const [five] = await store().deliveriesOf(organisation, '5')
    await store().settleMessage(five!.message!, { state: 'sent', at: at(11) })
    const retried = (await claim(12)).notices
    assert.deepEqual(ids(retried), ['2', '3'])
    assert.deepEqual([retried[0]!.tries, retried[0]!.message], [1, both[0]!.message])
  })

  it('[I] gives a robot no more than its rates allow, and nothing while it is closed', async () => {
    const organisation = newOrganisation()
    const rates = [
      { count: 2, per: 10_000 },
      { count: 1, per: 1000 },
    ]
    await store().insertOutgoing(['a', 'b', 'c'].map(person => outgoing('1', { organisation, person })))
    const people: string[] = []
    const settle = async (seconds: number) => {
      const { notices } = await claim(seconds, rates)
      people.push(...notices.map(({ person }) => `${person} at ${seconds}`))
      return notices[0]
    }
    assert.ok(await settle(1))
    assert.equal(await settle(1.5), undefined)
    const second = await settle(3)
    assert.equal(await settle(9), undefined)
    await store().settleMessage(second!.message, { state: 'waiting', dueAt: at(40), reason: 'too many', closes: true })
    assert.equal(await settle(20), undefined)
    assert.ok(await settle(40))
    assert.deepEqual(people, ['a at 1', 'b at 3', 'b at 40'])
  })

  it("[I] goes on by the person's next channel, once, where one has failed", async () => {
    const organisation = newOrganisation()
    const robot = `mail of ${organisation}`
    const delivery = {
      ...outgoing('1').delivery,
      next: [{ channel: 'mail', address: 'mei@example.com', robot }],
    }
    await store().insertOutgoing([outgoing('1', { organisation, delivery })])
    const [first] = (await claim(1)).notices
    await store().settleMessage(first!.message, { state: 'failed', at: at(2), reason: 'gone' })
    await store().settleMessage(first!.message, { state: 'failed', at: at(2), reason: 'gone' })
    const [next] = (await claim(3)).notices
    assert.deepEqual(
      [next!.channel, next!.robot, next!.delivery.address, next!.delivery.next],
      ['mail', robot, 'mei@example.com', []],
    )
    assert.notEqual(next!.message, first!.message)
    const rows = await store().deliveriesOf(organisation, '1')
    assert.deepEqual(rows.map(({ channel, state }) => `${channel} ${state}`).sort(), ['mail sending', 'robot failed'])
  })
})
