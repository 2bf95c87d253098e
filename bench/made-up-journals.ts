import { join } from 'node:path'
import { loadProcesses } from '../config/processes.ts'
import type { Event } from '../domain/core/events/event.ts'
import { madeUpOrder } from '../domain/simulate/made-up-order.ts'
import { Random } from '../domain/simulate/random.ts'
import { randomWorld } from '../domain/simulate/random-world.ts'
import { drive } from '../domain/simulate/virtual-driver.ts'
import { type Projection, project } from '../domain/view/projection.ts'

/** Stands for an order's number in the journals that all others are made from. */
const placeholder = 'B-00000000'
const startMs = Date.parse('2026-03-02T01:00:00.000Z')

export const sales = loadProcesses(join(import.meta.dirname, '../processes')).definitions.find(
  ({ definition }) => definition.process === 'sales',
)!.compiled

export interface Model {
  readonly events: readonly Event[]
  readonly projection: Projection
}

/** What happens to made-up orders of the sales process under the virtual clock. */
export function modelJournals(count: number): Model[] {
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(index + 1)
    const events: Event[] = []
    const order = { ...madeUpOrder(sales, random, index), orderNo: placeholder }
    drive(sales, order, randomWorld(sales, random), {
      startMs,
      untilMs: startMs + 60 * 86_400_000,
      onTurn: turn => events.push(...turn.events),
    })
    return { events, projection: project(sales, null, events) }
  })
}

export function named(model: Model, orderNo: string): Model {
  return JSON.parse(JSON.stringify(model).replaceAll(placeholder, orderNo)) as Model
}
