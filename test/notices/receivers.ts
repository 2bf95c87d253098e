import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/* Receivers on loopback, as the outside has them. */

export interface Received {
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly at: number
}

export interface Answer {
  readonly status?: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly delayMs?: number
}

export interface HttpReceiver {
  readonly url: string
  readonly received: Received[]
  /** How it answers, from now on. */
  answer: (received: Received) => Answer
  readonly close: () => Promise<void>
}

export async function httpReceiver(): Promise<HttpReceiver> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url!, receiver.url)
    const one = { url, headers: request.headers, body: Buffer.concat(chunks).toString(), at: Date.now() }
    received.push(one)
    const { status = 200, body = '{"errcode":0,"errmsg":"ok"}', headers = {}, delayMs = 0 } = receiver.answer(one)
    if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, delayMs))
    response.writeHead(status, headers).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: HttpReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: () => ({}),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}

export interface MailReceiver {
  readonly url: string
  readonly mails: ParsedMail[]
  /** An SMTP status for a recipient; undefined: taken. */
  refuse: (recipient: string) => number | undefined
  readonly close: () => Promise<void>
}

export async function mailReceiver(login?: { readonly user: string; readonly pass: string }): Promise<MailReceiver> {
  const mails: ParsedMail[] = []
  const server = new SMTPServer({
    disabledCommands: login === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: login === undefined,
    onAuth({ username, password }, _session, callback) {
      if (username === login?.user && password === login?.pass) callback(null, { user: username })
      else callback(new Error('no such login'))
    },
    onRcptTo({ address }, _session, callback) {
      const responseCode = receiver.refuse(address)
      if (responseCode === undefined) callback()
      else callback(Object.assign(new Error('refused'), { responseCode }))
    },
    onData(stream, _session, callback) {
      simpleParser(stream).then(mail => {
        mails.push(mail)
        callback()
      }, callback)
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const receiver: MailReceiver = {
    url: `smtp://${login === undefined ? '' : `${login.user}:${login.pass}@`}127.0.0.1:${port}`,
    mails,
    refuse: () => undefined,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
  return receiver
}
