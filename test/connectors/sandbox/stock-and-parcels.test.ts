import assert from 'node:assert/strict'
import { splitParcels } from '../../../connectors/sandbox/split-parcels.ts'
import { goods, lines, order, TestSandbox } from './test-sandbox.ts'

const key = 'main/S-1/stock/1'

describe('sandbox: stock and parcels', () => {
  let sandbox: TestSandbox
  beforeEach(async () => {
    sandbox = await TestSandbox.start()
  })
  afterEach(() => sandbox.stop())

  const ledger = async () => (await sandbox.client.get('/ledger')).body
  const half = [
    { line: 1, sku: 'TEA', quantity: 5 },
    { line: 2, sku: 'CUP', quantity: 1 },
  ]
  const otherHalf = [
    { line: 1, sku: 'TEA', quantity: 5 },
    { line: 2, sku: 'CUP', quantity: 2 },
  ]

  it('[I] short stock is reserved by half; what is missing can come in later, and goes back with the rest', async () => {
    const { client } = sandbox
    await client.put('/faults', { stockShort: true })
    assert.deepEqual((await client.post('/stock/reserve', goods, key)).body.lines, half)
    assert.deepEqual((await client.post('/stock/arrive', order)).body, {
      lines: otherHalf,
      facts: [`stock.reserved/${key}`],
    })
    assert.equal((await client.post('/stock/arrive', order)).body.code, 'no_backorder')
    await sandbox.restart()
    assert.deepEqual((await sandbox.client.post('/stock/release', order, key)).body.lines, lines)
    const { reservations, releases } = await ledger()
    assert.deepEqual(
      reservations.map((entry: { quantities: unknown }) => entry.quantities),
      [half, otherHalf],
    )
    assert.deepEqual(
      releases.map((entry: { quantities: unknown }) => entry.quantities),
      [lines],
    )
  })

  it('[I] a backorder whose reservation was released does not arrive', async () => {
    const { client } = sandbox
    await client.put('/faults', { stockShort: true })
    await client.post('/stock/reserve', goods, key)
    await client.post('/stock/release', order, key)
    assert.equal((await client.post('/stock/arrive', order)).status, 404)
  })

  it('[I] NOSTOCK is never there; an order with nothing in stock is refused, and can be tried again', async () => {
    const { client } = sandbox
    const some = { ...goods, lines: [...lines, { line: 3, sku: 'X-NOSTOCK', quantity: 1 }] }
    assert.deepEqual((await client.post('/stock/reserve', some, key)).body.lines, lines)
    const none = { ...goods, lines: [{ line: 1, sku: 'X-NOSTOCK', quantity: 1 }] }
    const refused = await client.post('/stock/reserve', none, 'main/S-1/stock/2')
    assert.deepEqual([refused.status, refused.body.code], [409, 'out_of_stock'])
    assert.equal((await ledger()).reservations.length, 1)
    await client.put('/faults', { stockShort: true })
    const one = { ...goods, lines: [{ line: 1, sku: 'TEA', quantity: 1 }] }
    assert.equal((await client.post('/stock/reserve', one, 'main/S-1/stock/3')).status, 409)
    await client.put('/faults', { stockShort: false })
    assert.equal((await client.post('/stock/reserve', one, 'main/S-1/stock/3')).status, 200)
  })

  it('[I] parcels can be tracked, delivered one by one, and recalled until delivered', async () => {
    const { client } = sandbox
    const shipped = await client.post('/shipments', { ...goods, parcels: 2, address: 'Canton Road' }, key)
    const [first, second] = shipped.body.parcels.map((parcel: { id: string }) => parcel.id)
    assert.equal((await ledger()).parcels.length, 2)
    const delivered = await client.post('/deliver', { ...order, parcel: first })
    assert.deepEqual(delivered.body, { delivered: [first], facts: [`shipment.delivered/${first}`] })
    assert.deepEqual((await client.post('/deliver', { ...order, parcel: first })).body, {
      delivered: [first],
      facts: [],
    })
    const tracked = (await client.get(`/parcels/${first}`)).body
    assert.equal(tracked.status, 'delivered')
    assert.equal(new Date(tracked.deliveredAt).toISOString(), tracked.deliveredAt)
    assert.equal((await client.get(`/parcels/${second}`)).body.deliveredAt, null)
    const list = async (status: string) =>
      (await client.get(`/parcels?organisation=main&orderNo=S-1&status=${status}`)).body.parcels.map(
        (parcel: { id: string }) => parcel.id,
      )
    assert.deepEqual([await list('delivered'), await list('in_transit')], [[first], [second]])
    const recalled = await client.post('/shipments/recall', order, key)
    assert.deepEqual(recalled.body.parcels, shipped.body.parcels.slice(1))
    assert.equal((await client.post('/deliver', { ...order, parcel: second })).body.code, 'recalled')
    assert.deepEqual(await list('recalled'), [second])
    assert.equal((await client.get('/parcels/none')).status, 404)
    assert.equal((await client.post('/deliver', { ...order, orderNo: 'S-9' })).body.code, 'no_parcel')
  })

  it('[I] a shipment that has been delivered cannot be recalled', async () => {
    const { client } = sandbox
    await client.post('/shipments', goods, key)
    await client.post('/deliver', order)
    const { status, body } = await client.post('/shipments/recall', order, key)
    assert.deepEqual([status, body.code], [409, 'already_delivered'])
    assert.equal((await ledger()).recalls.length, 0)
  })

  it('[I] more than three lines are two parcels', async () => {
    const four = [1, 2, 3, 4].map(line => ({ line, sku: `SKU-${line}`, quantity: line }))
    const parcelCount = async (count: number) => {
      const body = { ...order, lines: four.slice(0, count) }
      return (await sandbox.client.post('/shipments', body, `main/S-1/ship/${count}`)).body.parcels.length
    }
    assert.deepEqual([await parcelCount(3), await parcelCount(4)], [1, 2])
  })

  it('[U] parcels hold every unit once, and none is empty', () => {
    for (const wanted of [1, 2, 3, 7, 13, 20]) {
      const parcels = splitParcels(lines, wanted, 'p')
      assert.equal(parcels.length, Math.min(wanted, 13))
      assert.equal(new Set(parcels.map(parcel => parcel.id)).size, parcels.length)
      for (const { line, quantity } of lines) {
        const parts = parcels.flatMap(parcel => parcel.lines).filter(part => part.line === line)
        assert.equal(
          parts.reduce((sum, part) => sum + part.quantity, 0),
          quantity,
        )
      }
      assert.ok(parcels.every(parcel => parcel.lines.length > 0 && parcel.lines.every(line => line.quantity > 0)))
    }
  })

  it('[I] delivers new parcels by itself only when told so, and no more when told to stop', async () => {
    const { client } = sandbox
    const ship = async (round: number) =>
      (await client.post('/shipments', goods, `main/S-1/ship/${round}`)).body.parcels[0].id
    const statusOf = async (id: string) => (await client.get(`/parcels/${id}`)).body.status
    const before = await ship(1)
    await client.post('/auto', { deliverAfterMs: 0 })
    const soon = await ship(2)
    while ((await statusOf(soon)) !== 'delivered') await new Promise(setImmediate)
    await client.put('/auto', { deliverAfterMs: 30 })
    const recalled = await ship(3)
    await client.post('/shipments/recall', order, 'main/S-1/ship/3')
    await new Promise(resolve => setTimeout(resolve, 60))
    assert.equal(await statusOf(recalled), 'recalled')
    await client.put('/auto', { deliverAfterMs: 1000 })
    const stopped = await ship(4)
    await client.put('/auto', { deliverAfterMs: null })
    await new Promise(resolve => setTimeout(resolve, 1100))
    assert.deepEqual([await statusOf(before), await statusOf(stopped)], ['in_transit', 'in_transit'])
    assert.equal((await client.put('/auto', { deliverAfterMs: -1 })).status, 422)
  })
})
