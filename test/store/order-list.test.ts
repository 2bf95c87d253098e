import assert from 'node:assert/strict'
import type { OrderFilter } from '../../store/order-list.ts'
import { CursorInvalid } from '../../store/store-error.ts'
import { newOrganisation, onEachBackend } from './each-backend.ts'
import { minutes, noon, placeOrder, sampleEvent, sampleOrder, sampleProjection } from './sample.ts'

onEachBackend('the list of orders', ({ store }) => {
  let organisation: string
  const list = (filter: Partial<OrderFilter>) => store().listOrders({ organisation, now: noon, limit: 100, ...filter })
  const numbers = async (filter: Partial<OrderFilter>) => (await list(filter)).items.map(row => row.orderNo)

  async function pages(filter: Partial<OrderFilter>): Promise<string[][]> {
    const found: string[][] = []
    for (let cursor: string | undefined; ; ) {
      const page = await list({ ...filter, ...(cursor === undefined ? {} : { cursor }) })
      found.push(page.items.map(row => row.orderNo))
      if (page.nextCursor === null) return found
      cursor = page.nextCursor
    }
  }

  beforeEach(() => {
    organisation = newOrganisation()
  })

  it('[I] turns pages newest first, over orders of the same instant, without losing or repeating one', async () => {
    for (const [orderNo, at] of [
      ['old', -1],
      ['same-3', 0],
      ['same-1', 0],
      ['same-4', 0],
      ['same-2', 0],
      ['new', 1],
    ] as const) {
      await store().insertOrder(sampleOrder(organisation, orderNo, { createdAt: minutes(at) }))
    }
    assert.deepEqual(await pages({ limit: 2 }), [
      ['new', 'same-1'],
      ['same-2', 'same-3'],
      ['same-4', 'old'],
    ])
    assert.deepEqual(await pages({ limit: 6 }), [['new', 'same-1', 'same-2', 'same-3', 'same-4', 'old']])
    assert.deepEqual(await pages({ limit: 4, since: noon }), [['new', 'same-1', 'same-2', 'same-3'], ['same-4']])
  })

  it('[I] keeps its place while new orders come in', async () => {
    for (const no of ['a', 'b', 'c']) await store().insertOrder(sampleOrder(organisation, no))
    const first = await list({ limit: 2 })
    await store().insertOrder(sampleOrder(organisation, 'newer', { createdAt: minutes(1) }))
    assert.deepEqual(await numbers({ limit: 2, cursor: first.nextCursor! }), ['c'])
  })

  it('[I] turns pages of a sku, and knows an amended order by its present ones', async () => {
    for (const [index, orderNo] of ['5', '4', '3', '2', '1'].entries()) {
      const createdAt = minutes(index < 3 ? 0 : -index)
      await placeOrder(store(), organisation, orderNo, {}, { skus: ['tea', 'tea', 'cup'], createdAt })
    }
    await store().insertOrder(sampleOrder(newOrganisation(), '6', { skus: ['cup'] }))
    assert.deepEqual(await pages({ sku: 'cup', limit: 2 }), [['3', '4'], ['5', '2'], ['1']])
    assert.deepEqual(await numbers({ sku: 'cup', since: minutes(-3), until: noon }), ['2'])
    await store().append({ organisation, orderNo: '4', events: [sampleEvent(2)] }, (_state, events) =>
      sampleProjection(events, { skus: ['pot', 'tea'] }),
    )
    assert.deepEqual(await numbers({ sku: 'cup' }), ['3', '5', '2', '1'])
    assert.deepEqual(await numbers({ sku: 'pot' }), ['4'])
    assert.deepEqual(await numbers({ sku: 'tea', status: 'pending_approval' }), ['3', '4', '5', '2', '1'])
    assert.deepEqual((await list({ sku: 'pot' })).items[0]?.skus, ['pot', 'tea'])
  })

  it('[I] filters by each of its filters, and by several together', async () => {
    const place = (orderNo: string, projection: Parameters<typeof placeOrder>[3], order = {}) =>
      placeOrder(store(), organisation, orderNo, projection, order)
    await place('1', { status: 'pending_payment', steps: ['payment', 'stock'] }, { customerId: 'ann' })
    await place('2', { owners: ['mei', 'role:finance'] }, { skus: ['tea', 'cup'] })
    await place('3', { dueAt: minutes(-1) }, { createdAt: minutes(-10) })
    await place('4', { dueAt: minutes(-1), closedAt: noon }, { createdAt: minutes(-20) })
    await store().insertOrder(sampleOrder(newOrganisation(), '5', { customerId: 'ann' }))

    assert.deepEqual(await numbers({ status: 'pending_payment' }), ['1'])
    assert.deepEqual(await numbers({ step: 'stock' }), ['1'])
    assert.deepEqual(await numbers({ owner: 'mei' }), ['2'])
    assert.deepEqual(await numbers({ overdue: true }), ['3'])
    assert.deepEqual(await numbers({ overdue: false }), ['1', '2', '4'])
    assert.deepEqual(await numbers({ customer: 'ann' }), ['1'])
    assert.deepEqual(await numbers({ sku: 'cup' }), ['2'])
    assert.deepEqual(await numbers({ since: minutes(-10) }), ['1', '2', '3'])
    assert.deepEqual(await numbers({ until: minutes(-10) }), ['4'])
    assert.deepEqual(await numbers({ step: 'approval', sku: 'tea', since: minutes(-10), overdue: false }), ['2'])
    assert.deepEqual(await numbers({ status: 'voided' }), [])
  })

  it('[I] finds the open ones with a provisional deadline, and those of a process', async () => {
    const place = (orderNo: string, projection: Parameters<typeof placeOrder>[3], order = {}) =>
      placeOrder(store(), organisation, orderNo, projection, order)
    const elsewhere = { processId: 'purchase' }
    await place('6', { provisional: true }, elsewhere)
    await place('7', {}, elsewhere)
    await place('8', { provisional: true, closedAt: noon }, elsewhere)
    await place('9', {})
    await store().insertOrder(sampleOrder(organisation, '10'))
    assert.deepEqual(await numbers({ provisional: true }), ['6'])
    assert.deepEqual(await numbers({ provisional: false }), ['10', '7', '8', '9'])
    assert.deepEqual(await numbers({ process: 'purchase' }), ['6', '7', '8'])
    assert.deepEqual(await numbers({ process: 'purchase', provisional: true }), ['6'])
  })

  it('[I] refuses what is not a cursor of it', async () => {
    const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const cursor of ['', 'rubbish', text({}), text([noon]), text(['yesterday', 'A-1']), text([noon, 7])]) {
      await assert.rejects(list({ cursor }), CursorInvalid, cursor)
    }
  })
})
