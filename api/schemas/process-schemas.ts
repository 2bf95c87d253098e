import { z } from 'zod'
import type { CheckReport } from '../check-text.ts'
import { time, title } from './order-body-schema.ts'

export const processSchema = z.object({
  id: z.string(),
  title,
  owner: z.string(),
  live: z.int().nullable().describe('the version that new orders get'),
  versions: z.array(z.int()),
})
export type ProcessBody = z.infer<typeof processSchema>

export const versionSchema = z.object({
  process: z.string(),
  version: z.int(),
  state: z.enum(['draft', 'live', 'withdrawn']),
  publishedAt: time.nullable(),
  definition: z.record(z.string(), z.unknown()),
})
export type VersionBody = z.infer<typeof versionSchema>

const worstCase = z
  .object({ workingMs: z.number().nullable(), wallMs: z.number().nullable() })
  .describe('in ms; null: for ever')

export const checkReportSchema = z.object({
  result: z.enum(['proven', 'refused', 'unproven']),
  problems: z.array(z.object({ code: z.string(), line: z.int(), step: z.string().nullable(), mend: z.string() })),
  steps: z.array(z.object({ step: z.string(), states: z.int(), toPerson: worstCase, toEnd: worstCase })),
  states: z.int().nonnegative(),
}) satisfies z.ZodType<CheckReport>
