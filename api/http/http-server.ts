import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { Problem } from './problem.ts'

export interface ServerLimits {
  /** Headers and address together. */
  readonly headerBytes: number
  /** Until all headers have come. */
  readonly headersMs: number
  /** Until the whole request has come. */
  readonly requestMs: number
  /** How often it is looked for requests that take too long. */
  readonly checkEveryMs: number
}

const usual: ServerLimits = { headerBytes: 16_384, headersMs: 20_000, requestMs: 60_000, checkEveryMs: 5_000 }

/** A server that nobody can keep busy by sending slowly, or much. */
export function createHttpServer(listener: RequestListener, limits: ServerLimits = usual): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
    },
    listener,
  )
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerUnreadable(problemOf(error, limits), socket))
  return server
}

function problemOf({ code }: NodeJS.ErrnoException, { headerBytes }: ServerLimits): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Problem('headers_too_large', `headers and address have more than ${headerBytes} bytes`)
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('too_slow', 'the request took too long to come')
  return new Problem('malformed_request', 'this is not HTTP')
}

/** It has not become a request: nothing else answers it. */
function answerUnreadable(problem: Problem, socket: Duplex): void {
  const { _httpMessage: answering } = socket as Duplex & { _httpMessage?: { headersSent: boolean } }
  if (!socket.writable || answering?.headersSent) {
    socket.destroy()
    return
  }
  const body = JSON.stringify(problem.body())
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'Connection: close',
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
}
