import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import type { RequestNotes } from './handle.ts'

/** One line and one measurement for each request, with an id that the caller may give (`X-Request-Id`) and gets back. */
export function logRequests(logger: Logger, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAtMs = performance.now()
    const given = request.get('X-Request-Id') ?? ''
    const requestId = /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID()
    const notes: RequestNotes = { log: logger.child({ requestId }) }
    response.locals.notes = notes
    response.set({ 'X-Request-Id': requestId, 'Cache-Control': 'no-store' })
    // Of an answer that was cut off, too, a line is logged.
    response.once('close', () => {
      const latencyMs = Math.round(performance.now() - startedAtMs)
      const { route = 'none', actor, code } = notes
      const { method } = request
      const status = response.statusCode
      metrics.requests.inc({ method, route, status: String(status) })
      metrics.requestSeconds.observe({ method, route }, latencyMs / 1000)
      const line = { method, path: request.path, status, latencyMs, ...(actor && { actor }), ...(code && { code }) }
      if (status === 503) notes.log.warn(line, 'request could not be answered')
      else if (status >= 500) notes.log.error(line, 'request failed')
      else notes.log.info(line, 'request')
    })
    next()
  }
}
