import { createHash } from 'node:crypto'
import { z } from 'zod'

const fraction = z.number().min(0).max(1)

/** What may go wrong, as `PUT /faults` takes it. What is absent stays as it was. */
export const faultsBody = z
  .strictObject({
    latencyMs: z.int().min(0).max(600_000).describe('before an operation is done'),
    errorRate: fraction.describe('how often an operation is refused with 503 before it is done'),
    timeoutAfterDoing: z.union([z.boolean(), fraction]).describe('how often it is done and never answered'),
    callback: z.enum(['ok', 'lost', 'doubled', 'late']),
    lateMs: z.int().min(0).max(86_400_000).describe('how late a late callback is'),
    stockShort: z
      .union([z.boolean(), fraction, z.array(z.string().min(1)).min(1)])
      .describe('every order, a fraction of the orders, or these skus'),
    orderNo: z.string().min(1).nullable().describe('only orders whose number begins so; null: all'),
    seed: z.int().describe('begins the draws anew: the same seed draws the same'),
  })
  .partial()

export interface FaultSettings {
  readonly latencyMs: number
  readonly errorRate: number
  readonly timeoutAfterDoing: boolean | number
  readonly callback: 'ok' | 'lost' | 'doubled' | 'late'
  readonly lateMs: number
  readonly stockShort: boolean | number | readonly string[]
  readonly orderNo: string | null
  readonly seed: number
}

const noFaults: FaultSettings = {
  latencyMs: 0,
  errorRate: 0,
  timeoutAfterDoing: false,
  callback: 'ok',
  lateMs: 5000,
  stockShort: false,
  orderNo: null,
  seed: 1,
}

/** The faults in force. They are forgotten at a restart. */
export class Faults {
  #settings = noFaults
  readonly #draws = new Map<string, number>()

  get settings(): FaultSettings {
    return this.#settings
  }

  set(changes: z.infer<typeof faultsBody>): void {
    this.#settings = { ...this.#settings, ...changes }
    if (changes.seed !== undefined) this.#draws.clear()
  }

  latencyMs(orderNo: string): number {
    return this.#concern(orderNo) ? this.#settings.latencyMs : 0
  }

  refuses(orderNo: string, subject: string): boolean {
    return this.#concern(orderNo) && this.#happens('errorRate', subject, this.#settings.errorRate)
  }

  neverAnswers(orderNo: string, subject: string): boolean {
    return (
      this.#concern(orderNo) && this.#happens('timeoutAfterDoing', subject, Number(this.#settings.timeoutAfterDoing))
    )
  }

  isShort(orderNo: string, sku: string): boolean {
    if (!this.#concern(orderNo)) return false
    const { stockShort } = this.#settings
    if (typeof stockShort === 'object') return stockShort.includes(sku)
    return this.#draw('stockShort', orderNo, 0) < Number(stockShort)
  }

  callback(orderNo: string): FaultSettings['callback'] {
    return this.#concern(orderNo) ? this.#settings.callback : 'ok'
  }

  #concern(orderNo: string): boolean {
    return orderNo.startsWith(this.#settings.orderNo ?? '')
  }

  #happens(fault: string, subject: string, probability: number): boolean {
    if (probability <= 0) return false
    const name = `${fault} ${subject}`
    const earlier = this.#draws.get(name) ?? 0
    this.#draws.set(name, earlier + 1)
    return this.#draw(fault, subject, earlier) < probability
  }

  /** Drawn from what it is about, not from a sequence, so that calls side by side do not change each other's luck. */
  #draw(fault: string, subject: string, earlier: number): number {
    const digest = createHash('sha256')
      .update(JSON.stringify([this.#settings.seed, fault, subject, earlier]))
      .digest()
    return digest.readUInt32BE() / 2 ** 32
  }
}
