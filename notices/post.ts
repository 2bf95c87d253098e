import { type Sending, sendingFailed } from './transport.ts'

export interface Posting {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}

/** How long a receiver that says "too many" without saying for how long is left alone. */
export const limitedMs = 10_000

/** Posts JSON. `judge` reads an answer of the 200s: robots say there what went wrong. Addresses hold keys: no reason names one. */
export async function post(
  { url, headers, body, timeoutMs }: Posting,
  judge: (answer: string) => Sending = () => ({ ok: true }),
): Promise<Sending> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
      // Following one would bring the message to an address that nobody described.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answer = await response.text()
    if (response.ok) return judge(answer)
    return refused(response, answer)
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return sendingFailed(`no answer within ${timeoutMs} ms`)
    const { code, message } = ((error as Error).cause ?? error) as { code?: string; message: string }
    return sendingFailed(code ?? message)
  }
}

function refused(response: Response, answer: string): Sending {
  const { status } = response
  const reason = `HTTP ${status} ${answer.slice(0, 200)}`.trim()
  const asked = Number(response.headers.get('retry-after'))
  const waitMs = Number.isFinite(asked) && asked > 0 ? asked * 1000 : undefined
  if (status === 429) return sendingFailed(reason, { waitMs: waitMs ?? limitedMs })
  const transient = status >= 500 || status === 408 || status === 425
  return sendingFailed(reason, { permanent: !transient, ...(waitMs === undefined ? {} : { waitMs }) })
}

/** Of the robots that answer 200 whatever happens, with a code: 0 is done. */
export function judgeCode(
  answer: string,
  names: { readonly code: readonly string[]; readonly message: readonly string[] },
  codes: { readonly limited: readonly number[]; readonly busy: readonly number[] },
): Sending {
  const said = parsed(answer)
  const code = names.code.map(name => said?.[name]).find(value => typeof value === 'number')
  if (code === 0) return { ok: true }
  if (code === undefined) return sendingFailed(`an answer without a code: ${answer.slice(0, 200)}`)
  const message = names.message.map(name => said?.[name]).find(value => typeof value === 'string') ?? ''
  const reason = `code ${code} ${message}`.trim()
  if (codes.limited.includes(code as number)) return sendingFailed(reason, { waitMs: limitedMs })
  return sendingFailed(reason, { permanent: !codes.busy.includes(code as number) })
}

function parsed(answer: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(answer)
    return typeof value === 'object' ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
