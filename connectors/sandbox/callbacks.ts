import type { OutgoingFact } from './entry.ts'

export interface CallbackTarget {
  /** Of the order system's API, like http://127.0.0.1:3000. */
  readonly url: string
  readonly key: string
}

const firstRetryMs = 200
const slowestRetryMs = 15_000
/** After this long a fact is left until the next start. */
const giveUpMs = 10 * 60_000
const timeoutMs = 10_000
const mostAtOnce = 32

/** Refused because of what the fact says: asking again would change nothing. */
const refusedForGood = [400, 403, 409, 422]

/** Posts facts to the order system, some at a time, and again with longer and longer pauses when that fails. */
export class Callbacks {
  readonly #target: CallbackTarget
  readonly #onSent: (fact: OutgoingFact, status: number) => void
  readonly #queue: (() => Promise<void>)[] = []
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #closed = new AbortController()
  #active = 0

  constructor(target: CallbackTarget, onSent: (fact: OutgoingFact, status: number) => void) {
    this.#target = target
    this.#onSent = onSent
  }

  send(fact: OutgoingFact): void {
    const waitMs = Math.max(0, Date.parse(fact.notBefore) - Date.now())
    const giveUpAt = Date.now() + waitMs + giveUpMs
    this.#after(waitMs, () => this.#attempt(fact, fact.copies, firstRetryMs, giveUpAt))
  }

  close(): void {
    this.#closed.abort()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#queue.length = 0
  }

  async #attempt(fact: OutgoingFact, copies: number, pauseMs: number, giveUpAt: number): Promise<void> {
    const status = await this.#post(fact)
    if (this.#closed.signal.aborted) return
    const settled = (status >= 200 && status < 300) || refusedForGood.includes(status)
    if (settled && copies > 1) return this.#attempt(fact, copies - 1, firstRetryMs, giveUpAt)
    if (settled) return this.#onSent(fact, status)
    if (Date.now() + pauseMs > giveUpAt) return
    this.#after(pauseMs, () => this.#attempt(fact, copies, Math.min(pauseMs * 2, slowestRetryMs), giveUpAt))
  }

  /** The status of the answer, 0 when there is none. */
  async #post({ id, orderNo, type, at, data }: OutgoingFact): Promise<number> {
    try {
      const response = await fetch(`${this.#target.url}/api/orders/${encodeURIComponent(orderNo)}/facts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#target.key}` },
        body: JSON.stringify({ id, source: 'sandbox', type, at, data }),
        signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(timeoutMs)]),
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      return 0
    }
  }

  #after(delayMs: number, task: () => Promise<void>): void {
    if (this.#closed.signal.aborted) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#queue.push(task)
      this.#startNext()
    }, delayMs)
    this.#timers.add(timer)
  }

  #startNext(): void {
    if (this.#active >= mostAtOnce) return
    const task = this.#queue.shift()
    if (!task) return
    this.#active += 1
    task().finally(() => {
      this.#active -= 1
      this.#startNext()
    })
  }
}
