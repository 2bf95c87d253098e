import type { Answer } from './answer.ts'
import { TransientError } from './connector.ts'

export interface Exchange {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly timeoutMs: number
}

/** Errors of the network that come before anything was sent (libuv, undici). */
const beforeSending = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]

/** One HTTP request and its whole answer. Throws `TransientError`, or the signal's reason when it was aborted. */
export async function exchange(
  { method, url, headers, body, timeoutMs }: Exchange,
  signal: AbortSignal,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // Following one would send the call to an address that nobody described.
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (timeout.aborted) throw new TransientError(`no answer within ${timeoutMs} ms`, 'unknown', { cause: error })
    const { code, message } = causeOf(error)
    const certainty = code !== undefined && beforeSending.includes(code) ? 'not_done' : 'unknown'
    throw new TransientError(code ? `${code}: ${message}` : message, certainty, { cause: error })
  }
}

/** `fetch` wraps what went wrong. */
function causeOf(error: unknown): { code?: string; message: string } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return { message: String(cause) }
  return 'code' in cause && typeof cause.code === 'string'
    ? { code: cause.code, message: cause.message }
    : { message: cause.message }
}
