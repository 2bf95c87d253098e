import { z } from 'zod'
import { audit } from '../audit.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { type Route, route } from '../http/route.ts'
import { auditSchema } from '../schemas/audit-schema.ts'
import { timeQuery } from '../schemas/parameter-schemas.ts'

export function auditRoutes(deps: ApiDependencies): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/audit',
      tag: 'Operation',
      summary: 'Whether any order was ever silent for longer than it may be, recomputed from all journals',
      query: z.strictObject({
        process: z.string().max(60).optional(),
        since: timeQuery.optional().describe('leave out silences that had ended by then'),
      }),
      answers: { 200: { description: 'What the journals say', schema: auditSchema } },
      problems: [],
      async handle({ identity: { organisation }, query: { process, since } }) {
        const filter = {
          organisation,
          ...(process === undefined ? {} : { processId: process }),
          ...(since === undefined ? {} : { since }),
        }
        return { status: 200, body: await audit(deps.store, filter, deps.clock().toISOString()) }
      },
    }),
  ]
}
