import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { shapeProblems } from '../../domain/definition/shape-problems.ts'
import { asToday } from '../../domain/permission/as-today.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import type { IdempotencyKeyStore } from '../../store/idempotency-keys.ts'
import type { KeptDirectory } from '../../store/kept-directory.ts'
import type { Authenticate } from '../auth/authenticate.ts'
import { findHazards } from './hazards.ts'
import { idempotencyKeyOf, once } from './idempotency.ts'
import { type FieldError, invalid, Problem } from './problem.ts'
import type { Rates } from './rates.ts'
import { parseJson, readText } from './read-body.ts'
import type { Answer, Asked, Route, RouteSpec } from './route.ts'

export interface HandlerDependencies {
  readonly authenticate: Authenticate
  readonly store: IdempotencyKeyStore
  readonly rates: Rates
  readonly clock: () => Date
  readonly people: KeptDirectory
}

/** What the line that is logged about a request is made of. */
export interface RequestNotes {
  readonly log: Logger
  route?: string
  actor?: string
  code?: string
}

const nobody: Identity = { actor: '', roles: [], organisation: '' }

/** Judges a request in the order of refusal (DESIGN section 7), then lets its route answer. */
export function handle(row: Route, deps: HandlerDependencies): RequestHandler {
  const spec = row as unknown as RouteSpec<unknown, unknown, unknown>
  return async (request, response) => {
    const notes = response.locals.notes as RequestNotes
    notes.route = spec.path
    if (spec.open) deps.rates.countAddress(request.socket.remoteAddress ?? '', response)
    const identity = spec.open ? nobody : await whoAsks(request, response, deps)
    notes.actor = identity.actor
    const body = await readBody(spec, request, response)
    const params = request.params as Record<string, string>
    const found = await spec.find?.(params, identity)
    const { query, parsedBody } = judge(spec, request, body)
    const given = spec.method === 'get' ? undefined : idempotencyKeyOf(request.get('Idempotency-Key'))
    const idempotencyKey = spec.changesNothing?.(query) ? undefined : given
    const asked: Asked<unknown, unknown, unknown> = {
      identity,
      params,
      found,
      query,
      body: parsedBody,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      prefers: types => request.accepts([...types]) || undefined,
      log: notes.log,
    }
    const answer = () => spec.handle(asked)
    if (spec.answersSecret && idempotencyKey !== undefined) {
      const message = 'leave it out: what is answered here is a secret, and not kept to be answered again'
      throw invalid([{ field: 'Idempotency-Key', message }])
    }
    if (idempotencyKey === undefined) return await send(response, spec, await answer())
    const asks = { path: request.path, body, ...(spec.method === 'delete' && { method: spec.method }) }
    const now = deps.clock().toISOString()
    await send(response, spec, await once({ identity, key: idempotencyKey, asks, now }, deps.store, answer))
  }
}

async function identify(request: Request, response: Response, { authenticate, rates }: HandlerDependencies) {
  const address = request.socket.remoteAddress ?? ''
  try {
    const identity = await authenticate(request.headers.authorization)
    rates.countIdentity(identity, response)
    return identity
  } catch (error) {
    // Whoever tries keys is slowed down; who has one is not, even behind the same address.
    if (error instanceof Problem && error.status === 401) rates.countAddress(address, response)
    throw error
  }
}

/** Who asks, as the directory is today, with those in whose place they act. */
async function whoAsks(request: Request, response: Response, deps: HandlerDependencies): Promise<Identity> {
  const directory = await deps.people.today()
  const identity = await identify(request, response, deps)
  return asToday(directory, identity, deps.clock().toISOString())
}

async function readBody(
  spec: RouteSpec<unknown, unknown, unknown>,
  request: Request,
  response: Response,
): Promise<unknown> {
  if (spec.textBody !== undefined) return readText(request, response, spec.textBody.formats)
  if (spec.body === undefined) return
  return parseJson(await readText(request, response, ['application/json']))
}

function judge(spec: RouteSpec<unknown, unknown, unknown>, request: Request, body: unknown) {
  const given = Object.fromEntries(Object.entries(request.query).filter(([, value]) => value !== ''))
  const errors: FieldError[] = [...findHazards(given), ...findHazards(body)]
  // What a hazard is about is not shown to the schemas: they would copy it.
  if (errors.length > 0) throw invalid(errors)
  const query = spec.query?.safeParse(given)
  const parsedBody = spec.body?.safeParse(body)
  for (const judged of [query, parsedBody]) {
    if (judged?.success !== false) continue
    errors.push(...shapeProblems(judged.error).map(({ path, message }) => ({ field: path.join('.'), message })))
  }
  if (errors.length > 0) throw invalid(errors)
  return { query: query?.data, parsedBody: spec.body === undefined ? body : parsedBody?.data }
}

async function send(
  response: Response,
  spec: RouteSpec<unknown, unknown, unknown>,
  { status, headers = {}, body, stream }: Answer,
): Promise<void> {
  if (stream !== undefined) return sendStream(response, stream, headers)
  response.status(status).set(headers)
  const type = spec.answers[status]?.type
  if (type !== undefined) {
    if (!response.hasHeader('Content-Type')) response.type(type)
    response.send(body)
  } else if (status >= 400) response.type('application/problem+json').send(JSON.stringify(body))
  else response.json(body)
}

async function sendStream(
  response: Response,
  { type, chunks }: NonNullable<Answer['stream']>,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const source = chunks[Symbol.asyncIterator]()
  // Before anything is sent, a failure can still be told as one; later the connection is cut.
  const first = await source.next()
  const rest = { [Symbol.asyncIterator]: () => source }
  response.set(headers).type(type)
  if (!first.done) response.write(first.value)
  await pipeline(Readable.from(rest), response).catch(() => response.destroy())
}
