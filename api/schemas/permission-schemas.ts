import { z } from 'zod'
import { time } from './order-body-schema.ts'

const verdict = z.enum(['proven', 'refused', 'unproven'])

export const permissionReportSchema = z.object({
  result: verdict,
  problems: z.array(
    z.object({
      code: z.string(),
      line: z.int().nullable().describe('of the matrix; null: it is about a process that goes by it'),
      process: z.string().nullable(),
      step: z.string().nullable(),
      mend: z.string(),
    }),
  ),
  processes: z
    .array(z.object({ process: z.string(), version: z.int(), result: verdict }))
    .describe('what the no-limbo check says of the live processes that go by it'),
})

const commands = z.record(z.string(), z.array(z.record(z.string(), z.unknown())))

export const matrixVersionSchema = z.object({
  matrix: z.string(),
  version: z.int(),
  publishedAt: time,
  publishedBy: z.string().describe('`system`: from the processes folder, at a start'),
  commands,
})
export type MatrixVersionBody = z.infer<typeof matrixVersionSchema>

export const matrixSummarySchema = z.object({
  matrix: z.string(),
  version: z.int().describe("today's"),
  versions: z.array(z.int()),
})

export const matrixBodySchema = z.object({
  matrix: z.string(),
  version: z.int().describe("today's"),
  commands,
  versions: z.array(matrixVersionSchema).describe('all of them, newest first'),
})
