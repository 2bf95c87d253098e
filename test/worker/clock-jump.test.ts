import assert from 'node:assert/strict'
import { KillRound } from '../workflows/killed/kill-round.ts'
import { approvalWith, shop } from '../workflows/processes.ts'
import { sideBySide } from '../workflows/side-by-side.ts'

const hourMs = 3_600_000

/** A worker whose clock is wrong, of orders that know only the server's. */
const withClock = (offMs: number) => async () => {
  const began = Date.now()
  const round = await KillRound.begin(shop, 2, { clockOffMs: offMs })
  try {
    for (const order of round.orders) {
      const { openedAt } = await order.state()
      assert.ok(Math.abs(Date.parse(openedAt) - began) < hourMs / 2, 'it was placed by the server’s clock')
      assert.ok((await order.does('mei', 'approve')).ok)
      await order.untilState('in transit', ({ steps }) => steps.capture?.state === 'done')
      assert.ok((await order.reports('shipment.delivered')).ok)
      assert.equal(await order.closed(), 'completed')
      assert.deepEqual(await round.effectsOf(order), { authorisations: 1, reservations: 1, parcels: 1, captures: 1 })
      assert.deepEqual(
        round.journalOf(order).filter(({ type }) => type === 'notice.failed'),
        [],
      )
    }
    const ladder = [
      { after: '1s', remind: 'owner' },
      { after: '1h!', fallback: 'cancel' },
    ]
    const waits = await round.world.place(approvalWith(ladder), { order: { total: 18_000 } })
    await waits.untilState('reminded', state => state.clocks['step:approval']?.rung === 1)
    const { closed, clocks } = await waits.state()
    const inMs = Date.parse(clocks['step:approval']?.dueAt ?? '') - Date.now()
    assert.equal(closed, null, 'nothing came early')
    assert.ok(inMs > hourMs - 60_000 && inMs <= hourMs, `${inMs} ms`)
    await waits.handle.terminate()
  } finally {
    await round.end()
  }
}

describe('a worker whose clock has jumped', function () {
  this.timeout(90_000)
  sideBySide({
    '[I] forward by hours leaves deadlines and calls as they are': withClock(5 * hourMs),
    '[I] back by hours, too': withClock(-5 * hourMs),
  })
})
