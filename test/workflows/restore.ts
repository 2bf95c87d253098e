import assert from 'node:assert/strict'
import { carriedByJournal } from '../../api/orders/restore-order.ts'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import { temporalOrderClient } from '../../order-client/temporal-order-client.ts'
import { eventually, type OrderUnderTest } from './order-under-test.ts'
import type { World } from './world.ts'

/* Somebody lets an order go on after its workflow was terminated: the id of its new run; null: it runs. */

const restored = { by: 'zhao', reason: 'ended by mistake', lost: 'terminated' }

/** From what Temporal still knows. */
export async function restoreFromHistory(world: World, { input, orderNo }: OrderUnderTest): Promise<string | null> {
  const orders = temporalOrderClient(world.client, world.taskQueue)
  // A busy worker may not answer within a query's own limit.
  const ask = () => orders.carried({ organisation: 'main', orderNo }).catch(ifUnavailable)
  const carried = await eventually(60_000, ask)
  assert.ok(carried)
  return orders.start({ ...input, carried, restored })
}

function ifUnavailable(error: unknown): undefined {
  if (!(error instanceof OrdersUnavailable)) throw error
}

/** From what the store has. */
export async function restoreFromJournal(world: World, { input, orderNo }: OrderUnderTest): Promise<string | null> {
  const row = await world.store.getOrder('main', orderNo)
  const carried = await carriedByJournal(world.store, row!)
  return temporalOrderClient(world.client, world.taskQueue).start({ ...input, ...carried, restored })
}
