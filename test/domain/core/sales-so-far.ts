import type { Order } from '../../../domain/order/order.ts'
import { processNamed } from '../definitions.ts'
import { fails, given, type OrderCase, placed, succeeds, undoSucceeds } from '../specification.ts'

/* How far an order of the sales process has come that is small enough to go unapproved. */

export const sales = processNamed('sales')

/** What it is of, unless said otherwise. */
export const a = { line: 1, sku: 'A', quantity: 2 }
export const b = { line: 2, sku: 'B', quantity: 1 }
export const twoParcels = {
  parcels: [
    { id: 'P1', lines: [a] },
    { id: 'P2', lines: [b] },
  ],
}

/** Paid and reserved; its shipment has been asked for. */
export const packed = (parts: Partial<Order> = {}): OrderCase =>
  given(sales, placed(parts), succeeds('payment'), succeeds('stock'))

/** Its shipment has failed, and it waits for a person. */
export const unsent = (parts: Partial<Order> = {}): OrderCase => packed(parts).when(fails('shipment'))

/** On its way in two parcels, and captured. */
export const sent = (): OrderCase => packed().when(succeeds('shipment', twoParcels), succeeds('capture'))

/** All that was done for an order that is unsent. */
export const takenBack = [undoSucceeds('stock'), undoSucceeds('payment')]
