import { payableMinor } from '../core/effects/outstanding.ts'
import type { OrderState } from '../core/state.ts'
import { toDecimal } from '../money/money.ts'
import { type Charge, type Order, totalMinor } from '../order/order.ts'

/** The order as it was asked for, its money as decimals of its currency beside the minor units. */
export interface OrderContent {
  readonly customer: Order['customer']
  readonly currency: string
  readonly exponent: number
  readonly total: string
  readonly totalMinor: number
  readonly lines: readonly {
    readonly line: number
    readonly sku: string
    readonly quantity: number
    readonly unitPrice: string
    readonly unitPriceMinor: number
  }[]
  /** A discount is positive here, as it was asked for. */
  readonly charges: readonly { readonly type: Charge['type']; readonly amount: string; readonly amountMinor: number }[]
  readonly attributes: Order['attributes']
  readonly placedBy: string
  readonly returnOf: { readonly orderNo: string; readonly refundable: string; readonly refundableMinor: number } | null
  /** The order that it is a part of. */
  readonly splitFrom: string | null
  /** The orders that have become it. */
  readonly mergedFrom: readonly string[]
}

export interface MoneyView {
  readonly currency: string
  readonly exponent: number
  /** What the customer has to pay for what has not been cancelled. */
  readonly payable: string
  readonly authorised: string
  readonly captured: string
  readonly refunded: string
  readonly payableMinor: number
  readonly authorisedMinor: number
  readonly capturedMinor: number
  readonly refundedMinor: number
}

export function orderContent(order: Order): OrderContent {
  const { customer, currency, exponent, attributes, placedBy, returnOf, splitFrom = null, mergedFrom = [] } = order
  const decimal = (minor: number) => toDecimal(minor, exponent)
  const total = totalMinor(order)
  return {
    customer,
    currency,
    exponent,
    total: decimal(total),
    totalMinor: total,
    lines: order.lines.map(({ line, sku, quantity, unitPriceMinor }) => ({
      line,
      sku,
      quantity,
      unitPrice: decimal(unitPriceMinor),
      unitPriceMinor,
    })),
    charges: order.charges.map(({ type, amountMinor: signed }) => {
      const amountMinor = Math.abs(signed)
      return { type, amount: decimal(amountMinor), amountMinor }
    }),
    attributes,
    placedBy,
    returnOf:
      returnOf === undefined
        ? null
        : {
            orderNo: returnOf.orderNo,
            refundable: decimal(returnOf.refundableMinor),
            refundableMinor: returnOf.refundableMinor,
          },
    splitFrom,
    mergedFrom,
  }
}

export function moneyView(state: OrderState): MoneyView {
  const { currency, exponent } = state.order
  const payable = payableMinor(state)
  const { authorisedMinor, capturedMinor, refundedMinor } = state.money
  return {
    currency,
    exponent,
    payable: toDecimal(payable, exponent),
    authorised: toDecimal(authorisedMinor, exponent),
    captured: toDecimal(capturedMinor, exponent),
    refunded: toDecimal(refundedMinor, exponent),
    payableMinor: payable,
    authorisedMinor,
    capturedMinor,
    refundedMinor,
  }
}
