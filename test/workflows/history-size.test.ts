import assert from 'node:assert/strict'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { processNamed } from '../domain/definitions.ts'
import { worldOfSuite } from './harness.ts'

/*
 * What an order costs a Temporal server: events, tasks and bytes of its history. Measured with SDK 1.24 and server 1.32:
 * 66, 46, 51 and 31 events, and one task (3 events) more where payment and stock, side by side, come back one by one.
 * Raise a bound only on purpose.
 */

interface Cost {
  readonly events: number
  readonly tasks: number
  readonly kilobytes: number
}

describe('the history of an order that goes as it should', () => {
  const world = worldOfSuite()
  const sales = processNamed('sales')

  const costOf = async (definition: CompiledDefinition, total: number): Promise<Cost> => {
    const order = await world().place(definition, { order: { total } })
    if (total >= 10_000) {
      await order.quietHistory()
      await order.does('mei', 'approve')
    }
    await order.until('step.completed', { step: 'capture' })
    await order.quietHistory()
    await order.reports('shipment.delivered')
    await order.closed()
    const history = await order.history()
    const { historySize } = await order.handle.describe()
    return {
      events: history.length,
      tasks: history.filter(event => event.workflowTaskCompletedEventAttributes).length,
      kilobytes: Math.ceil((historySize ?? 0) / 1024),
    }
  }

  const bounds: readonly (readonly [string, CompiledDefinition, number, Cost])[] = [
    ['with an approval', sales, 18_000, { events: 69, tasks: 11, kilobytes: 30 }],
    ['without an approval', sales, 180, { events: 49, tasks: 8, kilobytes: 23 }],
    ['in a run, with an approval', { ...sales, runs: true }, 18_000, { events: 51, tasks: 8, kilobytes: 28 }],
    ['in a run, without an approval', { ...sales, runs: true }, 180, { events: 31, tasks: 5, kilobytes: 20 }],
  ]

  for (const [title, definition, total, most] of bounds) {
    it(`[I] is short: ${title}`, async () => {
      const cost = await costOf(definition, total)
      console.log(`      ${title}: ${cost.events} events, ${cost.tasks} tasks, ${cost.kilobytes} KB`)
      for (const what of ['events', 'tasks', 'kilobytes'] as const) {
        assert.ok(cost[what] <= most[what], `${cost[what]} ${what} instead of ${most[what]} at most`)
      }
    })
  }
})
