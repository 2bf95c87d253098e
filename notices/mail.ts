import { createTransport } from 'nodemailer'
import { type Sending, sendingFailed, type Transport } from './transport.ts'

interface MailOptions {
  readonly url: string
  readonly from: string
  readonly timeoutMs: number
}

/** Mail by SMTP. The Message-ID is the message's own, so that a repetition is recognised as one. */
export function mail({ url, from, timeoutMs }: MailOptions): Transport {
  const transporter = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    mostBytes: 60_000,
    async send({ id, address, subject, text, language }) {
      try {
        await transporter.sendMail({
          from,
          to: { name: '', address: address ?? '' },
          subject,
          text,
          messageId: `<${id}@nolimbo>`,
          headers: {
            'Auto-Submitted': 'auto-generated',
            'Content-Language': language,
            'X-Nolimbo-Event': id,
          },
        })
        return { ok: true }
      } catch (error) {
        return refused(error as Error & { responseCode?: number; code?: string })
      }
    },
  }
}

/** 5xx is for good, 4xx for now (RFC 5321); without an answer nobody knows. */
function refused({ message, responseCode, code }: Error & { responseCode?: number; code?: string }): Sending {
  const permanent = responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500
  return sendingFailed(message, { permanent })
}
