import { z } from 'zod'
import { type Command, commandTypes, overrideStatuses } from '../../domain/core/commands/command.ts'
import { exceptionKinds } from '../../domain/exception/kind.ts'
import { statuses } from '../../domain/status.ts'
import type { OrderBody } from '../orders/order-body.ts'

/* What an order looks like from outside. Checked against the types that it is made from. */

export const time = z.iso.datetime().describe('ISO 8601, UTC')
export const title = z.object({ en: z.string(), zh: z.string() })
export const status = z.enum(statuses as [(typeof statuses)[number], ...typeof statuses])
export const owner = z.string().describe('a person, or a role as "role:finance"')
const decimal = z.string().describe("decimal, with all of the currency's digits")
const minor = z.int().describe('in minor units of the currency')
const count = z.int().nonnegative()
const process = z.object({ id: z.string(), version: z.int() })

export const nextRung = z.object({
  action: z.enum(['remind', 'escalate', 'transfer', 'fallback', 'give_up']),
  target: z.string().optional().describe('owner, manager, process-owner, a person or a role'),
  fallback: z.enum(['cancel', 'review', 'continue', 'release']).optional(),
  repeat: z.literal(true).optional(),
  provisional: z.literal(true).optional().describe('past the holidays that are known'),
  paused: z.literal(true).optional().describe('stopped by a hold or a review'),
})
export const deadline = { dueAt: time.nullable(), nextRung: nextRung.nullable() }

const facet = z.enum(['none', 'pending', 'partial', 'done', 'failed', 'undone'])
export const facets = z.object({ approval: facet, payment: facet, fulfilment: facet })

const lineQuantity = z.object({ line: z.int(), sku: z.string(), quantity: count })

export const step = z.object({
  id: z.string(),
  title,
  kind: z.enum(['task', 'call', 'wait']),
  status: z.string(),
  after: z.array(z.string()),
  state: z.enum(['waiting', 'active', 'partial', 'failed', 'done', 'skipped', 'withdrawn']),
  round: z.int(),
  owner,
  enteredAt: time.nullable(),
  doneBy: z.string().nullable(),
  ...deadline,
  effect: z.enum(['none', 'done', 'unknown', 'undone', 'kept']),
  error: z.string().nullable(),
})

const hold = z.object({
  id: z.string(),
  title,
  type: z.string(),
  owner,
  by: z.string(),
  reason: z.string().optional(),
  at: time,
  ...deadline,
})

export const reviewEvidence = {
  expected: z.string().nullable().describe('how it should have been; null: nothing says'),
  seen: z.string().describe('how it was'),
  since: time,
  lastError: z.string().nullable(),
}

const review = z.object({
  id: z.string(),
  scope: z.enum(['step', 'order']),
  step: z.string().optional(),
  code: z.string(),
  message: z.string(),
  owner,
  openedAt: time,
  ...reviewEvidence,
  ...deadline,
})

export const evidence = z
  .looseObject({ expected: z.string(), seen: z.string(), since: time })
  .describe('how it should have been, how it was, and since when; and what shows it')

export const orderException = z.object({
  id: z.string(),
  kind: z.enum(exceptionKinds),
  step: z.string().optional(),
  owner,
  evidence,
  openedAt: time,
  count,
})

const content = z.object({
  customer: z.looseObject({ id: z.string(), name: z.string() }),
  currency: z.string(),
  exponent: count,
  total: decimal,
  totalMinor: minor,
  lines: z.array(
    z.object({ line: z.int(), sku: z.string(), quantity: count, unitPrice: decimal, unitPriceMinor: minor }),
  ),
  charges: z.array(
    z.object({ type: z.enum(['tax', 'shipping_fee', 'discount']), amount: decimal, amountMinor: minor }),
  ),
  attributes: z.record(z.string(), z.unknown()),
  placedBy: z.string(),
  returnOf: z.object({ orderNo: z.string(), refundable: decimal, refundableMinor: minor }).nullable(),
  splitFrom: z.string().nullable().describe('the order that it is a part of'),
  mergedFrom: z.array(z.string()).describe('the orders that have become it'),
})

export const line = z.object({
  line: z.int(),
  sku: z.string(),
  ordered: count,
  reserved: count,
  shipped: count,
  delivered: count,
  returned: count,
  cancelled: count,
})

export const money = z.object({
  currency: z.string(),
  exponent: count,
  payable: decimal,
  authorised: decimal,
  captured: decimal,
  refunded: decimal,
  payableMinor: minor,
  authorisedMinor: minor,
  capturedMinor: minor,
  refundedMinor: minor,
})

const goal = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('close'), status: z.enum(['cancelled', 'voided', 'split', 'merged']) }),
  z.object({ kind: z.literal('rewind'), to: z.string() }),
])

export const availableCommand = z.object({
  type: z.enum(commandTypes as [(typeof commandTypes)[number], ...typeof commandTypes]),
  step: z.string().optional(),
  to: z.string().optional(),
  hold: z.string().optional(),
  proposal: z.string().optional(),
  status: z.enum(overrideStatuses).optional().describe('of an override'),
})

export const proposalSchema = z.object({
  id: z.string(),
  command: z.custom<Command>().describe('what was asked for'),
  by: z.string(),
  roles: z.array(z.string()),
  at: time,
  confirm: z.object({ roles: z.array(z.string()), within: z.string(), levels: count }),
  lapsesAt: time,
  confirmedBy: z.array(z.string()),
})

export const orderBodySchema = z.object({
  orderNo: z.string(),
  organisation: z.string(),
  status,
  ownStatus: z.string().describe('the status as the process names it'),
  facets,
  holds: z.array(hold),
  seq: count.describe('of the last event that is shown; 0: received, and nothing has happened yet'),
  asOf: time,
  openedAt: time,
  closedAt: time.nullable(),
  process,
  order: content,
  lines: z.array(line),
  parcels: z.array(
    z.object({
      id: z.string(),
      lines: z.array(lineQuantity),
      state: z.enum(['shipped', 'delivered', 'lost', 'recalled', 'written_off']),
    }),
  ),
  money,
  steps: z.array(step),
  reviews: z.array(review),
  compensation: z
    .object({ goal, steps: z.array(z.string()), reason: z.string().optional(), by: z.string() })
    .nullable()
    .describe('what is being undone, on behalf of whom'),
  merging: z
    .object({
      role: z.enum(['lead', 'member']),
      phase: z.string(),
      into: z.string(),
      others: z.array(z.object({ orderNo: z.string(), stands: z.string() })),
      lapsesAt: time,
    })
    .nullable()
    .describe('it is becoming one with these'),
  successors: z.array(z.string()).describe('the orders that have come in its place, or are to come'),
  exceptions: z.array(orderException),
  proposals: z.array(proposalSchema),
  availableCommands: z
    .array(availableCommand)
    .describe('what would be done if the caller asked now; a transfer still needs its "to"'),
  temporal: z.object({ workflowId: z.string(), runId: z.string().nullable(), url: z.string().nullable() }),
}) satisfies z.ZodType<OrderBody>
