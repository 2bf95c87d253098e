import { setTimeout as sleep } from 'node:timers/promises'
import { TransientError } from '../../connectors/connector.ts'
import type { Connectors } from '../../connectors/registry.ts'
import type { CallOutcome, CallRequest, CallResult, Certainty } from '../../domain/call.ts'

/** What an outside system answers to one attempt. */
export type Answer = (request: CallRequest) => Promise<CallOutcome> | CallOutcome

export const done =
  (result: CallResult = {}): Answer =>
  () => ({ ok: true, result })

export const refused =
  (code: string, certainty: Certainty = 'not_done'): Answer =>
  () => ({ ok: false, code, message: `the outside system says ${code}`, certainty })

/** No definite answer: the same call is to be tried again. */
export const transient =
  (certainty: Certainty = 'unknown'): Answer =>
  () => {
    throw new TransientError('no answer', certainty)
  }

export const delayed =
  (ms: number, answer: Answer = done()): Answer =>
  async request => {
    await sleep(ms)
    return answer(request)
  }

/** Hangs until it is told what to answer. */
export interface Held {
  readonly answer: Answer
  /** Fulfilled when the call has arrived. */
  readonly begun: Promise<void>
  readonly release: (answer?: Answer) => void
}

export function held(): Held {
  const begun = Promise.withResolvers<void>()
  const released = Promise.withResolvers<Answer>()
  return {
    begun: begun.promise,
    release: (answer = done()) => released.resolve(answer),
    answer: async request => {
      begun.resolve()
      return (await released.promise)(request)
    },
  }
}

export interface Attempted {
  readonly operation: string
  readonly key: string
  readonly attempt: number
  readonly beganAtMs: number
  endedAtMs?: number
}

const offered = [
  'payment.authorise',
  'payment.void',
  'payment.capture',
  'payment.refund',
  'inventory.reserve',
  'inventory.release',
  'shipment.create',
  'shipment.recall',
  'carrier.track',
]

/** Outside systems that do as they are told, order by order. What nothing is said of comes off as asked. */
export class ScriptedConnectors implements Connectors {
  private readonly answers = new Map<string, Answer[]>()
  private readonly attempts = new Map<string, Attempted[]>()

  /** The next attempts of an operation for an order get these answers, one after the other. */
  script(orderNo: string, operation: string, ...answers: readonly Answer[]): void {
    this.answers.set(`${orderNo} ${operation}`, [...answers])
  }

  /** Every attempt for an order, in the order in which they began. */
  of(orderNo: string): readonly Attempted[] {
    return this.attempts.get(orderNo) ?? []
  }

  operations() {
    return Object.fromEntries(
      offered.map(operation => [operation, { connector: 'scripted', idempotency: 'key' as const }]),
    )
  }

  async call(request: CallRequest, signal: AbortSignal, attempt: number): Promise<CallOutcome> {
    const { orderNo, operation, key } = request
    const attempted: Attempted = { operation, key, attempt, beganAtMs: performance.now() }
    this.attempts.set(orderNo, [...this.of(orderNo), attempted])
    const answer = this.answers.get(`${orderNo} ${operation}`)?.shift() ?? done()
    try {
      return await Promise.race([answer(request), rejectedBy(signal)])
    } finally {
      attempted.endedAtMs = performance.now()
    }
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}
