import assert from 'node:assert/strict'
import { Client, Connection } from '@temporalio/client'
import { type OrderClient, OrdersUnavailable } from '../../order-client/order-client.ts'
import { temporalOrderClient } from '../../order-client/temporal-order-client.ts'
import type { OrderInput } from '../../workflows/messages.ts'
import { worldOfSuite } from '../workflows/harness.ts'
import { eventually, type OrderUnderTest, requestOf } from '../workflows/order-under-test.ts'
import { dear, shop } from '../workflows/processes.ts'
import { transient } from '../workflows/scripted-connectors.ts'

const fact = { id: 'f1', source: 'erp', type: 'supplier.delayed', claimedAt: '2026-03-02T02:00:00.000Z' }

describe('orders on Temporal, as the API reaches them', () => {
  const world = worldOfSuite()
  let orders: OrderClient
  before(() => {
    orders = temporalOrderClient(world().client, world().taskQueue)
  })
  const accepted = (total: object = dear) => world().place(shop, { order: total, start: 'not_yet' })
  const keyOf = (order: OrderUnderTest) => ({ organisation: 'main', orderNo: order.orderNo })
  const inputOf = (order: OrderUnderTest): OrderInput => order['input' as never]
  const approval = (id: string, who = 'mei') => {
    const request = requestOf(who, 'approve')
    return { ...request, command: { ...request.command, id } }
  }

  it('[I] start once, take commands once by their id, and refuse as they decide', async () => {
    const order = await accepted()
    const key = keyOf(order)
    assert.equal(await orders.command(key, approval('a')), null, 'it does not run yet')
    assert.equal(await orders.fact(key, fact), null)
    assert.equal(await orders.state(key), null)
    assert.equal(await orders.describe(key), null)

    const runId = await orders.start(inputOf(order))
    assert.equal(await orders.start(inputOf(order)), runId)
    const refused = await orders.command(key, approval('a', 'wu'))
    assert.deepEqual([refused?.ok, refused?.ok === false && refused.code], [false, 'not_permitted'])
    const done = await orders.command(key, approval('a'))
    assert.ok(done?.ok)
    assert.equal(done.view.facets.approval, 'done')
    const again = await orders.command(key, approval('a'))
    assert.equal(again?.ok && again.seq, done.seq)
    assert.deepEqual([done.runId, again?.runId], [runId, runId])
    assert.equal((await orders.describe(key))?.runId, runId)
  })

  it('[I] show nothing that has nothing left to do', async () => {
    const order = await accepted()
    await orders.start(inputOf(order))
    await order.until('notice.delivered')
    await order.quietHistory()
    assert.equal((await order.handle.describe()).raw.pendingActivities?.length, 1, 'its journal, which is stored')
    assert.deepEqual((await orders.describe(keyOf(order)))?.activities, [])
  })

  it('[I] take facts once, and tell what they are', async () => {
    const order = await accepted()
    await orders.start(inputOf(order))
    const key = keyOf(order)
    const taken = await orders.fact(key, fact)
    assert.deepEqual([taken?.ok, (await orders.fact(key, fact))?.ok], [true, true])
    assert.deepEqual((await orders.state(key))?.factIds, ['erp/f1'])
  })

  it('[I] show the calls that are tried again and again, with what went wrong', async () => {
    const order = await accepted({})
    const answers = Array.from({ length: 20 }, () => transient())
    order.script('payment.authorise', ...answers)
    await orders.start(inputOf(order))
    const found = await eventually(10_000, async () => {
      const run = await orders.describe(keyOf(order))
      return run?.activities.find(({ type, lastError }) => type === 'payment.authorise' && lastError !== undefined)
    })
    assert.match(found?.lastError ?? '', /no answer/)
    assert.ok((found?.attempt ?? 0) >= 2)
    await orders.command(keyOf(order), { ...requestOf('he', 'cancel'), command: { type: 'cancel', id: 'c' } })
  })

  it('[I] are no more once they are closed, and do not start again', async () => {
    const order = await accepted()
    await orders.start(inputOf(order))
    const key = keyOf(order)
    await order.until('notice.delivered')
    assert.ok((await orders.command(key, { ...requestOf('mei', 'reject'), command: { type: 'reject', id: 'r' } }))?.ok)
    await order.closed()
    assert.equal(await orders.command(key, approval('late')), null)
    assert.equal(await orders.fact(key, fact), null)
    assert.equal(await orders.start(inputOf(order)), null)
    assert.equal((await orders.state(key))?.closed?.status, 'cancelled')
  })

  it('[I] whose workflow task fails again and again are found, with the reason', async function () {
    this.timeout(60_000)
    const order = await accepted()
    const input = inputOf(order)
    const newer = { ...input, carried: { state: { schemaVersion: 99 }, unstored: [], attempts: [], attemptCount: 0 } }
    await orders.start(newer as unknown as OrderInput)
    const found = await eventually(40_000, async () =>
      (await orders.blocked()).find(({ orderNo }) => orderNo === order.orderNo),
    )
    assert.match(found?.message ?? '', /schema version 99 is newer than this code/)
    await order.handle.terminate()
  })

  it('[I] that were terminated while they were open are found, others are not', async () => {
    const since = new Date(Date.now() - 60_000).toISOString()
    const order = await accepted()
    await orders.start(inputOf(order))
    await order.until('notice.delivered')
    const finished = await accepted()
    await orders.start(inputOf(finished))
    await finished.until('notice.delivered')
    await orders.command(keyOf(finished), { ...requestOf('mei', 'reject'), command: { type: 'reject', id: 'r' } })
    await finished.closed()
    await world().client.workflow.getHandle(`order/main/${order.orderNo}`).terminate('by hand')
    const found = await eventually(10_000, async () =>
      (await orders.endedFromOutside(since)).find(({ orderNo }) => orderNo === order.orderNo),
    )
    assert.deepEqual([found?.organisation, found?.how], ['main', 'terminated'])
    const all = (await orders.endedFromOutside(since)).map(({ orderNo }) => orderNo)
    assert.ok(!all.includes(finished.orderNo))
    assert.ok(!(await orders.endedFromOutside(new Date(Date.now() + 60_000).toISOString())).length)
  })

  it('[I] that are malformed are refused, not tried for ever', async () => {
    const order = await accepted()
    await orders.start(inputOf(order))
    const request = { ...approval('m'), command: { id: 'm', type: 'dance' } } as never
    const answer = await orders.command(keyOf(order), request)
    assert.deepEqual([answer?.ok, answer?.ok === false && answer.code], [false, 'invalid'])
  })

  it('[I] answer a ping, if the namespace is there', async () => {
    await orders.ping()
    const elsewhere = temporalOrderClient(new Client({ connection: world().client.connection, namespace: 'nowhere' }))
    await assert.rejects(elsewhere.ping(), OrdersUnavailable)
    await assert.rejects(elsewhere.start(inputOf(await accepted())), OrdersUnavailable)
  })

  it('[I] are unavailable while the server cannot be reached', async () => {
    const connection = Connection.lazy({ address: '127.0.0.1:1' })
    const away = temporalOrderClient(new Client({ connection }))
    await assert.rejects(away.describe({ organisation: 'main', orderNo: 'x' }), OrdersUnavailable)
    await connection.close()
  })
})
