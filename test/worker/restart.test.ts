import assert from 'node:assert/strict'
import { openWorld } from '../workflows/harness.ts'
import { dear, shop } from '../workflows/processes.ts'
import { held } from '../workflows/scripted-connectors.ts'
import { sideBySide } from '../workflows/side-by-side.ts'
import type { World } from '../workflows/world.ts'

/** A world of the test's own, whose worker is stopped at its end. */
const inWorld = (test: (world: World) => Promise<void>) => async (): Promise<void> => {
  const world = await openWorld()
  try {
    await test(world)
  } finally {
    await world.stopWorker()
  }
}

describe('workers that come and go', function () {
  this.timeout(40_000)

  sideBySide({
    '[I] leave an order to the next one, wherever it stands': inWorld(async world => {
      await world.startWorker()
      const order = await world.place(shop, { order: dear })
      await order.until('notice.delivered')
      // A task that the worker takes along into its end is given to the next one after ten seconds.
      await order.quietHistory()
      await world.stopWorker()
      await world.startWorker()
      assert.ok((await order.does('mei', 'approve')).ok)
      await order.until('step.completed', { step: 'capture' })
      await order.quietHistory()
      await world.stopWorker()
      await world.startWorker()
      assert.ok((await order.reports('shipment.delivered')).ok)
      assert.equal(await order.closed(), 'completed')
    }),

    '[I] leave a call that does not end to the next one, under its key': inWorld(async world => {
      await world.startWorker()
      const never = held()
      const order = await world.place(shop, { before: placed => placed.script('payment.authorise', never.answer) })
      await never.begun
      await world.stopWorker()
      await world.startWorker()
      await order.until('step.completed', { step: 'capture' })
      assert.deepEqual(
        order.attempts('payment.authorise').map(({ attempt, key }) => ({ attempt, key })),
        [1, 2].map(attempt => ({ attempt, key: `main/${order.orderNo}/payment/1` })),
      )
    }),
  })
})
