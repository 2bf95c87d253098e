import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

export type Reply = { readonly status: number; readonly body?: unknown } | 'silence' | 'hang up'

/** An outside system on the loopback interface: writes down what it is asked and answers what it is told to. */
export class FakeSystem {
  readonly asked: Asked[] = []
  /** What to answer, in this order; the last one for ever. */
  replies: Reply[] = [{ status: 200, body: {} }]
  readonly #server = createServer(async (request, response) => {
    const body = await text(request)
    const { method = '', url = '', headers } = request
    this.asked.push({ method, path: url, headers, body: body === '' ? undefined : JSON.parse(body) })
    answer(response, this.replies.length > 1 ? this.replies.shift()! : this.replies[0]!)
    this.#server.emit('asked')
  })

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async nextAsked(): Promise<void> {
    await once(this.#server, 'asked', { signal: AbortSignal.timeout(5000) })
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}

function answer(response: ServerResponse, reply: Reply): void {
  if (reply === 'silence') return
  if (reply === 'hang up') {
    response.destroy()
    return
  }
  const { status, body } = reply
  response.writeHead(status, { location: '/elsewhere' }).end(typeof body === 'string' ? body : JSON.stringify(body))
}
