import { z } from 'zod'
import type { Preview } from '../../domain/view/preview.ts'
import { money, status } from './order-body-schema.ts'

const call = z.object({ step: z.string(), operation: z.string(), key: z.string(), input: z.custom<object>() })

export const previewSchema = z.object({
  dryRun: z.literal(true),
  seq: z.int().nonnegative().describe('that the order is at'),
  status,
  statusAfter: status.describe('right after the command'),
  statusInTheEnd: status.describe(
    'once every call under way is withdrawn, every undo has come off and an amend is done',
  ),
  confirm: z
    .object({ roles: z.array(z.string()), within: z.string(), levels: z.int() })
    .nullable()
    .describe('who must confirm it before it is done'),
  events: z.array(z.object({ type: z.custom<Preview['events'][number]['type']>(), data: z.custom<object>() })),
  calls: z.array(call).describe('calls that would start'),
  undo: z.array(call).describe('calls that would take something back, in order'),
  withdrawn: z.array(call).describe('calls under way that would no longer be wanted'),
  money: z.object({ now: money, inTheEnd: money }),
})
