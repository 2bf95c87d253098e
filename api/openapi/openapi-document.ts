import { z } from 'zod'
import { identityProblems, type ProblemCode, problemKinds } from '../http/problem.ts'
import type { Route, RouteSpec } from '../http/route.ts'
import { problemSchema } from '../schemas/problem-schema.ts'
import { type Json, namedSchemas, schemaOf } from './named-schemas.ts'

type AnyRoute = RouteSpec<unknown, unknown, unknown>

/** The OpenAPI 3.1 document of these routes, from the schemas that their requests are judged by. */
export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {}
  for (const row of routes) {
    const spec = row as unknown as AnyRoute
    paths[spec.path] = { ...paths[spec.path], [spec.method]: operation(spec) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'nolimbo',
      version: '1',
      description:
        'Orders that never get stuck unnoticed. Lists are {items, nextCursor}; errors are RFC 9457 with a stable code.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: [{ key: [] }],
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, an OIDC access token or, in the demo, demo-<person>',
        },
      },
    },
  }
}

function operation(spec: AnyRoute): Json {
  return {
    tags: [spec.tag],
    summary: spec.summary,
    operationId: `${spec.method} ${spec.path}`
      .replace(/[^a-zA-Z]+(\w)/g, (_, letter: string) => letter.toUpperCase())
      .replace(/\W/g, ''),
    ...(spec.open ? { security: [] } : {}),
    parameters: parameters(spec),
    ...requestBody(spec),
    responses: { ...answers(spec), ...problemAnswers(spec) },
  }
}

function parameters(spec: AnyRoute): Json[] {
  const inPath = Object.entries(spec.params ?? {}).map(([name, schema]) => ({
    name,
    in: 'path',
    required: true,
    schema: schemaOf(schema),
  }))
  const shape = spec.query instanceof z.ZodObject ? (spec.query.shape as Record<string, z.ZodType>) : {}
  const inQuery = Object.entries(shape).map(([name, schema]) => ({ name, in: 'query', schema: schemaOf(schema) }))
  const key = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 1, maxLength: 200 } }
  return [...inPath, ...inQuery, ...(spec.method === 'get' || spec.answersSecret ? [] : [key])]
}

function requestBody(spec: AnyRoute): Json {
  if (spec.textBody !== undefined) {
    const schema = schemaOf(spec.textBody.schema)
    const content = Object.fromEntries(spec.textBody.formats.map(format => [format, { schema }]))
    return { requestBody: { required: true, content } }
  }
  if (spec.body === undefined) return {}
  return { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(spec.body) } } } }
}

function answers(spec: AnyRoute): Json {
  return Object.fromEntries(
    Object.entries(spec.answers).map(([status, { description, schema, type = 'application/json', alsoAs = [] }]) => {
      const text = { schema: { type: 'string' } }
      const content = { [type]: schema === undefined ? text : { schema: schemaOf(schema) } }
      const besides = Object.fromEntries(alsoAs.map(other => [other, text]))
      return [status, { description, content: { ...content, ...besides } }]
    }),
  )
}

function problemAnswers(spec: AnyRoute): Json {
  const byStatus = Map.groupBy(problemsOf(spec), code => problemKinds[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map(code => `\`${code}\`: ${problemKinds[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: schemaOf(problemSchema) } },
      },
    ]),
  )
}

/** Every problem that a route may answer with, those of any route included, by status. */
export function problemsOf(
  spec: Pick<AnyRoute, 'open' | 'method' | 'body' | 'textBody' | 'query' | 'problems'>,
): ProblemCode[] {
  const takesBody = spec.body !== undefined || spec.textBody !== undefined
  const codes: ProblemCode[] = [
    ...(spec.open ? [] : ([...identityProblems, 'unavailable', 'malformed_request'] as const)),
    'too_many_requests',
    ...(takesBody ? (['malformed_json', 'too_large', 'unsupported_media_type'] as const) : []),
    ...(takesBody || spec.query !== undefined ? (['invalid'] as const) : []),
    ...(spec.method === 'get' ? [] : (['invalid', 'idempotency_conflict', 'in_progress'] as const)),
    ...spec.problems,
  ]
  return [...new Set(codes)]
}
