import { createHmac } from 'node:crypto'
import { post } from './post.ts'
import type { Transport } from './transport.ts'

/**
 * A receiver of one's own. It recognises us by the signature (HMAC-SHA256 over the time, a dot and the body), an old
 * message by the time, and a repetition by the event's id.
 */
export function webhook({ url, secret, timeoutMs }: { url: string; secret: string; timeoutMs: number }): Transport {
  return {
    mostBytes: 60_000,
    send: message => {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const body = JSON.stringify(message)
      const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
      const headers = {
        'nolimbo-event-id': message.id,
        'nolimbo-timestamp': timestamp,
        'nolimbo-signature': `sha256=${signature}`,
      }
      return post({ url, headers, body, timeoutMs })
    },
  }
}
