import { z } from 'zod'
import type { Command } from '../commands/command.ts'

const at = z.iso.datetime()
const count = z.int().nonnegative()

/** What becomes of a command that another person must confirm. */
export const proposalEvents = {
  'proposal.made': z
    .object({
      proposal: z.string(),
      command: z.custom<Command>(),
      roles: z.array(z.string()).describe('of the one who asks'),
      confirm: z.object({ roles: z.array(z.string()), within: z.string(), levels: count }),
      lapsesAt: at,
    })
    .describe('a command that another person must confirm has been asked for: nothing is done yet'),
  'proposal.confirmed': z
    .object({ proposal: z.string(), level: count, levels: count })
    .describe('another person agrees; with the last level it is done'),
  'proposal.declined': z.object({ proposal: z.string() }).describe('another person does not agree'),
  'proposal.lapsed': z.object({ proposal: z.string() }).describe('nobody has confirmed it in time'),
  'proposal.stale': z.object({ proposal: z.string() }).describe('the order has changed since it was asked for'),
} as const
