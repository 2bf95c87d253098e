import { z } from 'zod'
import type { Route } from '../http/route.ts'
import { route } from '../http/route.ts'
import { openApiDocument } from '../openapi/openapi-document.ts'

/** Describes these routes, and itself. */
export function withOpenApi(others: readonly Route[]): readonly Route[] {
  let document: unknown
  const own = route({
    method: 'get',
    path: '/openapi.json',
    tag: 'Operation',
    summary: 'This API as an OpenAPI 3.1 document',
    open: true,
    answers: { 200: { description: 'The document', schema: z.record(z.string(), z.unknown()) } },
    problems: [],
    async handle() {
      document ??= openApiDocument(routes)
      return { status: 200, body: document }
    },
  })
  const routes = [...others, own]
  return routes
}
