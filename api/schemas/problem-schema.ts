import { z } from 'zod'
import { problemKinds } from '../http/problem.ts'

export const problemSchema = z.looseObject({
  type: z.string().describe('urn:nolimbo:problem:<code>'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(problemKinds) as [keyof typeof problemKinds, ...(keyof typeof problemKinds)[]]),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})
