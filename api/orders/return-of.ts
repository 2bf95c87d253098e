import { upcastState } from '../../domain/core/events/upcast.ts'
import type { OrderState } from '../../domain/core/state.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { type Order, type ReturnOf, totalMinor } from '../../domain/order/order.ts'
import { type OrderRequest, orderFrom } from '../../domain/order/order-request.ts'
import type { OrderInput } from '../../workflows/messages.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { type FieldError, invalid, type Problem } from '../http/problem.ts'
import { type Claim, otherClaims } from './other-returns.ts'

/**
 * How much of the original order a return may take back: what was delivered and captured, less what was returned and
 * what other returns of it have claimed. Undefined: the order is no return.
 * @throws Problem invalid
 */
export async function returnOf(
  deps: Pick<ApiDependencies, 'store' | 'clock'>,
  organisation: string,
  definition: CompiledDefinition,
  request: OrderRequest,
): Promise<ReturnOf | undefined> {
  const { returnOf: orderNo } = request
  if (definition.flow !== 'return') {
    if (orderNo === undefined) return
    throw wrongReturn(`orders of the process "${definition.id}" give nothing back`)
  }
  if (orderNo === undefined) throw wrongReturn('say which order is given back')
  const original = await deps.store.getOrder(organisation, orderNo)
  if (original === null) throw wrongReturn(`there is no order ${orderNo}`)
  const errors = mismatches(request, (original.startInput as OrderInput).order)
  if (errors.length > 0) throw invalid(errors)
  if (original.state === null) throw wrongReturn(`nothing of the order ${orderNo} has been delivered yet`)
  const state = upcastState(original.state as OrderState)
  const given = ceilings(state, await otherClaims(deps, organisation, request, original.createdAt))
  const excess = beyond(orderFrom(request, { organisation, placedBy: '' }), given)
  if (excess.length > 0) throw invalid(excess)
  return given
}

function wrongReturn(message: string): Problem {
  return invalid([{ field: 'returnOf', message }])
}

function mismatches(request: OrderRequest, original: Order): FieldError[] {
  const errors: FieldError[] = []
  if (request.customer.id !== original.customer.id) {
    errors.push({ field: 'customer.id', message: `the order ${original.orderNo} is of another customer` })
  }
  if (request.currency !== original.currency) {
    errors.push({ field: 'currency', message: `the order ${original.orderNo} is in ${original.currency}` })
  }
  if (original.returnOf !== undefined) {
    errors.push({ field: 'returnOf', message: `the order ${original.orderNo} is a return itself` })
  }
  return errors
}

function ceilings({ order, lines, money }: OrderState, claims: readonly Claim[]): ReturnOf {
  const left = new Map<string, number>()
  const add = (sku: string, quantity: number) => left.set(sku, (left.get(sku) ?? 0) + quantity)
  for (const { sku, delivered, returned } of lines) add(sku, delivered - returned)
  for (const { sku, quantity } of claims.flatMap(claim => claim.lines)) add(sku, -quantity)
  const claimedMinor = claims.reduce((sum, claim) => sum + claim.amountMinor, 0)
  return {
    orderNo: order.orderNo,
    ceilings: [...left].map(([sku, quantity]) => ({ sku, quantity: Math.max(0, quantity) })),
    refundableMinor: Math.max(0, money.capturedMinor - money.refundedMinor - claimedMinor),
  }
}

/** Where a return asks for more than is left to give back. */
function beyond(order: Order, given: ReturnOf): FieldError[] {
  const left = new Map(given.ceilings.map(({ sku, quantity }) => [sku, quantity]))
  const errors: FieldError[] = []
  for (const { line, sku, quantity } of order.lines) {
    const most = left.get(sku) ?? 0
    left.set(sku, Math.max(0, most - quantity))
    if (quantity <= most) continue
    errors.push({ field: `lines.${line - 1}.quantity`, message: `at most ${most} of ${sku} can be given back` })
  }
  if (errors.length === 0 && totalMinor(order) > given.refundableMinor) {
    errors.push({ field: 'lines', message: 'are worth more than was paid for the order and has not been paid back' })
  }
  return errors
}
