import assert from 'node:assert/strict'
import { monday, orderRequest, type RunningApi, runApi } from './running-api.ts'

describe('a command that is refused', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
  })
  after(() => api.close())

  let placed = 0
  /** Two chairs and a table. */
  async function place(changes: object = {}): Promise<string> {
    placed += 1
    const lines = [
      { sku: 'chair', quantity: 2, unitPrice: '45.50' },
      { sku: 'table', quantity: 1, unitPrice: '9.10' },
    ]
    const { status, body } = await api.post('/api/orders', orderRequest({ orderNo: `RC-${placed}`, lines, ...changes }))
    assert.equal(status, 201)
    return body.orderNo
  }
  const shipped = async () => {
    const orderNo = await place()
    await api.orders.succeed(api.key(orderNo), 'payment', 'stock', 'shipment', 'capture')
    return orderNo
  }
  const delivered = async () => {
    const orderNo = await shipped()
    const data = { lines: [{ sku: 'chair', quantity: 1 }] }
    const fact = { id: `f-${orderNo}`, source: 'carrier', type: 'shipment.delivered', at: monday, data }
    assert.equal((await api.post(`/api/orders/${orderNo}/facts`, fact)).status, 202)
    return orderNo
  }

  /** Refused so, with these words, also when it is asked before; and nothing of the order has changed. */
  async function refuses(orderNo: string, as: string, command: object, code: string, words: RegExp): Promise<void> {
    const before = await api.orders.state(api.key(orderNo))
    for (const query of ['', '?dryRun=true']) {
      const { status, body } = await api.post(`/api/orders/${orderNo}/commands${query}`, command, { as })
      assert.deepEqual([body.code, status], [code, code === 'not_permitted' ? 403 : 409], JSON.stringify(body))
      assert.match(body.detail, words)
    }
    assert.deepEqual(await api.orders.state(api.key(orderNo)), before)
    const { items } = (await api.get(`/api/orders/${orderNo}/attempts`, { as: 'qin' })).body
    const isKept = (one: { code: string; actor: string }) => one.code === code && one.actor === as
    assert.ok(items.some(isKept), 'it is kept who has tried')
  }

  it('[I] in the wrong status, by the wrong role, or behind what has happened since', async () => {
    const orderNo = await shipped()
    await refuses(orderNo, 'mei', { type: 'approve' }, 'not_applicable', /no step to approve now/)
    await refuses(orderNo, 'wu', { type: 'cancel' }, 'not_permitted', /none of your roles may do this/)
    await refuses(orderNo, 'ling', { type: 'hold', expectedSeq: 1 }, 'stale', /the order is at seq \d+, not 1/)
  })

  it('[I] of an order that is closed', async () => {
    const orderNo = await place({ lines: [{ sku: 'chair', quantity: 1, unitPrice: '20000.00' }] })
    assert.equal((await api.post(`/api/orders/${orderNo}/commands`, { type: 'reject' }, { as: 'mei' })).status, 200)
    await refuses(orderNo, 'ling', { type: 'hold' }, 'closed', /the order is closed: cancelled/)
  })

  it('[I] an amend below what has been shipped', async () => {
    const orderNo = await shipped()
    const changes = { lines: [{ line: 1, quantity: 1 }] }
    await refuses(
      orderNo,
      'sun',
      { type: 'amend', changes },
      'below_shipped',
      /2 of chair \(line 1\) have been shipped/,
    )
  })

  it('[I] a split that does not add up, leaves nothing, or comes too late', async () => {
    const orderNo = await place()
    const split = (...parts: [line: number, quantity: number][][]) => ({
      type: 'split',
      parts: parts.map(lines => ({ lines: lines.map(([line, quantity]) => ({ line, quantity })) })),
    })
    await refuses(
      orderNo,
      'he',
      split([[1, 1]], [[2, 1]]),
      'does_not_add_up',
      /line 1 \(chair\).* have 1, and 2 are left/,
    )
    await refuses(orderNo, 'he', split([[1, 2]], [[2, 5]]), 'does_not_add_up', /line 2 \(table\)/)
    const late = await shipped()
    await refuses(late, 'he', split([[1, 2]], [[2, 1]]), 'already_shipped', /shipped/)
  })

  it('[I] a merge of strangers', async () => {
    const [orderNo, other] = [await place(), await place({ customer: { id: 'c2', name: 'Wang' } })]
    await refuses(orderNo, 'he', { type: 'merge', orders: [other] }, 'strangers', /is of another customer/)
  })

  it('[I] a rollback or void past something irreversible', async () => {
    const orderNo = await delivered()
    const reason = 'wrong goods'
    await refuses(orderNo, 'he', { type: 'rollback', to: 'stock', reason }, 'irreversible', /"signing" has been done/)
    await refuses(orderNo, 'zhao', { type: 'void', reason }, 'irreversible', /"signing" has been done/)
  })
})
