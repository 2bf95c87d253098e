import assert from 'node:assert/strict'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { processNamed } from '../domain/definitions.ts'
import { worldOfSuite } from './harness.ts'

/*
 * What an order costs a Temporal server: events, tasks and bytes of its history. Measured with SDK 1.24 and server 1.32:
 * 55, 41, 40 and 26 events, and one task (3 events) more where payment and stock, side by side, come back one by one.
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
    ['with an approval', sales, 18_000, { events: 58, tasks: 9, kilobytes: 29 }],
    ['without an approval', sales, 180, { events: 44, tasks: 7, kilobytes: 23 }],
    ['in a run, with an approval', { ...sales, runs: true }, 18_000, { events: 40, tasks: 6, kilobytes: 29 }],
    ['in a run, without an approval', { ...sales, runs: true }, 180, { events: 26, tasks: 4, kilobytes: 22 }],
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
