import { z } from 'zod'
import { type AskedCommand, commandSchema } from '../core/commands/command.ts'

/** What names something that only one order has: a proposal, quantities of its lines, its fellow orders. */
const ofOneOrder = ['confirm', 'decline', 'split', 'merge'] as const

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** A command as many orders can be given it. */
export type BulkCommand = Without<
  Exclude<AskedCommand, { type: (typeof ofOneOrder)[number] }>,
  /** Each order gets an id of its own, and has a seq of its own. */
  'id' | 'expectedSeq'
>

const options = commandSchema.options
  .filter(({ shape: { type } }) => !(ofOneOrder as readonly string[]).includes(type.value))
  .map(option => (option as unknown as z.ZodObject).omit({ id: true, expectedSeq: true }))

export const bulkCommandTypes = options.map(({ shape }) => (shape.type as z.ZodLiteral<string>).value)

export const bulkCommandSchema = z.discriminatedUnion(
  'type',
  options as [z.ZodObject<{ type: z.ZodLiteral<string> }>],
  {
    error: `type is one of ${bulkCommandTypes.join(', ')}`,
  },
) as unknown as z.ZodType<BulkCommand>
