import { z } from 'zod'
import { exceptionKinds, exceptionOutcomes, exceptionStatuses, severities } from '../../domain/exception/kind.ts'
import type { Why } from '../../domain/view/why.ts'
import type { Board } from '../../store/board.ts'
import { exceptionChanges } from '../../store/exception-history.ts'
import {
  availableCommand,
  deadline,
  evidence,
  facets,
  nextRung,
  orderException,
  owner,
  reviewEvidence,
  status,
  time,
  title,
} from './order-body-schema.ts'

/** A page of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

const count = z.int().nonnegative()

export const listedOrderSchema = z.object({
  orderNo: z.string(),
  organisation: z.string(),
  status,
  ownStatus: z.string(),
  facets: facets.nullable().describe('null: received a moment ago'),
  process: z.object({ id: z.string(), version: z.int() }),
  customer: z.object({ id: z.string(), name: z.string() }),
  currency: z.string(),
  total: z.string(),
  steps: z.array(z.string()).describe('under way'),
  owners: z.array(owner),
  holds: z.array(z.string()),
  exceptions: z.array(z.string()).describe('kinds of those that are open'),
  dueAt: time.nullable(),
  overdue: z.boolean(),
  seq: count,
  asOf: time.nullable(),
  createdAt: time,
  closedAt: time.nullable(),
})
export type ListedOrderBody = z.infer<typeof listedOrderSchema>

export const journalEventSchema = z.object({
  seq: z.int().positive(),
  at: time,
  type: z.string(),
  actor: z.string(),
  reason: z.string().nullable(),
  matrix: z
    .string()
    .nullable()
    .describe('of what a command has led to: the version of the permission matrix that it was judged by'),
  data: z.record(z.string(), z.unknown()),
})

export const attemptSchema = z.object({
  id: z.string(),
  at: time,
  actor: z.string(),
  command: z.string().describe('or `place`, `report`, `acknowledge`, `resolve`, `reopen`'),
  code: z.string(),
  message: z.string(),
})

export const taskSchema = z.object({
  orderNo: z.string(),
  subject: z.string(),
  kind: z.enum(['task', 'wait', 'call', 'review', 'hold', 'proposal']),
  step: z.string().nullable(),
  owner,
  pool: owner.nullable().describe('the role whose it was before its owner claimed it'),
  status,
  enteredAt: time,
  dueAt: time.nullable(),
  provisional: z.boolean().describe('past the holidays that are known: they may still move it'),
  overdue: z.boolean(),
  title,
})
export type TaskBody = z.infer<typeof taskSchema>

export const exceptionSchema = z.object({
  id: z.string(),
  orderNo: z.string().nullable().describe('null: it belongs to no order'),
  kind: z.enum(exceptionKinds),
  severity: z.enum(severities),
  step: z.string().nullable(),
  owner,
  status: z.enum(exceptionStatuses),
  evidence,
  openedAt: time,
  lastSeenAt: time,
  count: count.describe('how often it was seen'),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: time.nullable(),
  outcome: z.enum(exceptionOutcomes).nullable(),
  note: z.string().nullable(),
  resolvedBy: z.string().nullable().describe('order: it had moved on by itself'),
  resolvedAt: time.nullable(),
  dueAt: time.nullable().describe('when the clock does something about it next; null: it is about to see, or need not'),
})
export type ExceptionBody = z.infer<typeof exceptionSchema>

export const exceptionWithHistorySchema = exceptionSchema.extend({
  history: z
    .array(
      z.object({
        seq: z.int().positive(),
        at: time,
        type: z.enum(exceptionChanges),
        actor: z.string().describe('a person, clock, order, sweep or rule:<id>'),
        note: z.string().nullable(),
        data: z.record(z.string(), z.unknown()),
      }),
    )
    .describe('who did what, when and why, oldest first'),
})
export type ExceptionWithHistory = z.infer<typeof exceptionWithHistorySchema>

const counted = {
  count,
  overdue: count,
  oldest: z.object({ orderNo: z.string(), createdAt: time }).nullable().describe('that is open'),
}
export const boardSchema = z.object({
  open: count,
  overdue: count,
  byStatus: z.array(z.object({ status: z.string(), ...counted })),
  byStep: z.array(z.object({ step: z.string(), ...counted })),
  byOwner: z.array(z.object({ owner, ...counted })),
  exceptions: z
    .array(z.object({ kind: z.enum(exceptionKinds), open: count, acknowledged: count, oldestAt: time }))
    .describe('not resolved, by kind'),
}) satisfies z.ZodType<Board>

export const whySchema = z.object({
  text: z.string().describe('in English'),
  textZh: z.string(),
  waitingFor: z.array(
    z.object({
      what: z.enum([
        'decision',
        'call',
        'outcome',
        'undo',
        'answer',
        'fact',
        'rest',
        'review',
        'hold',
        'successors',
        'merge',
      ]),
      subject: z.string(),
      step: z.string().nullable(),
      whom: owner,
      since: time,
      about: z.string(),
      ...deadline,
    }),
  ),
  since: time,
  next: nextRung
    .extend({
      at: time,
      subject: z.string(),
      step: z.string().nullable(),
      inMs: z.number().describe('less than nothing: it is late'),
      inWorkingMs: z.number(),
      workingDayMs: z.number(),
    })
    .nullable(),
  attempts: z.array(
    z.object({
      step: z.string(),
      kind: z.enum(['do', 'undo', 'check']),
      operation: z.string(),
      key: z.string(),
      since: time,
      giveUpAt: time,
      cancelling: z.boolean(),
      attempt: z.int().optional(),
      lastError: z.string().optional(),
    }),
  ),
  conditions: z.array(
    z.object({
      step: z.string(),
      when: z.string(),
      met: z.boolean().nullable().describe('null: it cannot be evaluated'),
      values: z.record(z.string(), z.string()),
      decidedAt: time.nullable().describe('by the values that it then had; null: not yet, these are of now'),
    }),
  ),
  reviews: z.array(
    z.object({
      id: z.string(),
      step: z.string().optional(),
      code: z.string(),
      message: z.string(),
      owner,
      ...reviewEvidence,
    }),
  ),
  exceptions: z.array(orderException),
  can: z.array(availableCommand.extend({ by: z.array(owner), means: title.optional() })),
}) satisfies z.ZodType<Why>
