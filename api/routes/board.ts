import type { ApiDependencies } from '../dependencies.ts'
import { type Route, route } from '../http/route.ts'
import { boardSchema } from '../schemas/list-schemas.ts'

export function boardRoutes(deps: ApiDependencies): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/board',
      tag: 'Work',
      summary: 'How many orders are where, how many are late, and the oldest, by status, step and owner',
      answers: { 200: { description: 'The counts', schema: boardSchema } },
      problems: [],
      async handle({ identity }) {
        return { status: 200, body: await deps.store.board(identity.organisation, deps.clock().toISOString()) }
      },
    }),
  ]
}
