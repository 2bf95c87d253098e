import { z } from 'zod'
import type { Share } from '../../order/merged-order.ts'
import type { Caller } from '../input.ts'

const at = z.iso.datetime()
const merge = z.string().describe('names the merge')
const share = z.custom<Share>()

/** How several orders become one. */
export const mergeEvents = {
  'merge.asked': z
    .object({
      merge,
      others: z.array(z.string()),
      into: z.string(),
      own: share,
      caller: z.custom<Caller>(),
      lapsesAt: at,
    })
    .describe('the order leads a merge, and asks these others whether they agree'),
  'merge.agreed': z
    .object({ merge, lead: z.string(), into: z.string(), share, lapsesAt: at })
    .describe('the order agrees to become one with others, and stands still until this time'),
  'merge.member': z
    .object({
      merge,
      member: z.string(),
      stands: z.enum(['agreed', 'ready', 'closed', 'left']),
      share: share.optional(),
    })
    .describe('how another order of the merge stands'),
  'merge.decided': z
    .object({ merge, lapsesAt: at })
    .describe('all have agreed: what was done for the order is taken back'),
  'merge.ready': z.object({ merge }).describe('it has been taken back: the order waits for the new one to begin'),
  'merge.begun': z.object({ merge, into: z.string() }).describe('the new order has been begun, under this number'),
  'merge.released': z
    .object({ merge, because: z.string() })
    .describe('the merge has come to nothing: the order goes on by itself'),
  'merge.overdue': z
    .object({ merge, lapsesAt: at })
    .describe('the others have not answered in time, and the new order may have been begun: a person must look'),
} as const
