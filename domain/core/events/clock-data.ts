import { z } from 'zod'

const at = z.iso.datetime()
const count = z.int().nonnegative()

/** Where a ladder stands. `usedMs` is working time used up before `since`, because a hold or review stopped it. */
export const clockData = z.object({
  rung: count.describe('index of the rung that fires next'),
  since: at,
  usedMs: z.number().nonnegative(),
  repeats: count,
  repeatedAt: at.optional(),
  dueAt: at.nullable(),
  next: z.enum(['rung', 'repeat', 'none']),
  provisional: z.boolean().optional(),
  paused: z.boolean().optional(),
  checking: z.boolean().optional(),
})
