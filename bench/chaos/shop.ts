import { setTimeout as pause } from 'node:timers/promises'
import type { PlannedOrder } from './plan.ts'

/** What was answered with "yes": none of it may be lost, whatever happens afterwards. */
export interface Acknowledged {
  readonly placed: Set<string>
  readonly approved: Set<string>
  readonly reported: Set<string>
}

export function nothingYet(): Acknowledged {
  return { placed: new Set(), approved: new Set(), reported: new Set() }
}

/**
 * A shop and its people as they should be: whatever is not answered is asked again under the same key, for as long as
 * it takes.
 */
export class Shop {
  readonly acknowledged = nothingYet()
  /** Requests, and how many had no answer or a 5xx and were sent again. */
  requests = 0
  repeats = 0
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async send(order: PlannedOrder): Promise<void> {
    const { orderNo } = order
    const placing = () => this.#insist('shop', 'POST', '/api/orders', bodyOf(order), `place-${orderNo}`)
    const twin = order.isDoubled
      ? this.#insist('shop', 'POST', '/api/orders', bodyOf(order), `again-${orderNo}`)
      : undefined
    const answers = [await placing(), ...(twin === undefined ? [] : [await twin])]
    for (const { status, code } of answers) {
      if (status !== 201 && status !== 200) throw new Error(`placing ${orderNo}: ${status} ${code}`)
    }
    this.acknowledged.placed.add(orderNo)
    if (order.isApproved) {
      const command = { type: 'approve', reason: 'chaos' }
      const { status } = await this.#insist('mei', 'POST', `/api/orders/${orderNo}/commands`, command, `yes-${orderNo}`)
      // In a hurry the clock may have been first.
      if (status === 200) this.acknowledged.approved.add(orderNo)
    }
    if (order.isCancelled) {
      const data = { id: `off-${orderNo}`, source: 'chaos', type: 'customer.cancelled', at: '2026-01-01T00:00:00Z' }
      const fact = { ...data, data: {} }
      const { status } = await this.#insist('shop', 'POST', `/api/orders/${orderNo}/facts`, fact, `off-${orderNo}`)
      if (status === 202) this.acknowledged.reported.add(orderNo)
    }
  }

  async #insist(person: string, method: string, path: string, body: object, key: string) {
    for (let waitMs = 200; ; waitMs = Math.min(2_000, waitMs * 2)) {
      this.requests += 1
      const { status, code } = await this.#ask(person, method, path, body, key)
      const isAnswer = status > 0 && status < 500 && status !== 429 && code !== 'in_progress'
      if (isAnswer) return { status, code }
      this.repeats += 1
      await pause(waitMs)
    }
  }

  async #ask(person: string, method: string, path: string, body: object, key: string) {
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method,
        body: JSON.stringify(body),
        headers: {
          authorization: `Bearer demo-${person}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        signal: AbortSignal.timeout(20_000),
      })
      const json = (await response.json()) as { code?: string }
      return { status: response.status, code: json.code ?? '' }
    } catch {
      return { status: 0, code: 'no_answer' }
    }
  }
}

function bodyOf({ orderNo, process, isLarge }: PlannedOrder) {
  return {
    orderNo,
    process,
    customer: { id: 'c-chaos', name: 'Li' },
    currency: 'CNY',
    lines: [
      { sku: 'chair', quantity: 2, unitPrice: isLarge ? '6000.00' : '45.50' },
      { sku: 'table', quantity: 1, unitPrice: '99.90' },
    ],
  }
}
