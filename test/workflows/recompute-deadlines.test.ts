import assert from 'node:assert/strict'
import type { CompiledCalendar } from '../../domain/calendar/compile-calendar.ts'
import { worldOfSuite } from './harness.ts'
import { approvalWith, dear, newerCalendars, shop } from './processes.ts'
import { sideBySide } from './side-by-side.ts'

describe('an order that goes over to a newer calendar', () => {
  const world = worldOfSuite()
  const malformed = (code: string) => (error: Error & { cause?: { type?: string } }) => error.cause?.type === code

  sideBySide({
    '[I] is woken at its new deadline, and not at the one before': async () => {
      const order = await world().place(
        approvalWith([
          { after: '1d', remind: 'owner' },
          { after: '2d', fallback: 'cancel' },
        ]),
        {
          order: dear,
        },
      )
      await order.until('notice.delivered')
      const before = (await order.state()).clocks['step:approval']
      const calendars = newerCalendars(order.input.definition, { dayMs: 1_000 })
      const done = await order.does('zhao', 'recompute_deadlines', { calendars })
      assert.ok(done.ok)
      await order.until('calendar.changed')
      const [changed] = (await order.journal()).filter(({ type }) => type === 'calendar.changed')
      assert.equal((changed!.data as { clocks: { dueBefore: string }[] }).clocks[0]?.dueBefore, before?.dueAt)
      // A day is a second now: the reminder, and a second later the end.
      assert.equal(await order.closed(), 'cancelled')
      const fired = (await order.journal()).filter(({ type }) => type === 'rung.fired')
      assert.deepEqual(
        fired.map(({ data }) => (data as { action: string }).action),
        ['remind', 'fallback'],
      )
    },

    '[I] keeps it in its next run, for the ladders that begin there too': async () => {
      const order = await world().place(shop, { order: dear, mostUpdates: 3 })
      await order.until('notice.delivered')
      const calendars = newerCalendars(order.input.definition, { dayMs: 1_800_000 })
      assert.ok((await order.does('zhao', 'recompute_deadlines', { calendars })).ok)
      await order.reports('supplier.delayed')
      await order.reports('supplier.delayed')
      await order.untilRun(2)
      assert.deepEqual((await order.state()).calendars, calendars)
      const again = await order.does('zhao', 'recompute_deadlines', { calendars })
      assert.deepEqual([again.ok, !again.ok && again.code], [false, 'not_applicable'])
      const held = await order.does('he', 'hold', { hold: 'customer' })
      assert.ok(held.ok)
      const { at, dueAt } = held.view.holds[0]!
      assert.equal(Date.parse(dueAt!) - Date.parse(at), 1_800_000)
    },

    '[I] takes none that cannot be counted with, nor one that is too large to carry along': async () => {
      const order = await world().place(approvalWith([{ after: '1d', fallback: 'cancel' }]), { order: dear })
      const asks = (parts: Partial<CompiledCalendar>) =>
        order.does('zhao', 'recompute_deadlines', { calendars: newerCalendars(order.input.definition, parts) })
      await assert.rejects(asks({ weekly: [[], [], [], [], [], [], []] }), malformed('invalid'))
      await assert.rejects(asks({ id: 'another' }), malformed('invalid'))
      await assert.rejects(order.does('zhao', 'recompute_deadlines'), malformed('invalid'))
      const special = Array.from({ length: 1_200 }, (_, day) => [20_000 + day, 540, 1020])
      await assert.rejects(asks({ special }), malformed('invalid'))
      assert.equal((await order.state()).calendars, undefined)
    },
  })
})
