import { receivedState } from '../../commands/current-order.ts'
import { startWorkflow } from '../../commands/with-workflow.ts'
import { upcastDefinition } from '../../domain/core/events/upcast.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import type { Order } from '../../domain/order/order.ts'
import { type OrderRequest, orderFrom } from '../../domain/order/order-request.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import type { NewOrder, OrderRow } from '../../store/orders.ts'
import { type OrderInput, startInput } from '../../workflows/messages.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { raiseDuplicate } from '../exceptions/duplicate-orders.ts'
import { invalid, Problem, unavailable } from '../http/problem.ts'
import { contentHash, contentOf, differences, type OrderContent } from './order-content.ts'
import { permit } from './permit.ts'
import { returnOf } from './return-of.ts'

/** `created`: by this request, now. */
export interface PlacedOrder {
  readonly row: OrderRow
  readonly created: boolean
  /** Of the workflow that was started for it now. */
  readonly runId?: string
}

/**
 * Accepts an order and starts it. The number is taken (its row inserted) before its workflow is started: whatever
 * happens in between, a repetition or the sweep starts it.
 * @throws Problem
 */
export async function placeOrder(
  deps: ApiDependencies,
  identity: Identity,
  request: OrderRequest,
): Promise<PlacedOrder> {
  const content = contentOf(request)
  // Both are read at once: nearly every order is a new one.
  const live = deps.catalogue.live(identity.organisation, content.process)
  live.catch(() => {})
  const known = await deps.store.getOrder(identity.organisation, request.orderNo)
  const accepted = () => accept(deps, identity, request, content, live)
  const placed =
    known !== null
      ? await sameOrder(deps, identity, known, content)
      : await (content.returnOf === null
          ? accepted()
          : // Two returns of one order must not both find all of it unclaimed.
            deps.inTurn(`${identity.organisation}/${content.returnOf}`, accepted))
  if (placed.row.startedAt !== null) return placed
  const runId = await start(deps, placed.row)
  return runId === null ? placed : { ...placed, runId }
}

async function accept(
  deps: ApiDependencies,
  identity: Identity,
  request: OrderRequest,
  content: OrderContent,
  live: Promise<CompiledDefinition | undefined>,
): Promise<PlacedOrder> {
  const { organisation, actor: placedBy } = identity
  const definition = (await live) ?? (await refuseProcess(deps, organisation, content.process))
  const given = await returnOf(deps, organisation, definition, request)
  const order = orderFrom(request, { organisation, placedBy, ...(given === undefined ? {} : { returnOf: given }) })
  await permitPlacing(deps, identity, definition, order)
  const fresh: NewOrder = {
    organisation,
    orderNo: order.orderNo,
    contentHash: contentHash(content),
    content,
    processId: definition.id,
    processVersion: definition.version,
    startInput: startInput(definition, order),
    placedBy,
    customerId: order.customer.id,
    skus: [...new Set(order.lines.map(line => line.sku))],
    createdAt: deps.clock().toISOString(),
  }
  const insertion = await deps.store.insertOrder(fresh)
  if (!insertion.inserted) return sameOrder(deps, identity, insertion.existing, content)
  deps.metrics.ordersStarted.inc({ process: definition.id })
  return { row: { ...fresh, ...nothingYet }, created: true }
}

/** What the row of an order says before anything has happened to it. */
const nothingYet = {
  startedAt: null,
  status: 'received',
  state: null,
  view: null,
  seq: 0,
  asOf: null,
  steps: [],
  owners: [],
  dueAt: null,
  exceptions: [],
  closedAt: null,
} as const

async function refuseProcess(deps: ApiDependencies, organisation: string, process: string): Promise<never> {
  const names = await deps.catalogue.names(organisation)
  const message = `there is no process "${process}"; there are ${names.join(', ') || 'none'}`
  throw invalid([{ field: 'process', message }], 'unknown_process')
}

/** The same content under the same number is the same order, whoever sends it; other content is a conflict. */
async function sameOrder(
  deps: ApiDependencies,
  identity: Identity,
  row: OrderRow,
  content: OrderContent,
): Promise<PlacedOrder> {
  const { definition, order } = row.startInput as OrderInput
  await permitPlacing(deps, identity, upcastDefinition(definition), order)
  if (row.contentHash === contentHash(content)) return { row, created: false }
  const found = differences(row.content, content)
  await raiseDuplicate(deps, row, identity.actor, found)
  throw new Problem('order_conflict', `the order number ${row.orderNo} is taken by an order of other content`, {
    differences: found,
  })
}

async function permitPlacing(
  deps: ApiDependencies,
  identity: Identity,
  definition: CompiledDefinition,
  order: Order,
): Promise<void> {
  // As if the caller had placed it: who placed it first does not matter to who may send it again.
  const state = receivedState(definition, { ...order, placedBy: identity.actor }, deps.clock().toISOString())
  await permit(deps, identity, 'place', { definition, state })
}

async function start(deps: ApiDependencies, row: OrderRow): Promise<string | null> {
  try {
    return await startWorkflow(deps, row)
  } catch (error) {
    if (!(error instanceof OrdersUnavailable)) throw error
    throw unavailable(
      `${error.message}: the order ${row.orderNo} is accepted and will be started as soon as it can be; ` +
        'repeating the request with the same content is safe',
    )
  }
}
