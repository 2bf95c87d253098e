import assert from 'node:assert/strict'
import type { JournalEvent } from '../../store/journal.ts'
import { JournalConflict, JournalGap, OrderUnknown } from '../../store/store-error.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon, sampleEvent, sampleException, sampleOrder, sampleProjection, sampleTask } from './sample.ts'

onEachBackend('the journal', ({ store }) => {
  let organisation: string
  const orderNo = 'A-1'

  beforeEach(async () => {
    organisation = newOrganisation()
    await store().insertOrder(sampleOrder(organisation, orderNo))
  })

  const append = (...events: JournalEvent[]) =>
    store().append({ organisation, orderNo, events }, (_state, fresh) => sampleProjection(fresh))

  it('[I] gives back events as they were', async () => {
    const events = [
      sampleEvent(1),
      sampleEvent(2, { reason: '加急', command: 'c-1', data: { nested: { list: [1, 0.1, null, 'x'] }, on: true } }),
    ]
    assert.equal(await append(...events), 2)
    assert.deepEqual(await store().readJournal(organisation, orderNo), events)
    assert.deepEqual(await store().readJournal(organisation, orderNo, { afterSeq: 1 }), events.slice(1))
    assert.deepEqual(await store().readJournal(organisation, orderNo, { limit: 1 }), events.slice(0, 1))
  })

  it('[I] takes the same events again silently, whatever the order of their keys, and projects only new ones', async () => {
    await append(sampleEvent(1, { data: { a: 1, b: { c: 2, d: 3 } } }), sampleEvent(2))
    const projected: number[] = []
    const again = [sampleEvent(1, { data: { b: { d: 3, c: 2 }, a: 1 } }), sampleEvent(2), sampleEvent(3)]
    const seq = await store().append({ organisation, orderNo, events: again }, (state, fresh) => {
      assert.deepEqual(state, { seqs: [1, 2] })
      projected.push(...fresh.map(event => event.seq))
      return sampleProjection(fresh)
    })
    assert.equal(seq, 3)
    assert.deepEqual(projected, [3])
    assert.equal(await append(sampleEvent(2)), 3)
    assert.equal((await store().readJournal(organisation, orderNo)).length, 3)
  })

  const different: [string, Partial<JournalEvent>][] = [
    ['data', { data: { step: 'payment', round: 1 } }],
    ['actor', { actor: 'mei' }],
    ['type', { type: 'step.completed' }],
    ['time', { at: minutes(99) }],
    ['reason', { reason: 'none was given before' }],
    ['command', { command: 'c-2' }],
  ]
  for (const [what, change] of different) {
    it(`[I] refuses an event with another ${what} under a known seq, and the rest of its batch`, async () => {
      await append(sampleEvent(1))
      await assert.rejects(append(sampleEvent(1, change), sampleEvent(2)), JournalConflict)
      assert.deepEqual(await store().readJournal(organisation, orderNo), [sampleEvent(1)])
    })
  }

  it('[I] refuses a gap, before and within a batch, and a seq that cannot be', async () => {
    await append(sampleEvent(1))
    await assert.rejects(append(sampleEvent(3)), JournalGap)
    await assert.rejects(append(sampleEvent(2), sampleEvent(4)), JournalGap)
    await assert.rejects(append(sampleEvent(0)), JournalConflict)
    assert.equal((await store().getOrder(organisation, orderNo))?.seq, 1)
  })

  it('[I] refuses an order that it does not have', async () => {
    const nobody = { organisation, orderNo: 'A-2', events: [sampleEvent(1)] }
    await assert.rejects(
      store().append(nobody, (_state, fresh) => sampleProjection(fresh)),
      OrderUnknown,
    )
  })

  it('[I] stores nothing if the projection fails or says another seq', async () => {
    const batch = { organisation, orderNo, events: [sampleEvent(1)] }
    await assert.rejects(
      store().append(batch, () => {
        throw new Error('broken')
      }),
      /broken/,
    )
    await assert.rejects(
      store().append(batch, (_state, fresh) => sampleProjection(fresh, { seq: 2 })),
      RangeError,
    )
    assert.deepEqual(await store().readJournal(organisation, orderNo), [])
  })

  it('[I] puts appends at once in a line: the same batch twenty times is stored once', async () => {
    const seqs = await Promise.all(Array.from({ length: 20 }, () => append(sampleEvent(1), sampleEvent(2))))
    assert.deepEqual(new Set(seqs), new Set([2]))
    assert.equal((await store().readJournal(organisation, orderNo)).length, 2)
  })

  it('[I] lets one of twenty different events at once have a seq, and refuses the others', async () => {
    const attempts = Array.from({ length: 20 }, (_, index) => append(sampleEvent(1, { actor: `person-${index}` })))
    const results = await Promise.allSettled(attempts)
    assert.equal(results.filter(result => result.status === 'fulfilled').length, 1)
    for (const result of results) if (result.status === 'rejected') assert.ok(result.reason instanceof JournalConflict)
    assert.equal((await store().readJournal(organisation, orderNo)).length, 1)
  })

  it('[I] stores what PostgreSQL text cannot hold as a replacement character, and knows it again', async () => {
    const event = sampleEvent(1, { actor: 'a\0b', data: { note: 'x\0y', half: '\ud800', kept: '\\u0000' } })
    await append(event)
    assert.equal(await append(event), 1)
    const [stored] = await store().readJournal(organisation, orderNo)
    assert.equal(stored?.actor, 'a\ufffdb')
    assert.deepEqual(stored?.data, { note: 'x\ufffdy', half: '\ufffd', kept: '\\u0000' })
  })

  it('[I] knows an event again whose time has more digits than the store keeps', async () => {
    const event = sampleEvent(1, { at: '2026-03-02T12:00:00.123999Z' })
    await append(event)
    assert.equal(await append(event), 1)
    assert.equal((await store().readJournal(organisation, orderNo))[0]?.at, '2026-03-02T12:00:00.123Z')
  })

  it('[I] projects the whole order', async () => {
    const tasks = [sampleTask(), sampleTask({ subject: 'hold:1', kind: 'hold', step: null, dueAt: null })]
    await store().parkFact({
      organisation,
      orderNo,
      source: 'bank',
      id: 'f-1',
      type: 'payment.received',
      claimedAt: noon,
      data: {},
      receivedAt: noon,
    })
    const projection = {
      state: { steps: { approval: 'active' } },
      view: { orderNo },
      dueAt: minutes(60),
      tasks,
      exceptions: [sampleException(`${organisation}-e1`), sampleException(`${organisation}-e2`, { kind: 'failed' })],
      takenFacts: [{ source: 'bank', id: 'f-1', type: 'payment.received', at: noon, data: {} }],
    }
    await store().append({ organisation, orderNo, events: [sampleEvent(1)] }, (state, fresh) => {
      assert.equal(state, null)
      return sampleProjection(fresh, projection)
    })
    const order = await store().getOrder(organisation, orderNo)
    assert.deepEqual(order?.state, projection.state)
    assert.deepEqual(order?.view, projection.view)
    assert.equal(order?.status, 'pending_approval')
    assert.equal(order?.seq, 1)
    assert.equal(order?.asOf, minutes(1))
    assert.equal(order?.dueAt, minutes(60))
    assert.deepEqual(order?.steps, ['approval'])
    assert.deepEqual(order?.owners, ['role:finance'])
    assert.deepEqual(order?.exceptions, ['failed', 'overdue'])
    assert.notEqual(order?.startedAt, null)
    assert.equal((await store().getFact(organisation, 'bank', 'f-1'))?.state, 'taken')
    const stored = await store().listTasks({ organisation, owners: ['role:finance'], limit: 10 })
    assert.deepEqual(
      stored.items,
      tasks.map(task => ({ organisation, orderNo, ...task })),
    )

    await store().append({ organisation, orderNo, events: [sampleEvent(2)] }, (_state, fresh) =>
      sampleProjection(fresh, { closedAt: minutes(2), status: 'completed', steps: [], owners: [] }),
    )
    assert.equal((await store().getOrder(organisation, orderNo))?.closedAt, minutes(2))
    assert.deepEqual((await store().listTasks({ organisation, owners: ['role:finance'], limit: 10 })).items, [])
  })

  it('[I] records refused commands once, with or without events', async () => {
    const attempt = { id: 't-1', at: noon, actor: 'sun', command: 'approve', code: 'not_permitted', message: 'no' }
    const later = { ...attempt, id: 't-2', at: minutes(1) }
    const project = () => assert.fail('nothing to project')
    assert.equal(await store().append({ organisation, orderNo, events: [], attempts: [attempt] }, project), 0)
    await store().append({ organisation, orderNo, events: [], attempts: [attempt, later] }, project)
    const listed = await store().listAttempts({ organisation, orderNo, limit: 1 })
    assert.deepEqual(listed.items, [later])
    const rest = await store().listAttempts({ organisation, orderNo, limit: 1, cursor: listed.nextCursor! })
    assert.deepEqual(rest, { items: [attempt], nextCursor: null })
  })

  it('[I] waits until a seq is projected, and no longer than it may', async () => {
    const waiting = store().waitForSeq(organisation, orderNo, 1, 5_000)
    await append(sampleEvent(1))
    assert.equal(await waiting, 1)
    assert.equal(await store().waitForSeq(organisation, orderNo, 2, 60), 1)
    assert.equal(await store().waitForSeq(organisation, 'A-2', 1, 5_000), null)
  })
})
