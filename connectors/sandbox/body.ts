import { z } from 'zod'

/** The bodies of the sandbox's calls. Unknown keys are refused. */

const name = z.string().min(1).max(200)
const whose = { organisation: name, orderNo: name }

const zeroAmount = /^0*(\.0*)?$/
const amount = z
  .string()
  .regex(/^\d{1,18}(\.\d{1,6})?$/, 'a decimal string like "120.00"')
  .refine(text => !zeroAmount.test(text), 'more than nothing')
const currency = z.string().regex(/^[A-Z]{3}$/, 'a currency like "CNY"')

const lines = z
  .array(
    z.strictObject({
      line: z.int().positive(),
      sku: z.string().min(1).max(200),
      quantity: z.int().positive().max(1_000_000_000),
    }),
  )
  .min(1)
  .max(1000)
  .refine(list => new Set(list.map(one => one.line)).size === list.length, 'each line once')

export const moneyBody = z.strictObject({ ...whose, amount, currency })
export const goodsBody = z.strictObject({ ...whose, lines })
export const shipmentBody = z.strictObject({
  ...whose,
  lines,
  address: z.unknown().optional(),
  parcels: z.int().min(1).max(20).optional(),
})

/** An undo takes back all that its key did; amounts and lines may be sent along and change nothing. */
export const undoBody = z.strictObject({
  ...whose,
  amount: z.string().optional(),
  currency: currency.optional(),
  lines: z.array(z.unknown()).optional(),
})
export const refundBody = z.strictObject({ ...undoBody.shape, standalone: z.boolean().optional() })

export const orderBody = z.strictObject(whose)
export const deliverBody = z.strictObject({ ...whose, parcel: name.optional() })
export const payBody = moneyBody
export const autoBody = z.strictObject({ deliverAfterMs: z.int().min(0).max(86_400_000).nullable() })

export type MoneyBody = z.infer<typeof moneyBody>
export type GoodsBody = z.infer<typeof goodsBody>
export type ShipmentBody = z.infer<typeof shipmentBody>
export type UndoBody = z.infer<typeof undoBody>
export type RefundBody = z.infer<typeof refundBody>
export type OrderBody = z.infer<typeof orderBody>
