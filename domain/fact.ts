import { z } from 'zod'

/** What outside systems report (DESIGN section 7). A connector may add more. */
export const standardFacts = [
  'payment.received',
  'payment.refused',
  'stock.reserved',
  'stock.short',
  'shipment.shipped',
  'shipment.delivered',
  'shipment.lost',
  'customer.cancelled',
  'supplier.confirmed',
  'supplier.delayed',
  'goods.received',
  'invoice.matched',
] as const

export type StandardFact = (typeof standardFacts)[number]

/** What an order does with a fact that no step of its waits for. */
export const factActions = ['cancel', 'review', 'record', 'ignore'] as const
export type FactAction = (typeof factActions)[number]

export const factTypeText = z
  .string()
  .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'a fact is named like "shipment.delivered"')
  .max(64)

const amount = z.union([z.string(), z.number()]).describe('in units of the order\'s currency, like "120.00"')

/** A fact as it is posted. What is absent in `data` means all that is outstanding. */
export const factSchema = z.strictObject({
  id: z.string().min(1).max(200).describe('unique within its source; the same id again changes nothing'),
  source: z.string().min(1).max(100).describe('the outside system that says so'),
  type: factTypeText,
  at: z.iso
    .datetime({ offset: true })
    // A database has no room for every year that can be written.
    .refine(text => Date.parse(text) >= 0, 'a time since 1970')
    .describe('when the outside system says that it happened: evidence only'),
  data: z
    .strictObject({
      parcel: z.string().min(1).max(200).optional(),
      lines: z
        .array(
          z.strictObject({
            line: z.int().positive().optional(),
            sku: z.string().min(1).max(100),
            quantity: z.int().positive().max(1_000_000_000),
          }),
        )
        .min(1)
        .max(1000)
        .optional(),
      amount: amount.optional(),
      currency: z.string().length(3).optional(),
      note: z.string().max(1000).optional(),
    })
    .default({}),
})

export type FactRequest = z.infer<typeof factSchema>

/** A fact on its way into an order: its money in minor units, its own time as evidence. */
export const factData = z.object({
  id: z.string(),
  source: z.string(),
  type: z.string(),
  claimedAt: z.string(),
  parcel: z.string().optional(),
  lines: z.array(z.object({ line: z.int().optional(), sku: z.string(), quantity: z.int() })).optional(),
  amountMinor: z.int().nonnegative().optional(),
  note: z.string().optional(),
})

export type Fact = z.infer<typeof factData>
