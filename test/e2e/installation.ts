/** An installation of nolimbo as its callers see it: an API, and the systems of the sandbox. */
export interface Installation {
  readonly temporalAddress: string
  /** Sends a request as a person of the demo. */
  readonly ask: (
    person: string,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>
  /** @throws Error unless the sandbox answers with 200 */
  readonly sandbox: (method: string, path: string, body?: object) => Promise<Reply['body']>
}

export interface Reply {
  /** 0: no answer. */
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not there
  readonly body: any
  readonly headers: Headers
}

const json = { 'content-type': 'application/json' }

export function installation(apiUrl: string, sandboxUrl: string, temporalAddress: string): Installation {
  return {
    temporalAddress,
    ask(person, method, path, body, headers) {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
      const type = text === undefined ? undefined : json
      return request(`${apiUrl}${path}`, method, text, { authorization: `Bearer demo-${person}`, ...type, ...headers })
    },
    async sandbox(method, path, body) {
      const reply = await request(`${sandboxUrl}${path}`, method, body && JSON.stringify(body), body ? json : {})
      if (reply.status !== 200) throw new Error(`the sandbox answered ${reply.status}: ${JSON.stringify(reply.body)}`)
      return reply.body
    },
  }
}

async function request(
  url: string,
  method: string,
  body: string | undefined,
  headers: Record<string, string>,
): Promise<Reply> {
  try {
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers }
  } catch (error) {
    return { status: 0, body: { code: 'no_answer', detail: String(error) }, headers: new Headers() }
  }
}
