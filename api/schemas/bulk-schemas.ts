import { z } from 'zod'
import { bulkOutcomes, bulkStates } from '../../domain/bulk/bulk.ts'
import { bulkCommandSchema } from '../../domain/bulk/bulk-command.ts'
import { orderNoText } from '../../domain/order/order-request.ts'
import { statuses } from '../../domain/status.ts'
import { status, time } from './order-body-schema.ts'
import { timeQuery } from './parameter-schemas.ts'

/** More at once are neither looked through by anybody nor taken back by anything. */
export const mostOrders = 10_000
export const usualPace = 5
const slowestPace = 0.1
const fastestPace = 50

const filter = {
  status: z.enum(statuses as [(typeof statuses)[number], ...typeof statuses]).optional(),
  step: z.string().min(1).max(40).optional().describe('under way'),
  owner: z.string().min(1).max(60).optional().describe('a person, or a role as "role:finance"'),
  overdue: z.boolean().optional().describe('open and past its deadline'),
  provisional: z.boolean().optional().describe('open, with a deadline past the holidays that are known'),
  process: z.string().min(1).max(40).optional(),
  customer: z.string().min(1).max(100).optional(),
  sku: z.string().min(1).max(100).optional(),
  since: timeQuery.optional().describe('placed at this time or later'),
  until: timeQuery.optional().describe('placed before'),
}

const filterSchema = z.strictObject(filter)
export type BulkFilter = z.infer<typeof filterSchema>

const selection = z
  .strictObject({
    orderNos: z.array(orderNoText).min(1).max(mostOrders).optional().describe('one that is named twice counts once'),
    ...filter,
  })
  .superRefine(({ orderNos, ...by }, context) => {
    const named = Object.entries(by).flatMap(([name, value]) => (value === undefined ? [] : name))
    if (orderNos === undefined && named.length === 0)
      context.addIssue({ code: 'custom', message: 'name orders, or what they are chosen by' })
    if (orderNos !== undefined && named.length > 0)
      context.addIssue({ code: 'custom', path: [named[0]!], message: 'leave it out, or orderNos' })
  })
  .describe('orderNos, or what GET /api/orders is filtered by; looked up once, at the start')

const pace = `from ${slowestPace} to ${fastestPace}`
export const newBulkSchema = z.strictObject({
  command: bulkCommandSchema,
  selection,
  dryRun: z.boolean().default(false).describe('tells what would happen to each, and changes nothing'),
  perSecond: z
    .number()
    .min(slowestPace, pace)
    .max(fastestPace, pace)
    .default(usualPace)
    .describe(`how many orders a second at most, ${pace}`),
})
export type NewBulkBody = z.infer<typeof newBulkSchema>

const count = z.int().nonnegative()

export const bulkSchema = z.object({
  id: z.string(),
  state: z.enum(bulkStates).describe('cancelling: nothing more is sent, what is under way is waited for'),
  dryRun: z.boolean(),
  command: bulkCommandSchema,
  selectedBy: filterSchema.nullable().describe('null: the orders were named'),
  perSecond: z.number(),
  by: z.string().describe('who began it'),
  startedAt: time,
  cancelledBy: z.string().nullable(),
  finishedAt: time.nullable(),
  counts: z.object({
    total: count,
    left: count,
    done: count,
    proposed: count.describe('a second person must confirm each'),
    wouldBeDone: count.describe('of a dry run'),
    wouldBeProposed: count.describe('of a dry run'),
    refused: count,
    notFound: count,
    failed: count.describe('it is not known whether it was done'),
    cancelled: count.describe('not asked, since the bulk was cancelled before'),
  }),
  refusedBy: z.record(z.string(), count).describe('how many were refused, by code'),
})
export type BulkBody = z.infer<typeof bulkSchema>

/** A list says how far each has come only by its state. */
export const listedBulkSchema = bulkSchema.omit({ counts: true, refusedBy: true }).extend({ total: count })
export type ListedBulkBody = z.infer<typeof listedBulkSchema>

export const resultOutcomes = ['left', ...bulkOutcomes] as const

const names = z.array(z.string()).readonly()
export const bulkResultSchema = z.object({
  orderNo: z.string(),
  outcome: z.enum(resultOutcomes),
  code: z.string().optional().describe('of what is refused or has failed'),
  message: z.string().optional(),
  seq: count.optional().describe('of the order, right after'),
  status: status.optional().describe('of the order, right after'),
  proposal: z.string().optional().describe('what a second person confirms'),
  would: z
    .object({ status, statusAfter: status, statusInTheEnd: status, events: names, calls: names, undo: names })
    .optional()
    .describe("of a dry run, in short: the order's own dry run tells all"),
  at: time.nullable(),
})
export type BulkResultBody = z.infer<typeof bulkResultSchema>
