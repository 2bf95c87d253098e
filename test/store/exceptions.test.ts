import assert from 'node:assert/strict'
import type { NewException } from '../../store/exception-queue.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon, placeOrder, sampleEvent, sampleException, sampleProjection } from './sample.ts'

onEachBackend('exceptions', ({ store }) => {
  let organisation: string
  const orderNo = 'A-1'
  const ghost = (id: string, more: Partial<NewException> = {}): NewException => ({
    organisation,
    orderNo: null,
    id,
    kind: 'ghost',
    severity: 'error',
    step: null,
    owner: 'role:ops-manager',
    evidence: { seen: 1 },
    openedAt: noon,
    ...more,
  })
  const fixed = { outcome: 'fixed', note: 'done', resolvedAt: minutes(9) } as const
  const kinds = async () => (await store().getOrder(organisation, orderNo))?.exceptions

  beforeEach(() => {
    organisation = newOrganisation()
  })

  it('[I] counts what is seen again, until a person is done with it', async () => {
    assert.equal(await store().raiseException(ghost('g')), 'raised')
    assert.equal(await store().raiseException(ghost('g', { evidence: { seen: 2 } })), 'counted')
    const stored = await store().getException(organisation, 'g')
    assert.deepEqual(stored, {
      ...ghost('g', { evidence: { seen: 2 } }),
      status: 'open',
      count: 2,
      outcome: null,
      note: null,
      resolvedAt: null,
    })
    assert.equal((await store().acknowledgeException(organisation, 'g'))?.status, 'acknowledged')
    assert.deepEqual(await store().resolveException(organisation, 'g', fixed), {
      ...stored,
      ...fixed,
      status: 'resolved',
    })
    assert.equal(await store().raiseException(ghost('g')), 'resolved')
    assert.equal((await store().acknowledgeException(organisation, 'g'))?.status, 'resolved')
    const again = { outcome: 'accepted', note: null, resolvedAt: noon } as const
    assert.equal((await store().resolveException(organisation, 'g', again))?.outcome, 'fixed')
    assert.equal(await store().resolveException(organisation, 'none', fixed), null)
    assert.equal(await store().acknowledgeException('another', 'g'), null)
  })

  it('[I] shows on the order what is not resolved, wherever it came from', async () => {
    await placeOrder(store(), organisation, orderNo, { exceptions: [sampleException('e-1')] })
    await store().raiseException(ghost('clock', { orderNo, kind: 'clock_dead' }))
    assert.deepEqual(await kinds(), ['clock_dead', 'overdue'])
    await store().resolveException(organisation, 'clock', fixed)
    assert.deepEqual(await kinds(), ['overdue'])
    await store().append({ organisation, orderNo, events: [sampleEvent(2)] }, (_state, events) =>
      sampleProjection(events, { exceptions: [sampleException('e-1', { status: 'resolved', ...fixed })] }),
    )
    assert.deepEqual(await kinds(), [])
    assert.equal((await store().getException(organisation, 'e-1'))?.outcome, 'fixed')
  })

  it('[I] lets no projection take back what a person said', async () => {
    const both = [sampleException('e-1'), sampleException('e-2', { kind: 'failed' })]
    await placeOrder(store(), organisation, orderNo, { exceptions: both })
    await store().acknowledgeException(organisation, 'e-1')
    await store().resolveException(organisation, 'e-2', fixed)
    const more = both.map(exception => ({ ...exception, count: 2, evidence: { more: true } }))
    await store().append({ organisation, orderNo, events: [sampleEvent(2)] }, (_state, events) =>
      sampleProjection(events, { exceptions: more }),
    )
    const first = await store().getException(organisation, 'e-1')
    assert.deepEqual([first?.status, first?.count, first?.evidence], ['acknowledged', 2, { more: true }])
    const second = await store().getException(organisation, 'e-2')
    assert.deepEqual([second?.status, second?.outcome], ['resolved', 'fixed'])
    assert.deepEqual(await kinds(), ['overdue'])
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
  })

  it('[I] lists newest first, by status, kind, owner and order, page by page', async () => {
    await placeOrder(store(), organisation, orderNo, { exceptions: [sampleException('e-1')] })
    await store().raiseException(ghost('g-2'))
    await store().raiseException(ghost('g-1'))
    await store().raiseException(ghost('g-3', { openedAt: minutes(1), owner: 'ling' }))
    await store().acknowledgeException(organisation, 'g-2')
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
