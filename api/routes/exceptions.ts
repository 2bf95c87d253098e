import { z } from 'zod'
import type { ApiDependencies } from '../dependencies.ts'
import { type Route, route } from '../http/route.ts'
import { exceptionSchema, pageOf } from '../schemas/list-schemas.ts'
import { pageQuery } from '../schemas/parameter-schemas.ts'

export function exceptionRoutes(deps: ApiDependencies): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/exceptions',
      tag: 'Work',
      summary: 'What is abnormal, newest first',
      query: z.strictObject({
        status: z.enum(['open', 'acknowledged', 'resolved']).optional(),
        kind: z.string().max(60).optional(),
        owner: z.string().max(60).optional(),
        orderNo: z.string().max(64).optional(),
        ...pageQuery,
      }),
      answers: { 200: { description: 'A page of exceptions', schema: pageOf(exceptionSchema) } },
      problems: [],
      async handle({ identity, query }) {
        const page = await deps.store.listExceptions({ organisation: identity.organisation, ...query })
        const items = page.items.map(({ organisation: _organisation, ...exception }) => exception)
        return { status: 200, body: { items, nextCursor: page.nextCursor } }
      },
    }),
  ]
}
