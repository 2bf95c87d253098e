import type { ExpressionContext } from '../expression/expression-context.ts'
import { totalMinor } from '../order/order.ts'
import type { OrderState } from './state.ts'

/** What an expression may look at of an order. */
export function expressionContext(state: OrderState): ExpressionContext {
  const { order } = state
  return {
    order: {
      orderNo: order.orderNo,
      organisation: order.organisation,
      currency: order.currency,
      exponent: order.exponent,
      totalMinor: totalMinor(order),
      lines: order.lines.every(isWanted) ? order.lines : order.lines.filter(isWanted),
      attributes: order.attributes,
      customer: order.customer,
    },
  }
}

/** A line that an amend has taken out keeps its number, and is no part of the order any more. */
function isWanted({ quantity }: { readonly quantity: number }): boolean {
  return quantity > 0
}
