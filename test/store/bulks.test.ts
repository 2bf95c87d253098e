import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { CursorInvalid } from '../../store/store-error.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes } from './sample.ts'

onEachBackend('bulks', ({ store }) => {
  const key = () => ({ organisation: newOrganisation(), id: `b-${randomUUID()}` })
  const begin = (which: ReturnType<typeof key>, orderNos: readonly string[], more: object = {}) =>
    store().insertBulk(
      {
        ...{ ...which, requestHash: 'one', actor: 'mei', roles: ['a', 'b'], service: false },
        ...{ command: { type: 'approve', reason: 'all \u0000 well' }, filter: { status: 'on_hold' } },
        ...{ dryRun: false, perSecond: 0.5, createdAt: minutes(0), ...more },
      },
      orderNos,
    )
  const outcomes = async (which: ReturnType<typeof key>) =>
    (await store().listOfBulk({ ...which, limit: 10 })).items.map(({ orderNo, outcome }) => [orderNo, outcome])

  it('[I] keep what was asked and its orders, in their order and once', async () => {
    const which = key()
    const all = await Promise.all([1, 2, 3].map(n => begin(which, [`Z-${n}`, `A-${n}`])))
    assert.equal(all.filter(({ inserted }) => inserted).length, 1)
    const row = (await store().getBulk(which))!
    assert.deepEqual(
      [row.size, row.roles, row.filter, row.perSecond, row.command, row.state, row.touchedAt, row.finishedAt],
      [
        2,
        ['a', 'b'],
        { status: 'on_hold' },
        0.5,
        { type: 'approve', reason: 'all \ufffd well' },
        'running',
        null,
        null,
      ],
    )
    const named = (await outcomes(which)).map(([orderNo]) => orderNo)
    assert.equal(named.length, 2)
    assert.ok(named[0]!.startsWith('Z-') && named[1]!.startsWith('A-'))
    assert.equal((await begin(key(), [], { filter: null, roles: null })).row.roles, null)
  })

  it('[I] let the first result of an order stand, and put off what has not answered', async () => {
    const which = key()
    await begin(which, ['O-1', 'O-2', 'O-3'])
    assert.equal(await store().triedInVain(which, 'O-1'), 1)
    assert.deepEqual(await store().nextOfBulk(which, 2), ['O-2', 'O-3'])
    assert.deepEqual(await store().nextOfBulk(which, 3), ['O-2', 'O-3', 'O-1'])
    await store().recordOfBulk(which, 'O-2', { outcome: 'done', seq: 4, status: 'completed' }, minutes(1))
    await store().recordOfBulk(which, 'O-2', { outcome: 'refused', code: 'closed' }, minutes(2))
    await store().recordOfBulk(which, 'O-3', { outcome: 'refused', code: 'closed', message: 'late' }, minutes(2))
    assert.deepEqual(await store().nextOfBulk(which, 3), ['O-1'])
    const [, done, refused] = (await store().listOfBulk({ ...which, limit: 10 })).items
    assert.deepEqual(done, {
      ...{ position: 2, orderNo: 'O-2', outcome: 'done', result: { seq: 4, status: 'completed' }, at: minutes(1) },
    })
    assert.deepEqual(refused!.result, { code: 'closed', message: 'late' })
    const counts = (await store().countBulk(which)).map(({ outcome, code, count }) => [outcome, code, count])
    assert.deepEqual(
      new Set(counts.map(count => JSON.stringify(count))),
      new Set(
        [
          [null, null, 1],
          ['done', null, 1],
          ['refused', 'closed', 1],
        ].map(count => JSON.stringify(count)),
      ),
    )
    await store().finishBulk(which, minutes(3), false)
    await store().finishBulk(which, minutes(4), true)
    const { state, finishedAt } = (await store().getBulk(which))!
    assert.deepEqual([state, finishedAt], ['done', minutes(3)])
    assert.deepEqual((await outcomes(which))[0], ['O-1', 'cancelled'])
  })

  it('[I] come a page at a time', async () => {
    const { organisation } = key()
    for (const n of [1, 2, 3]) {
      const which = { organisation, id: `b-${n}` }
      await begin(which, ['O-1', 'O-2'], { createdAt: minutes(n), actor: n === 2 ? 'ling' : 'mei' })
    }
    const ids = async (more: object) => {
      const { items, nextCursor } = await store().listBulks({ organisation, limit: 2, ...more })
      return { ids: items.map(({ id }) => id), nextCursor }
    }
    const first = await ids({})
    assert.deepEqual(first.ids, ['b-3', 'b-2'])
    assert.deepEqual(await ids({ cursor: first.nextCursor }), { ids: ['b-1'], nextCursor: null })
    assert.deepEqual((await ids({ actor: 'ling' })).ids, ['b-2'])
    await store().cancelBulk({ organisation, id: 'b-1' }, 'mei', minutes(9))
    assert.deepEqual((await ids({ state: 'cancelling' })).ids, ['b-1'])
    const which = { organisation, id: 'b-1' }
    const page = await store().listOfBulk({ ...which, limit: 1 })
    const next = await store().listOfBulk({ ...which, limit: 1, cursor: page.nextCursor! })
    assert.deepEqual([next.items[0]?.orderNo, next.nextCursor], ['O-2', null])
    for (const cursor of [
      'x',
      Buffer.from('["a"]').toString('base64url'),
      Buffer.from('[null]').toString('base64url'),
    ]) {
      await assert.rejects(store().listOfBulk({ ...which, limit: 1, cursor }), CursorInvalid)
    }
  })

  it('[I] that nobody has seen to run are found', async () => {
    const which = key()
    await begin(which, ['O-1'], { createdAt: '1990-01-01T00:00:00.000Z' })
    const idle = async (touchedBefore: string) =>
      (await store().idleBulks('1990-01-02T00:00:00.000Z', touchedBefore, 10)).some(({ id }) => id === which.id)
    assert.equal(await idle('1990-01-02T00:00:00.000Z'), true)
    await store().touchBulk(which, '1990-01-03T00:00:00.000Z')
    assert.equal(await idle('1990-01-02T00:00:00.000Z'), false)
    assert.equal(await idle('1990-01-04T00:00:00.000Z'), true)
    await store().finishBulk(which, minutes(1), false)
    assert.equal(await idle('1990-01-04T00:00:00.000Z'), false)
  })
})
