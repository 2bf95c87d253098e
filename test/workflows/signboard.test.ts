import assert from 'node:assert/strict'
import { searchAttributeTypes } from '../../domain/search-attributes.ts'
import { worldOfSuite } from './harness.ts'
import { eventually, type OrderUnderTest } from './order-under-test.ts'
import { dear, shop } from './processes.ts'
import { done, held, refused } from './scripted-connectors.ts'

describe('what an order shows of itself in the Temporal Web UI', () => {
  const world = worldOfSuite()

  const listed = async (order: OrderUnderTest, query: string): Promise<boolean> => {
    const all = world().client.workflow.list({ query: `WorkflowId = '${order.handle.workflowId}' AND ${query}` })
    for await (const _ of all) return true
    return false
  }

  /** Visibility is written a moment after the history. */
  const assertListed = async (order: OrderUnderTest, query: string): Promise<void> => {
    const found = await eventually(40_000, async () => (await listed(order, query)) || undefined)
    if (found) return
    const { indexedFields } = (await order.handle.describe()).raw.workflowExecutionInfo?.searchAttributes ?? {}
    assert.fail(`no order with ${query}, but ${JSON.stringify(indexedFields)}`)
  }

  const details = async (order: OrderUnderTest): Promise<string> => {
    const metadata = await order.handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')
    return metadata.currentDetails ?? ''
  }

  it('[I] can be searched for: whose turn it is, what is due, what is wrong', async () => {
    const order = await world().place(shop, {
      order: dear,
      before: placed => placed.script('shipment.create', refused('no_such_address'), done()),
    })
    await order.until('notice.delivered')
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString()
    await assertListed(
      order,
      `OrderStatus = 'pending_approval' AND OrderOwner = 'role:sales-supervisor' AND OrderStep = 'approval' AND OrderDueAt < '${tomorrow}'`,
    )
    assert.match(await details(order), /approval/i)

    await order.does('mei', 'approve')
    await order.until('review.opened')
    await assertListed(
      order,
      `OrderStatus = 'manual_review' AND OrderOwner = 'role:order-desk' AND OrderException = 'failed'`,
    )
    assert.match(await details(order), /no_such_address/)

    await order.does('he', 'retry', { step: 'shipment' })
    await order.until('step.completed', { step: 'capture' })
    await assertListed(order, `OrderStatus = 'in_transit' AND OrderStep = 'signing' AND OrderException IS NULL`)
    assert.match(await details(order), /signing/i)

    await order.reports('shipment.delivered')
    assert.equal(await order.closed(), 'completed')
    await assertListed(order, `OrderStatus = 'completed' AND OrderDueAt IS NULL AND OrderOwner IS NULL`)
  })

  it('[I] says so where a call takes long, and whose it is', async () => {
    const payment = held()
    const order = await world().place(shop, { before: placed => placed.script('payment.authorise', payment.answer) })
    await assertListed(
      order,
      `OrderStatus = 'pending_payment' AND OrderOwner = 'role:finance' AND OrderStep = 'payment'`,
    )
    payment.release()
    await order.until('step.completed', { step: 'capture' })
    await assertListed(order, `OrderStatus = 'in_transit'`)
  })

  it('[I] is an event only when the order waits, becomes abnormal or closes', async () => {
    const order = await world().place(shop, { order: dear })
    await order.until('notice.delivered')
    await order.does('mei', 'approve')
    await order.until('step.completed', { step: 'capture' })
    await order.reports('shipment.delivered')
    await order.closed()
    const upserts = (await order.history()).filter(event => event.upsertWorkflowSearchAttributesEventAttributes)
    assert.equal(upserts.length, 2, 'what it shows at first is given at its start')
  })

  it('[I] can be kept: every attribute is registered with its type', async () => {
    const { connection, options } = world().client
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: options.namespace })
    for (const name of Object.keys(searchAttributeTypes)) assert.ok(customAttributes?.[name], name)
  })
})
