import assert from 'node:assert/strict'
import { worldOfSuite } from './harness.ts'
import type { HistoryEvent } from './order-under-test.ts'
import { approvalWith, dear, shopWith } from './processes.ts'
import { done, held, refused } from './scripted-connectors.ts'
import { sideBySide } from './side-by-side.ts'

describe('the clock of an order', () => {
  const world = worldOfSuite()

  sideBySide({
    '[I] reminds, escalates, transfers and falls back with nobody doing anything': async () => {
      const ladder = [
        { after: '1s', remind: 'owner' },
        { after: '2s', escalate: 'manager' },
        { after: '3s', transfer: 'manager' },
        { after: '4s', fallback: 'cancel' },
      ]
      const order = await world().place(approvalWith(ladder), { order: dear })
      assert.equal(await order.closed(), 'cancelled')
      const journal = await order.journal()
      const fired = journal.filter(({ type }) => type === 'rung.fired')
      assert.deepEqual(
        fired.map(({ data }) => data.action),
        ['remind', 'escalate', 'transfer', 'fallback'],
      )
      const entered = Date.parse(journal.find(({ type }) => type === 'step.entered')!.at)
      fired.forEach(({ at }, rung) => {
        const lateMs = Date.parse(at) - entered - (rung + 1) * 1000
        // Never early. How late depends on what else the machine does (`npm run deadlines` measures it).
        assert.ok(lateMs >= 0 && lateMs < 15_000, `rung ${rung} fired ${lateMs} ms late`)
      })
      const told = journal.filter(({ type }) => type === 'notice.delivered').flatMap(({ data }) => data.persons)
      assert.deepEqual(told, ['mei', 'mei', 'ling', 'ling'])
      assert.equal((await order.until('step.transferred')).data.to, 'ling')
      assertOneTimerAtATime(await order.history())
    },

    '[I] repeats a rung for as long as nobody answers it': async () => {
      const review = { owner: 'role:order-desk', ladder: [{ after: '1s', escalate: 'role:ops-manager', every: '1s' }] }
      const order = await world().place(shopWith({}, { review }), {
        before: placed => placed.script('payment.authorise', refused('card_declined')),
      })
      await order.until('rung.fired', { repeat: 3 })
      assert.ok((await order.does('he', 'cancel')).ok)
      assert.equal(await order.closed(), 'cancelled')
      assertOneTimerAtATime(await order.history())
    },

    '[I] asks the carrier before a rung fires: a lost callback is not a lost delivery': async () => {
      const ladder = [
        { after: '1s', remind: 'owner' },
        { after: '5d', fallback: 'review' },
      ]
      const signing = { check: 'carrier.track', ladder }
      const order = await world().place(shopWith({ signing }), {
        before: placed => {
          placed.script(
            'shipment.create',
            done({ parcels: [{ id: 'P1', lines: [{ line: 1, sku: 'A', quantity: 2 }] }] }),
          )
          placed.script('carrier.track', done({ parcels: [{ id: 'P1', lines: [] }] }))
        },
        order: { lines: [{ line: 1, sku: 'A', quantity: 2, unitPriceMinor: 500 }] },
      })
      assert.equal(await order.closed(), 'completed')
      assert.ok(!(await order.journalTypes()).includes('rung.fired'))
    },

    '[I] runs one timer, which is not begun anew each time that something else happens': async () => {
      const order = await world().place(approvalWith([{ after: '2d', fallback: 'cancel' }]), { order: dear })
      await order.until('notice.delivered')
      for (let count = 0; count < 20; count += 1) await order.reports('supplier.delayed')
      const history = await order.history()
      assertOneTimerAtATime(history)
      assert.equal(timersOf(history).length, 1)
    },

    '[I] leaves a timer that has become needless to fire once, and no more': async () => {
      const payment = held()
      const ladder = [
        { after: '1s', remind: 'owner' },
        { after: '3d', fallback: 'cancel' },
      ]
      const order = await world().place(shopWith({ approval: { ladder } }), {
        order: dear,
        before: placed => placed.script('payment.authorise', payment.answer),
      })
      await order.until('notice.delivered')
      assert.ok((await order.does('mei', 'approve')).ok)
      await order.untilFired(1)
      const quiet = await order.quietHistory()
      assertOneTimerAtATime(quiet)
      assert.ok(timersOf(quiet).length <= 2, `${timersOf(quiet).length} timers`)
      assert.ok(!(await order.journalTypes()).includes('rung.fired'))
      payment.release()
    },

    '[I] has an answer to each notice: within a minute the process owner is told instead': async () => {
      const order = await world().place(approvalWith([{ after: '1d', fallback: 'cancel' }]), {
        order: dear,
        before: ({ orderNo }) => world().store.hangs(orderNo),
      })
      const scheduled = await order.untilScheduled('notice.send')
      assert.equal(Number(scheduled.scheduleToCloseTimeout?.seconds), 60)
      // What the server does after that minute.
      await order.failActivity(scheduled.activityId!)
      const state = await order.untilState('told otherwise', ({ notices }) => notices.n2?.target === 'zhao')
      assert.equal(state.notices.n1, undefined)
      world().store.back(order.orderNo)
      const failed = await order.until('notice.failed')
      assert.equal(failed.data.reason, 'no_answer')
      await order.until('notice.delivered', { notice: 'n2' })
    },
  })
})

const timersOf = (history: readonly HistoryEvent[]): readonly HistoryEvent[] =>
  history.filter(event => event.timerStartedEventAttributes)

/** In the history no timer is started while another runs; one may be replaced within a task. */
const assertOneTimerAtATime = (history: readonly HistoryEvent[]): void => {
  const running = new Set<string>()
  for (const event of history) {
    const started = event.timerStartedEventAttributes?.timerId
    const ended = (event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes)?.timerId
    if (started) running.add(started)
    if (ended) running.delete(ended)
    if (event.workflowTaskStartedEventAttributes) assert.ok(running.size <= 1, `${running.size} timers at once`)
  }
}
