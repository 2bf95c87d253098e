import { z } from 'zod'
import type { AuditReport } from '../../domain/audit/audit-report.ts'
import { time } from './order-body-schema.ts'

const count = z.int().nonnegative()
const milliseconds = z.number().nonnegative()

const silence = z.object({
  organisation: z.string(),
  orderNo: z.string(),
  process: z.object({ id: z.string(), version: z.int() }),
  kind: z.enum(['task', 'wait']).describe('task: a person or connector had to act; wait: the outside world to report'),
  from: time,
  until: time,
  workingMs: milliseconds.describe("in working time of the process's calendar"),
  wallMs: milliseconds,
  status: z.string().describe('of the order, meanwhile'),
  afterSeq: count.describe('the last event before it; 0: the order had been accepted, and nothing else'),
  open: z.boolean().describe('it goes on still'),
  limitMs: milliseconds.describe('how long it might have been; besides, no silence may last 21 days on the wall'),
})

export const auditSchema = z.object({
  result: z.enum(['kept', 'broken']),
  until: time.describe('open orders were counted up to here'),
  orders: count,
  open: count,
  events: count,
  longest: z.object({ task: silence.optional(), wait: silence.optional() }),
  broken: z.array(silence),
}) satisfies z.ZodType<AuditReport>
