import { z } from 'zod'

const count = z.int().nonnegative()

/** A person in the place of another one who is not there. */
export const standIn = z.object({
  person: z.string(),
  insteadOf: z.string(),
  because: z.enum(['absent', 'left']),
  until: z.string().optional(),
})
/** Telling people, and what became of it. */
export const noticeEvents = {
  'notice.requested': z
    .object({
      notice: z.string(),
      subject: z.string(),
      target: z.string(),
      owner: z.string(),
      level: count.optional().describe('how many levels above the target: three notices in a row had no answer'),
      about: z.enum([
        'entered',
        'remind',
        'escalate',
        'transfer',
        'review',
        'hold',
        'proposal',
        'undelivered',
        'last-resort',
      ]),
    })
    .describe('somebody is to be told'),
  'notice.delivered': z
    .object({
      notice: z.string(),
      persons: z.array(z.string()),
      channel: z.string(),
      standIns: z.array(standIn).optional(),
      top: z.literal(true).optional().describe('there is nobody as far up as it was to go'),
    })
    .describe('these persons have been told; `standIns`: in the place of somebody who is not there'),
  'notice.failed': z.object({ notice: z.string(), reason: z.string() }).describe('nobody could be told'),
} as const
