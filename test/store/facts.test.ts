import assert from 'node:assert/strict'
import type { NewFact } from '../../store/facts.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon, placeOrder } from './sample.ts'

onEachBackend('facts', ({ store }) => {
  let organisation: string
  const fact = (id: string, more: Partial<NewFact> = {}): NewFact => ({
    organisation,
    orderNo: 'A-1',
    source: 'carrier',
    id,
    type: 'shipment.delivered',
    claimedAt: minutes(-5),
    data: { parcel: 'p-1' },
    receivedAt: noon,
    ...more,
  })
  beforeEach(() => {
    organisation = newOrganisation()
  })

  it('[I] parks a fact once; the same id again changes nothing and tells the state', async () => {
    assert.deepEqual(await store().parkFact(fact('1')), { outcome: 'parked', state: 'parked' })
    assert.deepEqual(await store().parkFact(fact('1', { data: { parcel: 'p-2' } })), {
      outcome: 'known',
      state: 'parked',
    })
    assert.deepEqual(await store().getFact(organisation, 'carrier', '1'), {
      ...fact('1'),
      state: 'parked',
      exception: null,
    })
    await store().markTaken(organisation, 'carrier', '1')
    assert.deepEqual(await store().parkFact(fact('1')), { outcome: 'known', state: 'taken' })
    assert.equal((await store().parkFact(fact('1', { source: 'warehouse' }))).outcome, 'parked')
  })

  it('[I] lets one of twenty at once park it', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => store().parkFact(fact('1'))))
    assert.equal(results.filter(result => result.outcome === 'parked').length, 1)
  })

  it('[I] gives the parked facts of an order in the order they came, until they are taken', async () => {
    await store().parkFact(fact('late', { receivedAt: minutes(2) }))
    await store().parkFact(fact('early', { receivedAt: minutes(1) }))
    await store().parkFact(fact('other', { orderNo: 'A-2' }))
    const parked = async () => (await store().parkedFor(organisation, 'A-1')).map(row => row.id)
    assert.deepEqual(await parked(), ['early', 'late'])
    await store().markTaken(organisation, 'carrier', 'early')
    assert.deepEqual(await parked(), ['late'])
  })

  it('[I] tells which orders exist while facts for them are still parked', async () => {
    await store().parkFact(fact('1'))
    const waiting = async () =>
      (await store().ordersWithParkedFacts(minutes(1), 1_000)).filter(key => key.organisation === organisation)
    assert.deepEqual(await waiting(), [])
    await placeOrder(store(), organisation, 'A-1')
    assert.deepEqual(await waiting(), [{ organisation, orderNo: 'A-1' }])
    assert.deepEqual(await store().ordersWithParkedFacts(noon, 1_000), [])
    await store().markTaken(organisation, 'carrier', '1')
    assert.deepEqual(await waiting(), [])
  })

  it("[I] does not take another order's fact of the same id", async () => {
    await store().parkFact(fact('1', { orderNo: 'A-2' }))
    const { source, id, type, claimedAt, data } = fact('1')
    const taken = { source, id, type, at: claimedAt, data }
    await placeOrder(store(), organisation, 'A-1', { takenFacts: [taken, taken] })
    assert.equal((await store().getFact(organisation, 'carrier', '1'))?.state, 'parked')
  })
})
