import { z } from 'zod'
import { currentOrder } from '../../commands/current-order.ts'
import { exponentOf } from '../../domain/money/currencies.ts'
import { toDecimal } from '../../domain/money/money.ts'
import { orderRequestSchema } from '../../domain/order/order-request.ts'
import { statuses } from '../../domain/status.ts'
import type { OrderView } from '../../domain/view/order-view.ts'
import type { ListedOrder } from '../../store/order-list.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { type Route, route } from '../http/route.ts'
import { deliverParked } from '../orders/deliver-facts.ts'
import { orderBody } from '../orders/order-body.ts'
import { contentTotalMinor, type OrderContent } from '../orders/order-content.ts'
import { placeOrder } from '../orders/place-order.ts'
import { type ListedOrderBody, listedOrderSchema, pageOf } from '../schemas/list-schemas.ts'
import { orderBodySchema } from '../schemas/order-body-schema.ts'
import { flag, pageQuery, timeQuery } from '../schemas/parameter-schemas.ts'

export function orderRoutes(deps: ApiDependencies): Route[] {
  return [placeRoute(deps), listRoute(deps)]
}

function placeRoute(deps: ApiDependencies): Route {
  return route({
    method: 'post',
    path: '/api/orders',
    tag: 'Orders',
    summary: 'Place an order; the same again answers with the same order',
    body: orderRequestSchema,
    answers: {
      201: { description: 'The order, accepted and started', schema: orderBodySchema },
      200: { description: 'The order, which had been placed before', schema: orderBodySchema },
    },
    problems: ['unknown_process', 'not_permitted', 'order_conflict'],
    async handle({ identity, body, log }) {
      const { row, created, runId } = await placeOrder(deps, identity, body)
      log.setBindings({ orderNo: row.orderNo })
      const delivered = deliverParked(deps, row, log).catch(error => {
        // The order stands; the sweep comes again for its facts.
        log.warn({ err: error }, 'parked facts are still to be delivered')
      })
      const seen = runId === undefined ? {} : { runId }
      const shown = await orderBody(deps, identity, await currentOrder(deps, row), seen)
      await delivered
      return { status: created ? 201 : 200, body: shown }
    },
  })
}

function listRoute(deps: ApiDependencies): Route {
  return route({
    method: 'get',
    path: '/api/orders',
    tag: 'Orders',
    summary: 'List orders, newest first',
    query: z.strictObject({
      status: z.enum(statuses as [(typeof statuses)[number], ...typeof statuses]).optional(),
      step: z.string().max(40).optional().describe('under way'),
      owner: z.string().max(60).optional().describe('who must move it on: a person, or a role as "role:finance"'),
      overdue: flag.optional().describe('open and past its deadline'),
      provisional: flag.optional().describe('open, with a deadline past the holidays that are known'),
      process: z.string().max(40).optional(),
      customer: z.string().max(100).optional(),
      sku: z.string().max(100).optional(),
      since: timeQuery.optional().describe('placed at this time or later'),
      until: timeQuery.optional().describe('placed before'),
      ...pageQuery,
    }),
    answers: { 200: { description: 'A page of orders', schema: pageOf(listedOrderSchema) } },
    problems: [],
    async handle({ identity, query }) {
      const now = deps.clock().toISOString()
      const page = await deps.store.listOrders({ organisation: identity.organisation, ...query, now })
      return { status: 200, body: { ...page, items: page.items.map(row => listed(row, now)) } }
    },
  })
}

function listed(row: ListedOrder, now: string): ListedOrderBody {
  const view = row.view as OrderView | null
  const content = row.content as OrderContent
  return {
    orderNo: row.orderNo,
    organisation: row.organisation,
    status: row.status as ListedOrderBody['status'],
    ownStatus: view?.ownStatus ?? row.status,
    facets: view?.facets ?? null,
    process: { id: row.processId, version: row.processVersion },
    customer: { id: content.customer.id, name: content.customer.name },
    currency: content.currency,
    // As it has been amended since it was placed.
    total: view?.order.total ?? toDecimal(contentTotalMinor(content), exponentOf(content.currency)),
    steps: [...row.steps],
    owners: [...row.owners],
    holds: view?.holds.map(hold => hold.type) ?? [],
    exceptions: [...row.exceptions],
    dueAt: row.dueAt,
    overdue: row.closedAt === null && row.dueAt !== null && row.dueAt < now,
    seq: row.seq,
    asOf: row.asOf,
    createdAt: row.createdAt,
    closedAt: row.closedAt,
  }
}
