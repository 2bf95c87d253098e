import assert from 'node:assert/strict'
import { orderRequest, type RunningApi, runApi } from './running-api.ts'

describe('a return', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
    await api.place('ignored', {
      orderNo: 'BOUGHT',
      lines: [
        { sku: 'chair', quantity: 3, unitPrice: '10.00' },
        { sku: 'table', quantity: 1, unitPrice: '50.00' },
      ],
    })
    await api.orders.succeed(api.key('BOUGHT'), 'payment', 'stock', 'shipment', 'capture')
    await api.orders.take(api.key('BOUGHT'), {
      type: 'fact',
      fact: { id: 'd1', source: 'carrier', type: 'shipment.delivered', claimedAt: '2026-03-02T02:00:00.000Z' },
    })
    assert.equal((await api.get('/api/orders/BOUGHT')).body.status, 'completed')
  })
  after(() => api.close())
  const giveBack = (orderNo: string, quantity: number, changes: object = {}) => {
    const lines = [{ sku: 'chair', quantity, unitPrice: '10.00' }]
    return api.post('/api/orders', orderRequest({ orderNo, process: 'return', returnOf: 'BOUGHT', lines, ...changes }))
  }
  const fields = async (changes: object) => {
    const { status, body } = await giveBack('R-0', 1, changes)
    assert.equal(status, 422, JSON.stringify(body))
    return body.errors.map(({ field }: { field: string }) => field)
  }

  it('[I] takes its ceilings from the order, less what other returns have claimed', async () => {
    const first = await giveBack('R-1', 2)
    assert.equal(first.status, 201)
    assert.deepEqual(first.body.order.returnOf, { orderNo: 'BOUGHT', refundable: '80.00', refundableMinor: 8000 })
    const tooMany = await giveBack('R-2', 2)
    assert.deepEqual([tooMany.status, tooMany.body.errors[0].field], [422, 'lines.0.quantity'])
    assert.match(tooMany.body.errors[0].message, /at most 1 of chair/)
    assert.equal((await giveBack('R-1', 2)).status, 200, 'the same again')
    assert.equal((await giveBack('R-2', 1)).body.order.returnOf.refundable, '60.00')
    await api.post('/api/orders/R-1/commands', { type: 'cancel' }, { as: 'he' })
    assert.equal((await giveBack('R-3', 2)).status, 201, 'what was cancelled is free again')
  })

  it('[I] cannot claim more than is left by coming twice at once', async () => {
    const table = { lines: [{ sku: 'table', quantity: 1, unitPrice: '20.00' }] }
    const replies = await Promise.all(['R-4', 'R-5', 'R-6'].map(orderNo => giveBack(orderNo, 1, table)))
    assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 422, 422])
  })

  it('[I] is of an order that is there, of the same customer and currency, and worth no more than was paid', async () => {
    assert.deepEqual(await fields({ returnOf: undefined }), ['returnOf'])
    assert.deepEqual(await fields({ returnOf: 'NOWHERE' }), ['returnOf'])
    assert.deepEqual(await fields({ returnOf: 'R-1' }), ['returnOf'])
    assert.deepEqual(await fields({ customer: { id: 'c2', name: 'Wang' } }), ['customer.id'])
    assert.deepEqual(await fields({ currency: 'USD' }), ['currency'])
    assert.deepEqual(await fields({ lines: [{ sku: 'lamp', quantity: 1, unitPrice: '1.00' }] }), ['lines.0.quantity'])
    assert.deepEqual(await fields({ process: 'sales' }), ['returnOf'])
    await api.place('1000.00', { orderNo: 'BOUGHT-2', lines: [{ sku: 'chair', quantity: 9, unitPrice: '10.00' }] })
    await api.orders.succeed(api.key('BOUGHT-2'), 'payment', 'stock', 'shipment')
    assert.deepEqual(await fields({ returnOf: 'BOUGHT-2' }), ['lines.0.quantity'], 'nothing is delivered yet')
    const fact = { id: 'd2', source: 'carrier', type: 'shipment.delivered', claimedAt: '2026-03-02T02:00:00.000Z' }
    await api.orders.take(api.key('BOUGHT-2'), { type: 'fact', fact })
    assert.deepEqual(await fields({ returnOf: 'BOUGHT-2' }), ['lines'], 'nothing is captured yet')
  })
})
