import assert from 'node:assert/strict'
import type { NewException } from '../../store/exception-queue.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon, placeOrder } from './sample.ts'

onEachBackend('the clock of exceptions', ({ store }) => {
  let organisation: string
  const evidence = { expected: 'an order', seen: 'none', since: noon }
  const raise = (id: string, more: Partial<NewException> = {}) =>
    store().raiseException({
      ...{ organisation, id, orderNo: null, kind: 'ghost', severity: 'error', step: null, owner: 'he' },
      ...{ evidence, openedAt: noon },
      ...more,
    })
  const get = async (id: string) => (await store().getException(organisation, id))!
  const due = async (at: string) => (await store().dueExceptions(organisation, at, 9)).map(({ id }) => id)
  const clock = { rung: 1, since: noon, usedMs: 0, repeats: 0, dueAt: minutes(5), next: 'rung' } as const
  const said = { by: 'he', at: minutes(1), note: null }
  const told = { at: minutes(1), type: 'told', actor: 'clock', data: { persons: ['he'] } } as const

  beforeEach(() => {
    organisation = newOrganisation()
  })

  it('[I] finds what is new and what is due, and nothing that is resolved', async () => {
    await placeOrder(store(), organisation, 'A-1')
    for (const id of ['new', 'later', 'soon', 'over']) await raise(id)
    await raise('of an order', { orderNo: 'A-1' })
    assert.ok(await store().recordClock(await get('later'), { clock, dueAt: minutes(5) }))
    assert.ok(await store().recordClock(await get('soon'), { clock, dueAt: minutes(2) }))
    await store().resolveException(organisation, 'over', { ...said, outcome: 'fixed' })
    assert.deepEqual(await due(minutes(1)), ['new', 'of an order'])
    assert.deepEqual(await due(minutes(5)), ['new', 'of an order', 'soon', 'later'])
    const rows = await store().dueExceptions(organisation, noon, 9)
    assert.deepEqual(
      rows.map(row => row.processId),
      [null, 'sales'],
    )
    assert.equal(await store().nextExceptionDue(organisation), noon, 'two are new')
    assert.equal(await store().nextExceptionDue('nowhere'), null)
    assert.ok((await store().organisationsWithDueExceptions(noon)).includes(organisation))
    for (const id of ['new', 'of an order']) await store().recordClock(await get(id), { clock, dueAt: minutes(9) })
    assert.equal(await store().nextExceptionDue(organisation), minutes(2))
    assert.ok(!(await store().organisationsWithDueExceptions(minutes(1))).includes(organisation))
    assert.ok((await store().organisationsWithDueExceptions(minutes(2))).includes(organisation))
  })

  it('[I] records a rung once, and none of an exception that somebody has said something of', async () => {
    await raise('g')
    const read = await get('g')
    assert.ok(await store().recordClock(read, { clock, dueAt: minutes(5), happened: told }))
    assert.equal(await store().recordClock(read, { clock, dueAt: minutes(5), happened: told }), false)
    const { clock: kept, dueAt } = await get('g')
    assert.deepEqual([kept, dueAt], [clock, minutes(5)])
    const before = await get('g')
    await store().acknowledgeException(organisation, 'g', said)
    assert.equal(await store().recordClock(before, { clock, dueAt: minutes(9), happened: told }), false)
    const after = await get('g')
    assert.deepEqual([after.clock, after.dueAt, after.climb, after.climbsSince], [null, null, 2, minutes(1)])
    const types = (await store().exceptionHistory(organisation, 'g')).map(({ type }) => type)
    assert.deepEqual(types, ['raised', 'told', 'acknowledged'])
  })

  it('[I] lets an acknowledgement lapse, once', async () => {
    await raise('g')
    await store().acknowledgeException(organisation, 'g', said)
    const acknowledged = await get('g')
    assert.ok(await store().recordLapse(acknowledged, minutes(60)))
    assert.equal(await store().recordLapse(acknowledged, minutes(61)), false)
    const open = await get('g')
    assert.deepEqual([open.status, open.acknowledgedBy, open.climbsSince], ['open', null, minutes(60)])
    const { type, actor } = (await store().exceptionHistory(organisation, 'g')).at(-1)!
    assert.deepEqual([type, actor], ['lapsed', 'clock'])
  })
})
