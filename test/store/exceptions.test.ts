import assert from 'node:assert/strict'
import type { NewException } from '../../store/exception-queue.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon, placeOrder, sampleEvent, sampleException, sampleProjection } from './sample.ts'

onEachBackend('exceptions', ({ store }) => {
  let organisation: string
  const orderNo = 'A-1'
  const evidenceOf = (seen: string, since = noon) => ({ expected: 'an order', seen, since })
  const ghost = (id: string, more: Partial<NewException> = {}): NewException => ({
    organisation,
    orderNo: null,
    id,
    kind: 'ghost',
    severity: 'error',
    step: null,
    owner: 'role:ops-manager',
    evidence: evidenceOf('one'),
    openedAt: noon,
    ...more,
  })
  const he = (minute: number, note: string | null = null) => ({ by: 'he', at: minutes(minute), note })
  const fixed = { ...he(9, 'done'), outcome: 'fixed' } as const
  const ended = { outcome: 'fixed', note: 'done', resolvedAt: minutes(9) } as const
  const kinds = async () => (await store().getOrder(organisation, orderNo))?.exceptions
  const history = async (id: string) =>
    (await store().exceptionHistory(organisation, id)).map(({ seq, type, actor, note }) => [seq, type, actor, note])
  const get = (id: string) => store().getException(organisation, id)

  beforeEach(() => {
    organisation = newOrganisation()
  })

  it('[I] live from raised to resolved, and remember who did what and why', async () => {
    assert.equal(await store().raiseException(ghost('g')), 'raised')
    const again = ghost('g', { evidence: evidenceOf('two', minutes(1)), openedAt: minutes(1) })
    assert.equal(await store().raiseException(again, { by: 'rule:ghosts' }), 'counted')
    const stored = await get('g')
    assert.deepEqual(stored, {
      ...ghost('g', { evidence: evidenceOf('two') }),
      ...{ status: 'open', count: 2, lastSeenAt: minutes(1), acknowledgedBy: null, acknowledgedAt: null },
      ...{ outcome: null, note: null, resolvedAt: null, resolvedBy: null },
      ...{ climb: 1, climbsSince: noon, clock: null, dueAt: null },
    })
    const looked = await store().acknowledgeException(organisation, 'g', he(2, 'I look'))
    assert.ok(looked?.ok && !looked.unchanged && looked.exception.status === 'acknowledged')
    assert.deepEqual([looked.exception.acknowledgedBy, looked.exception.acknowledgedAt], ['he', minutes(2)])
    const twice = await store().acknowledgeException(organisation, 'g', { ...he(3), by: 'ling' })
    assert.ok(twice?.ok && twice.unchanged && twice.exception.acknowledgedBy === 'he')
    const over = await store().resolveException(organisation, 'g', fixed)
    assert.ok(over?.ok && over.exception.status === 'resolved')
    assert.deepEqual([over.exception.resolvedBy, over.exception.note], ['he', 'done'])
    const same = await store().resolveException(organisation, 'g', { ...fixed, ...he(10) })
    assert.ok(same?.ok && same.unchanged && same.exception.resolvedAt === minutes(9))
    assert.equal((await store().acknowledgeException(organisation, 'g', he(11)))?.ok, false)
    assert.equal((await store().resolveException(organisation, 'g', { ...fixed, outcome: 'accepted' }))?.ok, false)
    const reopened = await store().reopenException(organisation, 'g', he(12, 'it is not'))
    assert.ok(reopened?.ok && reopened.exception.status === 'open')
    const { outcome, note, resolvedAt, resolvedBy, acknowledgedBy } = reopened.exception
    assert.deepEqual([outcome, note, resolvedAt, resolvedBy, acknowledgedBy], [null, null, null, null, null])
    assert.equal((await store().reopenException(organisation, 'g', he(13, 'no')))?.ok, false)
    assert.deepEqual(await history('g'), [
      [1, 'raised', 'sweep', null],
      [2, 'seen', 'rule:ghosts', null],
      [3, 'acknowledged', 'he', 'I look'],
      [4, 'resolved', 'he', 'done'],
      [5, 'reopened', 'he', 'it is not'],
    ])
    assert.equal(await store().resolveException(organisation, 'none', fixed), null)
    assert.equal(await store().acknowledgeException('another', 'g', he(1)), null)
    assert.deepEqual(await store().exceptionHistory('another', 'g'), [])
  })

  it('[I] are open again when what was fixed is seen again, or what was accepted looks different', async () => {
    const cases = [
      ['fixed', 'one', 'reopened'],
      ['accepted', 'one', 'kept'],
      ['accepted', 'two', 'reopened'],
      ['false_positive', 'one', 'kept'],
      ['false_positive', 'two', 'reopened'],
    ] as const
    for (const [outcome, seen, sighting] of cases) {
      const id = `${outcome}-${seen}`
      await store().raiseException(ghost(id))
      await store().resolveException(organisation, id, { ...fixed, outcome })
      const later = ghost(id, { evidence: evidenceOf(seen, minutes(20)), openedAt: minutes(20) })
      assert.equal(await store().raiseException(later), sighting, id)
      const { status, count, climb } = (await get(id))!
      assert.deepEqual(
        [status, count, climb],
        [sighting === 'kept' ? 'resolved' : 'open', 2, sighting === 'kept' ? 2 : 3],
      )
    }
  })

  it('[I] tell of a fact once, also where many see it at the same time', async () => {
    const fact = { source: 'carrier', id: 'f1' }
    const parked = { type: 'shipment.lost', claimedAt: noon, data: {}, receivedAt: noon }
    for (const id of ['f1', 'f2'])
      await store().parkFact({ organisation, orderNo: 'X', source: 'carrier', id, ...parked })
    const raised = await Promise.all([1, 2, 3].map(() => store().raiseException(ghost('late'), { fact })))
    assert.deepEqual(raised.sort(), ['known', 'known', 'raised'])
    assert.equal(await store().raiseException(ghost('late'), { fact: { ...fact, id: 'f2' } }), 'counted')
    assert.equal((await get('late'))?.count, 2)
    assert.deepEqual(
      (await store().orphanedFacts(9_999)).filter(row => row.organisation === organisation),
      [],
    )
  })

  it('[I] shows on the order what is not resolved, wherever it came from', async () => {
    await placeOrder(store(), organisation, orderNo, { exceptions: [sampleException('e-1')] })
    await store().raiseException(ghost('gone', { orderNo, kind: 'vanished' }))
    assert.deepEqual(await kinds(), ['overdue', 'vanished'])
    await store().resolveException(organisation, 'gone', fixed)
    assert.deepEqual(await kinds(), ['overdue'])
    await store().reopenException(organisation, 'gone', he(10, 'no'))
    assert.deepEqual(await kinds(), ['overdue', 'vanished'])
    await store().resolveException(organisation, 'gone', fixed)
    await store().append({ organisation, orderNo, events: [sampleEvent(2)] }, (_state, events) =>
      sampleProjection(events, { exceptions: [sampleException('e-1', { status: 'resolved', ...ended, note: null })] }),
    )
    assert.deepEqual(await kinds(), [])
    const { outcome, resolvedBy } = (await get('e-1'))!
    assert.deepEqual([outcome, resolvedBy], ['fixed', 'order'])
    assert.deepEqual(await history('e-1'), [
      [1, 'raised', 'order', null],
      [2, 'resolved', 'order', null],
    ])
  })

  it('[I] keeps what a person said until the order says that it happened once more', async () => {
    const both = [sampleException('e-1'), sampleException('e-2', { kind: 'failed' })]
    await placeOrder(store(), organisation, orderNo, { exceptions: both })
    await store().acknowledgeException(organisation, 'e-1', he(1))
    await store().resolveException(organisation, 'e-2', fixed)
    const append = (seq: number, exceptions: typeof both) =>
      store().append({ organisation, orderNo, events: [sampleEvent(seq)] }, (_state, events) =>
        sampleProjection(events, { exceptions }),
      )
    await append(2, both)
    assert.equal((await get('e-2'))?.status, 'resolved', 'nothing new has happened')
    assert.deepEqual(await kinds(), ['overdue'])
    const evidence = evidenceOf('still nothing')
    await append(
      3,
      both.map(exception => ({ ...exception, count: 2, evidence })),
    )
    const first = await get('e-1')
    assert.deepEqual([first?.status, first?.count, first?.evidence], ['acknowledged', 2, evidence])
    const second = await get('e-2')
    assert.deepEqual([second?.status, second?.count, second?.outcome], ['open', 2, null])
    assert.deepEqual(await kinds(), ['failed', 'overdue'])
    await append(4, [])
    const over = both.map(exception => ({ ...exception, count: 2, evidence, status: 'resolved' as const, ...ended }))
    await store().resolveException(organisation, 'e-1', { ...fixed, outcome: 'accepted' })
    await append(5, over)
    assert.deepEqual([(await get('e-1'))?.outcome, (await get('e-2'))?.outcome], ['accepted', 'fixed'])
  })

  it('[I] survives raising, resolving and appending at once', async () => {
    await placeOrder(store(), organisation, orderNo)
    await Promise.all([
      ...['a', 'b', 'a', 'b'].map(id => store().raiseException(ghost(id, { orderNo }))),
      ...[2, 2, 2].map(seq =>
        store().append({ organisation, orderNo, events: [sampleEvent(seq)] }, (_state, events) =>
          sampleProjection(events, { exceptions: [sampleException('b', { kind: 'ghost' }), sampleException('a')] }),
        ),
      ),
      ...['a', 'b'].map(id => store().resolveException(organisation, id, fixed)),
    ])
    assert.equal((await store().getOrder(organisation, orderNo))?.seq, 2)
    for (const id of ['a', 'b']) {
      const seqs = (await store().exceptionHistory(organisation, id)).map(({ seq }) => seq)
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => index + 1),
      )
    }
  })

  it('[I] lists newest first, by status, kind, owner and order, page by page', async () => {
    await placeOrder(store(), organisation, orderNo, { exceptions: [sampleException('e-1')] })
    await store().raiseException(ghost('g-2'))
    await store().raiseException(ghost('g-1'))
    await store().raiseException(ghost('g-3', { openedAt: minutes(1), owner: 'ling' }))
    await store().acknowledgeException(organisation, 'g-2', he(2))
    const ids = async (filter: object) =>
      (await store().listExceptions({ organisation, limit: 10, ...filter })).items.map(row => row.id)
    assert.deepEqual(await ids({}), ['g-3', 'e-1', 'g-1', 'g-2'])
    assert.deepEqual(await ids({ status: 'acknowledged' }), ['g-2'])
    assert.deepEqual(await ids({ kind: 'overdue' }), ['e-1'])
    assert.deepEqual(await ids({ owner: 'ling' }), ['g-3'])
    assert.deepEqual(await ids({ orderNo }), ['e-1'])
    assert.deepEqual(await ids({ orderNo: null }), ['g-3', 'g-1', 'g-2'])
    const first = await store().listExceptions({ organisation, limit: 2 })
    assert.deepEqual(await ids({ limit: 2, cursor: first.nextCursor }), ['g-1', 'g-2'])
  })
})
