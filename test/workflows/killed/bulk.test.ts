import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { temporalOrderClient } from '../../../order-client/temporal-order-client.ts'
import { bulkWorkflowIdOf } from '../../../workflows/messages.ts'
import { eventually } from '../order-under-test.ts'
import { approvalOnly, dear } from '../processes.ts'
import { dyingSuite } from './dying-suite.ts'

dyingSuite('a worker that is killed in the middle of a bulk', approvalOnly, {
  '[I] leaves no order out and asks none twice: killed with one asked that nobody has written down': async round => {
    await round.startWorker({ when: 'after', step: 'command', nth: 4 })
    const orders = await Promise.all(Array.from({ length: 8 }, () => round.place(dear)))
    const key = { organisation: 'main', id: `b-${randomUUID()}` }
    const who = { requestHash: 'x', actor: 'mei', roles: null, service: false, filter: null, dryRun: false }
    const bulk = { ...key, ...who, command: { type: 'approve' }, perSecond: 10, createdAt: new Date().toISOString() }
    await round.store.insertBulk(
      bulk as Parameters<typeof round.store.insertBulk>[0],
      orders.map(({ orderNo }) => orderNo),
    )
    await temporalOrderClient(round.world.client, round.world.taskQueue).runBulk(key)
    assert.ok(await round.died(60_000), 'it has not come to the fourth')
    const left = (await round.store.listOfBulk({ ...key, outcome: 'left', limit: 10 })).items.length
    assert.ok(left >= 1, `${left} are left, among them one that was asked`)
    await round.goOn()
    await round.world.client.workflow.getHandle(bulkWorkflowIdOf(key.organisation, key.id)).result()
    const { items } = await round.store.listOfBulk({ ...key, limit: 10 })
    assert.deepEqual(new Set(items.map(({ outcome }) => outcome)), new Set(['done']))
    for (const order of orders) {
      assert.equal(await order.closed(), 'completed')
      const journal = await eventually(40_000, async () => {
        const events = await order.journal()
        return events.at(-1)?.type === 'order.closed' ? events : undefined
      })
      assert.equal(journal?.filter(({ type }) => type === 'step.completed').length, 1)
    }
    assert.equal((await round.store.getBulk(key))?.state, 'done')
  },
})
