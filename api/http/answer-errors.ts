import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { OrdersUnavailable } from '../../order-client/order-client.ts'
import { CursorInvalid, StoreUnavailable } from '../../store/store-error.ts'
import type { RequestNotes } from './handle.ts'
import { invalid, Problem, unavailable } from './problem.ts'
import { largestBodyBytes } from './read-body.ts'

/** Nothing is at this path. */
export const answerNotFound: RequestHandler = request => {
  throw new Problem('not_found', `there is nothing at ${request.path}`)
}

/** The path is there, but not for this method. */
export function answerMethodNotAllowed(methods: readonly string[]): RequestHandler {
  const allow = methods.flatMap(method => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])).join(', ')
  return request => {
    throw new Problem(
      'method_not_allowed',
      `${request.method} is not possible here, only ${allow}`,
      {},
      { Allow: allow },
    )
  }
}

/** Whatever was thrown becomes a problem; what nobody has foreseen is logged, and nothing of it is told. */
export const answerError: ErrorRequestHandler = (error: unknown, request: Request, response: Response, next) => {
  const notes = response.locals.notes as RequestNotes
  const problem = problemOf(error)
  notes.code = problem.code
  if (problem.code === 'internal') notes.log.error({ err: error, path: request.path }, 'unforeseen error')
  if (response.headersSent) return next(error)
  response
    .status(problem.status)
    .set(problem.headers)
    .type('application/problem+json')
    .send(JSON.stringify(problem.body()))
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof StoreUnavailable)
    return unavailable('the store cannot be reached; repeating the request is safe')
  if (error instanceof OrdersUnavailable) return unavailable(`${error.message}; repeating the request is safe`)
  if (error instanceof CursorInvalid) return invalid([{ field: 'cursor', message: error.message }])
  return fromLibrary(error) ?? new Problem('internal', 'this should not have happened; the log says more')
}

/** Express and its body parser throw errors with a status of their own. */
function fromLibrary(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return
  if (error.status === 413) return new Problem('too_large', `the body has more than ${largestBodyBytes} bytes`)
  if (error.status === 415) return new Problem('unsupported_media_type', error.message)
  return error.status >= 400 && error.status < 500 ? new Problem('malformed_request', error.message) : undefined
}
