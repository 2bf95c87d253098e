import assert from 'node:assert/strict'
import type { Event } from '../../domain/core/events/event.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { resolve } from '../../domain/directory.ts'
import { drive, type World as Surroundings } from '../../domain/simulate/virtual-driver.ts'
import type { JournalEvent } from '../../store/journal.ts'
import { type Carried, orderWorkflow } from '../../workflows/messages.ts'
import { people } from '../domain/definitions.ts'
import { worldOfSuite } from './harness.ts'
import type { OrderUnderTest } from './order-under-test.ts'
import { approvalWith, dear } from './processes.ts'

const hour = 3_600_000
const orders = 200
/** From Friday evening to Monday morning. */
const outageMs = 64 * hour

const approval = approvalWith([
  { after: '2h', remind: 'owner', every: '2h' },
  { after: '8h', escalate: 'manager', every: '4h' },
  { after: '2d', fallback: 'cancel' },
])

const nobody: Surroundings = {
  answer: (_, nowMs) => ({ atMs: nowMs, outcome: { ok: true, result: {} } }),
  tell: ({ target, owner }, nowMs) => {
    const persons = resolve(people, 'main', target, owner).map(({ id }) => id)
    return { atMs: nowMs + 1000, outcome: { ok: true, persons, channel: 'inbox' } }
  },
  react: () => [],
}

/** An order that was placed so long before all workers stopped, as it then was. */
function leftBehind(definition: CompiledDefinition, { input }: OrderUnderTest, ageMs: number): Carried {
  const unstored: Event[] = []
  const stoppedMs = Date.now() - outageMs
  const state = drive(definition, input.order, nobody, {
    startMs: stoppedMs - ageMs,
    untilMs: stoppedMs,
    onTurn: ({ events }) => unstored.push(...events),
  })
  return { state, unstored, attempts: [], attemptCount: 0 }
}

describe('a weekend without workers, on a real server', function () {
  this.timeout(180_000)
  const world = worldOfSuite()

  it(`[I] cancels none of ${orders} orders, and tells each person once of each`, async () => {
    // The server's clock cannot be moved: the orders are begun as what they were on Friday evening, on every rung.
    const placed = await Promise.all(
      Array.from({ length: orders }, async (_, index) => {
        const order = await world().place(approval, { order: dear, start: 'not_yet' })
        const carried = leftBehind(order.input.definition, order, Math.floor((index / orders) * 48 * hour) + 60_000)
        await world().client.workflow.start(orderWorkflow, {
          workflowId: order.handle.workflowId,
          taskQueue: world().taskQueue,
          args: [{ ...order.input, carried }],
        })
        return { order, before: carried.state.seq }
      }),
    )
    let [postponed, missed] = [0, 0]
    for (const { order, before } of placed) {
      await order.untilState('told', ({ seq, notices }) => seq > before && Object.keys(notices).length === 0, 60_000)
      await order.untilStored(60_000)
      const after = (await order.journal()).filter(({ seq }) => seq > before)
      assert.ok(after.every(({ type }) => type !== 'compensation.started' && type !== 'order.closed'))
      const fired = ofType(after, 'rung.fired')
      assert.ok(fired.length <= 1, `${fired.length} rungs at once`)
      const told = ofType(after, 'notice.delivered').flatMap(({ data }) => data.persons as string[])
      assert.ok(told.length >= 1)
      assert.equal(new Set(told).size, told.length, `${order.orderNo}: ${told}`)
      postponed += ofType(after, 'clock.postponed').length
      missed += fired.filter(({ data }) => Number(data.missed) > 0).length
    }
    assert.ok(postponed > 0 && postponed < orders, `${postponed} postponed`)
    assert.ok(missed > 0, `${missed} with missed repeats`)
    await Promise.all(placed.map(({ order }) => order.handle.terminate()))
  })
})

function ofType(journal: readonly JournalEvent[], type: string): readonly JournalEvent[] {
  return journal.filter(event => event.type === type)
}
