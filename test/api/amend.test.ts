import assert from 'node:assert/strict'
import { orderRequest, type RunningApi, runApi } from './running-api.ts'

describe('amend through the API', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())
  const amend = (orderNo: string, changes: object, as = 'sun', query = '') =>
    api.post(`/api/orders/${orderNo}/commands${query}`, { type: 'amend', changes }, { as })

  it('[I] shows the order as it now is, and finds it by what was added', async () => {
    const orderNo = await api.place('20000.00')
    const { status, body } = await amend(orderNo, {
      lines: [
        { line: 1, quantity: 2, unitPrice: '12000' },
        { sku: 'lamp-of-amend', quantity: 1, unitPrice: '5.00' },
      ],
      attributes: { address: 'Nanjing Road 2', deliveryDate: '2026-03-09' },
    })
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(
      body.order.lines.map((line: { sku: string; quantity: number; unitPrice: string }) => [
        line.sku,
        line.quantity,
        line.unitPrice,
      ]),
      [
        ['chair', 2, '12000.00'],
        ['lamp-of-amend', 1, '5.00'],
      ],
    )
    assert.equal(body.order.total, '24005.00')
    assert.deepEqual(body.order.attributes, { address: 'Nanjing Road 2', deliveryDate: '2026-03-09' })
    const { items } = (await api.get('/api/orders?sku=lamp-of-amend')).body
    assert.deepEqual(
      items.map(({ orderNo, total }: { orderNo: string; total: string }) => [orderNo, total]),
      [[orderNo, '24005.00']],
    )
  })

  it('[I] leaves the number with what was placed: the same again is the same order, the amended content is not', async () => {
    const orderNo = await api.place('50.00')
    await api.orders.succeed(api.key(orderNo), 'payment', 'stock', 'shipment', 'capture')
    assert.equal((await amend(orderNo, { lines: [{ line: 1, quantity: 2 }] })).status, 200)
    const again = await api.post('/api/orders', orderRequest({ orderNo, total: '50.00' }))
    assert.deepEqual([again.status, again.body.order.lines[0].quantity], [200, 2])
    const other = orderRequest({ orderNo, lines: [{ sku: 'chair', quantity: 2, unitPrice: '50.00' }] })
    assert.equal((await api.post('/api/orders', other)).body.code, 'order_conflict')
  })

  it('[I] asks first: what would be called and what it comes to, also where another person must confirm', async () => {
    const orderNo = await api.place('50.00')
    await api.orders.succeed(api.key(orderNo), 'payment', 'stock', 'shipment', 'capture')
    const { status, body } = await amend(orderNo, { lines: [{ line: 1, unitPrice: '40.00' }] }, 'sun', '?dryRun=true')
    assert.equal(status, 200)
    const operations = (calls: readonly { operation: string; key: string }[]) => calls.map(({ operation }) => operation)
    assert.deepEqual(operations(body.undo), ['payment.refund', 'payment.void'])
    assert.deepEqual(operations(body.calls), ['payment.authorise', 'payment.capture'])
    assert.deepEqual([body.money.inTheEnd.captured, body.money.inTheEnd.refunded], ['90.00', '50.00'])
    assert.deepEqual([body.status, body.statusAfter, body.statusInTheEnd], ['in_transit', 'compensating', 'in_transit'])
    assert.equal(body.confirm, null)
    const dear = await amend(orderNo, { lines: [{ line: 1, quantity: 999 }] }, 'sun', '?dryRun=true')
    assert.ok(dear.body.confirm.roles.includes('ops-manager'))
    assert.equal(dear.body.events[0].type, 'order.amended')
    assert.equal((await amend(orderNo, { lines: [{ line: 1, quantity: 999 }] })).status, 202)
  })

  it('[I] refuses, each with its code and field', async () => {
    const orderNo = await api.place('50.00')
    const refusal = async (changes: object, as?: string) => {
      const { status, body } = await amend(orderNo, changes, as)
      return [status, body.code, ...(body.errors ?? []).map(({ field }: { field: string }) => field)]
    }
    const line = (change: object) => ({ lines: [{ line: 1, ...change }] })
    assert.deepEqual(await refusal({}), [422, 'invalid', 'changes'])
    assert.deepEqual((await refusal({ currency: 'USD' })).slice(0, 3), [422, 'invalid', 'changes.currency'])
    assert.deepEqual(await refusal(line({ quantity: 1.5 })), [422, 'invalid', 'changes.lines.0.quantity'])
    assert.deepEqual(await refusal(line({ unitPrice: '1.234' })), [422, 'invalid', 'changes.lines.0.unitPrice'])
    assert.deepEqual(await refusal({ lines: [{ line: 9, quantity: 1 }] }), [422, 'invalid', 'changes.lines.0.line'])
    assert.deepEqual(await refusal({ attributes: { constructor: 1 } }), [422, 'invalid', 'changes.attributes'])
    assert.deepEqual(await refusal(line({ quantity: 3 }), 'wu'), [403, 'not_permitted'])
    assert.deepEqual(await refusal(line({ quantity: 3 })), [409, 'call_in_flight'])
    await api.orders.succeed(api.key(orderNo), 'payment', 'stock', 'shipment', 'capture')
    assert.deepEqual(await refusal(line({ quantity: 0 })), [409, 'below_shipped', 'changes.lines'])
    assert.deepEqual(await refusal(line({ quantity: 1 })), [409, 'not_applicable', 'changes'])
  })
})
