import { z } from 'zod'
import type { Charge } from '../../order/order.ts'

const count = z.int().nonnegative()

/** How other orders come in the place of one. */
export const successorEvents = {
  'split.decided': z
    .object({
      parts: z.array(
        z.object({
          orderNo: z.string(),
          lines: z.array(z.object({ line: z.int().positive(), sku: z.string(), quantity: count })),
          charges: z.array(z.custom<Charge>()),
        }),
      ),
    })
    .describe('the order is to become these: first what was done for it is taken back'),
  'successors.due': z.object({}).describe('everything is taken back: the orders that come in its place are begun'),
  'successors.begun': z.object({ orders: z.array(z.string()) }).describe('they have been begun, under these numbers'),
} as const
