import { z } from 'zod'
import { exponentOf, isCurrency } from '../money/currencies.ts'
import { toMinor } from '../money/money.ts'
import type { Order, ReturnOf } from './order.ts'

export const orderNoText = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'an order number has 1 to 64 letters, digits, ".", "_" or "-" and begins with a letter or digit',
  )

const price = z.union([z.string(), z.number()]).describe("in the currency's units, at most its exponent's digits")
const keyOf = (name: string) => name !== '__proto__' && name !== 'constructor' && name !== 'prototype'
const attributeName = z.string().min(1).max(64).refine(keyOf, 'this name is reserved')

const sku = z.string().min(1).max(100)
const quantity = z.int('a whole number of units').max(1_000_000_000)
const orderLine = z.strictObject({ sku, quantity: quantity.min(1, 'at least 1'), unitPrice: price })
const charges = z.array(z.strictObject({ type: z.enum(['tax', 'shipping_fee', 'discount']), amount: price })).max(20)

export const orderRequestSchema = z
  .strictObject({
    orderNo: orderNoText,
    process: z.string().min(1).max(40).optional().describe('default: sales'),
    customer: z
      .object({ id: z.string().min(1).max(100), name: z.string().min(1).max(200) })
      .catchall(z.union([z.string().max(1000), z.number(), z.boolean(), z.null()])),
    currency: z.string().refine(isCurrency, 'not a currency of ISO 4217'),
    lines: z.array(orderLine).min(1, 'an order has at least one line').max(1000),
    charges: charges.optional(),
    attributes: z.record(attributeName, z.json()).optional(),
    returnOf: orderNoText.optional().describe('of a return: the order that is given back'),
  })
  .superRefine((order, context) => {
    if (!isCurrency(order.currency)) return
    const exponent = exponentOf(order.currency)
    const problem = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message })
    let total = 0
    for (const [index, line] of order.lines.entries()) {
      const minor = toMinor(line.unitPrice, exponent)
      if (minor.ok) total += minor.minor * line.quantity
      else problem(['lines', index, 'unitPrice'], minor.reason)
    }
    for (const [index, charge] of (order.charges ?? []).entries()) {
      const minor = toMinor(charge.amount, exponent)
      if (minor.ok) total += charge.type === 'discount' ? -minor.minor : minor.minor
      else problem(['charges', index, 'amount'], minor.reason)
    }
    if (!Number.isSafeInteger(total)) problem(['lines'], 'the total is too large to be counted exactly')
    // A quantity that is refused anyway says nothing about the discounts.
    const discounted = order.lines.every(line => line.quantity > 0) && total < 0
    if (discounted) problem(['charges'], 'the discounts are larger than the order')
  })

/** What an amend changes of an order: what is not mentioned stays. The currency never changes. */
export const changesSchema = z
  .strictObject({
    lines: z
      .array(
        z.union(
          [
            z.strictObject({
              line: z.int().positive(),
              quantity: quantity.min(0).optional().describe('how many are wanted from now on; 0: none'),
              unitPrice: price.optional(),
            }),
            orderLine,
          ],
          { error: 'a line is {line, quantity?, unitPrice?}, or {sku, quantity, unitPrice} for a new one' },
        ),
      )
      .min(1)
      .max(1000)
      .optional(),
    charges: charges.optional().describe('in the place of those that there are'),
    attributes: z
      .record(attributeName, z.json())
      .optional()
      .describe('these, an address or a delivery date for example; null removes one'),
  })
  .refine(({ lines, charges, attributes }) => lines ?? charges ?? attributes, 'name lines, charges or attributes')

export type Changes = z.infer<typeof changesSchema>

export type OrderRequest = z.infer<typeof orderRequestSchema>

/** The order that a request which has passed the schema asks for. */
export function orderFrom(
  request: OrderRequest,
  context: { organisation: string; placedBy: string; returnOf?: ReturnOf },
): Order {
  const exponent = exponentOf(request.currency)
  const minorOf = (amount: string | number): number => {
    const minor = toMinor(amount, exponent)
    if (!minor.ok) throw new RangeError(minor.reason)
    return minor.minor
  }
  return {
    organisation: context.organisation,
    orderNo: request.orderNo,
    customer: request.customer,
    currency: request.currency,
    exponent,
    lines: request.lines.map((line, index) => ({
      line: index + 1,
      sku: line.sku,
      quantity: line.quantity,
      unitPriceMinor: minorOf(line.unitPrice),
    })),
    charges: (request.charges ?? []).map(charge => ({
      type: charge.type,
      amountMinor: charge.type === 'discount' ? -minorOf(charge.amount) : minorOf(charge.amount),
    })),
    attributes: request.attributes ?? {},
    placedBy: context.placedBy,
    ...(context.returnOf === undefined ? {} : { returnOf: context.returnOf }),
  }
}
