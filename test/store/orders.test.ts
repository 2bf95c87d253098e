import assert from 'node:assert/strict'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon, placeOrder, sampleOrder } from './sample.ts'

onEachBackend('orders', ({ store }) => {
  let organisation: string
  beforeEach(() => {
    organisation = newOrganisation()
  })

  it('[I] lets one of twenty that insert the same number at once win, and shows it to the others', async () => {
    const hashes = Array.from({ length: 20 }, (_, index) => `hash-${index}`)
    const results = await Promise.all(
      hashes.map(contentHash => store().insertOrder(sampleOrder(organisation, 'A-1', { contentHash }))),
    )
    const winners = results.flatMap((result, index) => (result.inserted ? [hashes[index]] : []))
    assert.equal(winners.length, 1)
    for (const result of results) if (!result.inserted) assert.equal(result.existing.contentHash, winners[0])
  })

  it('[I] gives back what was inserted, with nothing projected yet', async () => {
    const order = sampleOrder(organisation, 'A-1', {
      content: { customer: { tier_name: 'gold' }, totalMinor: 100 },
      skus: ['a "quoted" one', 'b,c', '茶\\'],
      customerId: null,
    })
    assert.deepEqual(await store().insertOrder(order), { inserted: true })
    assert.deepEqual(await store().getOrder(organisation, 'A-1'), {
      ...order,
      startedAt: null,
      status: 'received',
      state: null,
      view: null,
      seq: 0,
      asOf: null,
      steps: [],
      owners: [],
      dueAt: null,
      exceptions: [],
      closedAt: null,
    })
    assert.equal(await store().getOrder(organisation, 'A-2'), null)
    assert.equal(await store().getOrder('another', 'A-1'), null)
  })

  it('[I] finds the ones that were not started, oldest first, until they are', async () => {
    const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
    await store().insertOrder(sampleOrder(organisation, 'young', { createdAt: ago(1_000) }))
    await store().insertOrder(sampleOrder(organisation, 'old', { createdAt: ago(60_000) }))
    await store().insertOrder(sampleOrder(organisation, 'older', { createdAt: ago(90_000) }))
    const unstarted = async () =>
      (await store().unstarted(30_000, 1_000)).filter(row => row.organisation === organisation)
    assert.deepEqual(
      (await unstarted()).map(row => row.orderNo),
      ['older', 'old'],
    )
    assert.deepEqual((await unstarted())[0]?.startInput, { order: 'older' })
    await store().markStarted(organisation, 'older', noon)
    await store().markStarted(organisation, 'older', minutes(5))
    assert.equal((await store().getOrder(organisation, 'older'))?.startedAt, noon)
    assert.deepEqual(
      (await unstarted()).map(row => row.orderNo),
      ['old'],
    )
  })

  it('[I] finds open orders more than two minutes past their deadline', async () => {
    await placeOrder(store(), organisation, 'dead', { dueAt: minutes(-3) })
    await placeOrder(store(), organisation, 'just', { dueAt: minutes(-2) })
    await placeOrder(store(), organisation, 'closed', { dueAt: minutes(-3), closedAt: noon })
    await placeOrder(store(), organisation, 'patient', { dueAt: null })
    const found = (await store().overdueClock(noon)).filter(row => row.organisation === organisation)
    assert.deepEqual(
      found.map(row => [row.orderNo, row.dueAt, row.seq]),
      [['dead', minutes(-3), 1]],
    )
  })
})
