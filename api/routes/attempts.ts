import { z } from 'zod'
import type { ApiDependencies } from '../dependencies.ts'
import { type Route, route } from '../http/route.ts'
import { attemptSchema, pageOf } from '../schemas/list-schemas.ts'
import { pageQuery } from '../schemas/parameter-schemas.ts'
import { ofOne } from './order.ts'

export function attemptRoutes(deps: ApiDependencies): Route[] {
  return [
    route({
      ...ofOne(deps),
      path: '/api/orders/{orderNo}/attempts',
      summary: 'What was refused of an order: who asked for what, when, and why not; newest first',
      query: z.strictObject(pageQuery),
      answers: { 200: { description: 'A page of refused attempts', schema: pageOf(attemptSchema) } },
      async handle({ found: { organisation, orderNo }, query }) {
        return { status: 200, body: await deps.store.listAttempts({ organisation, orderNo, ...query }) }
      },
    }),
  ]
}
