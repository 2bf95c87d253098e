import { z } from 'zod'
import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import { ownerText, versionNumber } from '../../definition/definition-schema.ts'
import { factSchema } from '../../fact.ts'
import { changesSchema, orderNoText } from '../../order/order-request.ts'
import type { Calendars } from '../clock/ruling-calendars.ts'

const stepId = z.string().min(1).max(40)
const base = {
  id: z.string().min(1).max(200).optional().describe('the same id again does nothing twice'),
  reason: z.string().max(1000).optional(),
  expectedSeq: z.int().nonnegative().optional().describe('refused as stale if the order has moved on from this seq'),
}

/** For what must not be done without saying why. */
const explained = { ...base, reason: z.string().trim().min(1, 'say why').max(1000) }

/** What the world has done already, and an order is set right about. */
export const overrideStatuses = [
  'shipped',
  'delivered',
  'lost',
  'reserved',
  'paid',
  'refunded',
  'written_off',
  'done',
  'not_done',
  'undone',
  'kept',
] as const
export type OverrideStatus = (typeof overrideStatuses)[number]

const overrideData = factSchema.shape.data.unwrap().pick({ parcel: true, lines: true, amount: true })

/** What a person or service may ask of an order (DESIGN section 7). */
export const commandSchema = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('approve'), ...base, step: stepId.optional() }),
    z.strictObject({ type: z.literal('reject'), ...base, step: stepId.optional() }),
    z.strictObject({ type: z.literal('send_back'), ...base, step: stepId.optional(), to: stepId }),
    z.strictObject({ type: z.literal('claim'), ...base, step: stepId.optional() }),
    z.strictObject({
      type: z.literal('transfer'),
      ...base,
      reason: z.string().min(1).max(1000).describe('why it is passed on'),
      step: stepId.optional(),
      to: ownerText,
    }),
    z.strictObject({
      type: z.literal('hold'),
      ...base,
      hold: stepId.optional().describe('a type of hold that the process declares; default: its first'),
    }),
    z.strictObject({ type: z.literal('release'), ...base, hold: z.string().min(1).max(60).optional() }),
    z.strictObject({ type: z.literal('retry'), ...base, step: stepId.optional() }),
    z.strictObject({ type: z.literal('cancel'), ...base }),
    z.strictObject({ type: z.literal('recompute_deadlines'), ...base }),
    z.strictObject({ type: z.literal('confirm'), ...base, proposal: stepId }),
    z.strictObject({ type: z.literal('decline'), ...base, proposal: stepId }),
    z.strictObject({ type: z.literal('skip'), ...explained, step: stepId.optional() }),
    z.strictObject({ type: z.literal('void'), ...explained }),
    z.strictObject({ type: z.literal('amend'), ...base, changes: changesSchema }),
    z.strictObject({
      type: z.literal('rollback'),
      ...explained,
      to: stepId.describe('the step to go back to: it stays done, what came after it is undone and begun anew'),
    }),
    z.strictObject({
      type: z.literal('migrate'),
      ...base,
      version: versionNumber.describe('a published version of the process that the order follows'),
    }),
    z.strictObject({
      type: z.literal('split'),
      ...base,
      parts: z
        .array(
          z.strictObject({
            orderNo: orderNoText.optional().describe('default: the next free one of `<orderNo>-1`, `-2`, ...'),
            lines: z
              .array(z.strictObject({ line: z.int().positive(), quantity: z.int().positive() }))
              .min(1)
              .max(1000),
          }),
        )
        .min(2, 'a split has at least two parts')
        .max(50)
        .describe('together exactly what is left of each line'),
    }),
    z.strictObject({
      type: z.literal('merge'),
      ...base,
      orders: z.array(orderNoText).min(1).max(20).describe('those that become one with this one'),
      orderNo: orderNoText.optional().describe('of the new order; default: the next free one of `<orderNo>-1`, ...'),
    }),
    z.strictObject({
      type: z.literal('override'),
      ...explained,
      status: z.enum(overrideStatuses),
      evidence: z.string().trim().min(1, 'say how it is known').max(1000),
      step: stepId.optional().describe('for done, not_done, undone and kept'),
      data: overrideData.optional().describe('what is absent means all that is outstanding'),
    }),
  ],
  {
    error:
      'type is one of approve, reject, send_back, claim, transfer, hold, release, retry, cancel, recompute_deadlines, skip, void, amend, rollback, migrate, split, merge, override, confirm, decline',
  },
)

/** As somebody gives it. */
export type AskedCommand = z.infer<typeof commandSchema>
type AskedRecompute = Extract<AskedCommand, { type: 'recompute_deadlines' }>
type AskedMigrate = Extract<AskedCommand, { type: 'migrate' }>
type AskedSplit = Extract<AskedCommand, { type: 'split' }>
type AskedMerge = Extract<AskedCommand, { type: 'merge' }>

/** What another order is, as far as it decides whether it may become one with this one. */
export interface Kin {
  readonly orderNo: string
  readonly customerId: string
  readonly currency: string
  readonly process: string
}

/** As an order takes it: which calendars are today's, what a version says and which numbers are taken, says whoever sends it on. */
export type Command =
  | Exclude<AskedCommand, { type: 'recompute_deadlines' | 'migrate' | 'split' | 'merge' }>
  | (AskedRecompute & { readonly calendars: Calendars })
  | (AskedMigrate & { readonly definition: CompiledDefinition })
  | (AskedSplit & { readonly taken?: readonly string[] })
  | (AskedMerge & { readonly taken?: readonly string[]; readonly known?: readonly Kin[] })
export type CommandType = Command['type']
export const commandTypes = commandSchema.options.map(option => option.shape.type.value) as readonly CommandType[]
