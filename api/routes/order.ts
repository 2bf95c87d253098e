import { z } from 'zod'
import { currentOrder } from '../../commands/current-order.ts'
import type { Event } from '../../domain/core/events/event.ts'
import { upcastEvents } from '../../domain/core/events/upcast.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { why, withAttempts } from '../../domain/view/why.ts'
import type { OrderRow } from '../../store/orders.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { withBlocked } from '../exceptions/blocked-orders.ts'
import { withVanished } from '../exceptions/vanished-orders.ts'
import { type Route, route } from '../http/route.ts'
import { withLastErrors } from '../orders/last-errors.ts'
import { orderBody } from '../orders/order-body.ts'
import { restoreOrder, restoreSources } from '../orders/restore-order.ts'
import { rowOf } from '../orders/row-of.ts'
import { thoseWhoAct } from '../people/those-who-act.ts'
import { whySchema } from '../schemas/list-schemas.ts'
import { orderBodySchema } from '../schemas/order-body-schema.ts'
import { orderNoParameter, seqQuery } from '../schemas/parameter-schemas.ts'

export function singleOrderRoutes(deps: ApiDependencies): Route[] {
  return [getRoute(deps), whyRoute(deps), restoreRoute(deps)]
}

/** What every route to one order has in common. */
export const ofOne = (deps: ApiDependencies) => ({
  method: 'get' as const,
  tag: 'Orders',
  params: { orderNo: orderNoParameter },
  find: (params: Readonly<Record<string, string>>, identity: { organisation: string }) =>
    rowOf(deps, identity.organisation, params.orderNo ?? ''),
  problems: ['not_found' as const],
})

const longestWaitMs = 5_000

function getRoute(deps: ApiDependencies): Route {
  return route({
    ...ofOne(deps),
    path: '/api/orders/{orderNo}',
    summary: 'An order as it is',
    query: z.strictObject({
      minSeq: seqQuery.optional().describe('wait (5 s at most) until the order is shown as of this seq or later'),
    }),
    answers: { 200: { description: 'The order', schema: orderBodySchema } },
    async handle({ identity, found, query }) {
      const row = await atLeast(deps, found, query.minSeq ?? 0)
      return { status: 200, body: await orderBody(deps, identity, await currentOrder(deps, row)) }
    },
  })
}

async function atLeast(deps: ApiDependencies, row: OrderRow, minSeq: number): Promise<OrderRow> {
  if (row.seq >= minSeq) return row
  await deps.store.waitForSeq(row.organisation, row.orderNo, minSeq, longestWaitMs)
  return rowOf(deps, row.organisation, row.orderNo)
}

/** Entry conditions are shown as they were decided; where there is none, nothing is read. */
async function eventsUpTo(
  { store }: ApiDependencies,
  { organisation, orderNo }: OrderRow,
  { steps }: CompiledDefinition,
  seq: number,
): Promise<readonly Event[]> {
  if (steps.every(({ when }) => when === undefined)) return []
  const events = upcastEvents(await store.readJournal(organisation, orderNo))
  return events.filter(event => event.seq <= seq)
}

function whyRoute(deps: ApiDependencies): Route {
  return route({
    ...ofOne(deps),
    path: '/api/orders/{orderNo}/why',
    summary: 'Why an order is where it is: what it waits for, what the clock does next, who can do what',
    answers: { 200: { description: 'The reasons', schema: whySchema } },
    async handle({ found }) {
      const { definition, state } = await currentOrder(deps, found)
      const named = [
        state.order.placedBy,
        ...Object.values(state.steps).map(({ owner }) => owner),
        ...Object.values(state.reviews).map(({ owner }) => owner),
      ]
      const at = deps.clock().toISOString()
      const people = thoseWhoAct(await deps.people.today(), found.organisation, named, at)
      const matrix = await deps.catalogue.matrixOf(found.organisation, definition)
      const journal = await eventsUpTo(deps, found, definition, state.seq)
      const reasons = why(definition, state, { matrix, at, people, journal })
      const told = withAttempts(reasons, await withLastErrors(deps, found, reasons.attempts))
      const still = await withBlocked(deps, found, told)
      return { status: 200, body: await withVanished(deps, found, still) }
    },
  })
}

const restoration = z.strictObject({
  reason: z.string().trim().min(1, 'say why').max(1000),
  from: z
    .enum(restoreSources)
    .optional()
    .describe('default: what Temporal still knows of the run that has ended, else the journal'),
})

function restoreRoute(deps: ApiDependencies): Route {
  return route({
    ...ofOne(deps),
    method: 'post',
    path: '/api/orders/{orderNo}/restore',
    summary: 'Let an order go on whose workflow was lost',
    body: restoration,
    answers: { 200: { description: 'The order, which goes on from there', schema: orderBodySchema } },
    problems: ['not_found', 'not_permitted', 'closed', 'not_applicable', 'lost'],
    async handle({ identity, found, body }) {
      const runId = await restoreOrder(deps, identity, found, body)
      return { status: 200, body: await orderBody(deps, identity, await currentOrder(deps, found), { runId }) }
    },
  })
}
