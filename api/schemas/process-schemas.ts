import { z } from 'zod'
import type { CheckReport } from '../process-check.ts'
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

export const checkReportSchema = z.object({
  result: z.enum(['proven', 'refused', 'unproven']),
  problems: z.array(z.object({ code: z.string(), line: z.int(), step: z.string().optional(), mend: z.string() })),
  steps: z.array(z.unknown()),
  states: z.int().nonnegative(),
}) satisfies z.ZodType<CheckReport>
