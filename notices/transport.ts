import type { Language } from '../domain/notice/channels-schema.ts'

/** What goes out to one person by one channel. */
export interface Message {
  /** The same again is a repetition: the mail's Message-ID, the event's id. */
  readonly id: string
  readonly organisation: string
  readonly person: string
  readonly address: string | null
  readonly language: Language
  readonly subject: string
  readonly text: string
  /** The notices it stands for. */
  readonly notices: readonly {
    readonly id: string
    readonly orderNo: string | null
    readonly about: string
    readonly subject: string
    readonly at: string
  }[]
}

export type Sending =
  | { readonly ok: true }
  /** `permanent`: trying again is no use. `waitMs`: the receiver asks for as much before the next try. */
  | { readonly ok: false; readonly permanent: boolean; readonly reason: string; readonly waitMs?: number }

/** One way out. It throws nothing: what goes wrong is told in the answer. */
export interface Transport {
  /** How long a text it takes, in bytes of UTF-8. */
  readonly mostBytes: number
  send(message: Message): Promise<Sending>
}

export function sendingFailed(reason: string, more: { permanent?: boolean; waitMs?: number } = {}): Sending {
  return { ok: false, permanent: false, reason: reason.slice(0, 500), ...more }
}
