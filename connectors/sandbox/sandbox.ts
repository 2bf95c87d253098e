import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { MoneyBody, OrderBody } from './body.ts'
import { Book, type TrackedParcel } from './book.ts'
import { Callbacks, type CallbackTarget } from './callbacks.ts'
import type { Answer, Entry, LineQuantity, OutgoingFact } from './entry.ts'
import { EntryLog } from './entry-log.ts'
import { Faults } from './faults.ts'
import { type Operation, operate } from './operate.ts'
import { Refusal } from './refusal.ts'

/** Warehouse, carrier and bank: what they did, and what they still have to tell. */
export class Sandbox {
  readonly book = new Book()
  readonly faults = new Faults()
  readonly #callbacks: Callbacks | undefined
  #log!: EntryLog
  #deliverAfterMs: number | null = null
  readonly #deliveries = new Set<NodeJS.Timeout>()

  private constructor(target: CallbackTarget | undefined) {
    if (!target) return
    this.#callbacks = new Callbacks(target, (fact, status) => {
      this.#write({ type: 'sent', fact: fact.id, status })
      // Where this is lost in a crash the fact is sent again: it carries the same id.
      this.durable().catch(() => {})
    })
  }

  /** Takes up what the folder's log says, facts not sent yet included. */
  static async open(folder: string, target?: CallbackTarget): Promise<Sandbox> {
    const sandbox = new Sandbox(target)
    sandbox.#log = await EntryLog.open(join(folder, 'entries.jsonl'), entry => sandbox.book.apply(entry))
    for (const fact of sandbox.book.unsentFacts()) sandbox.#callbacks?.send(fact)
    return sandbox
  }

  durable(): Promise<void> {
    return this.#log.durable()
  }

  /** What `produce` gives, once everything that it rests on is durable; a refusal too. */
  async whenDurable<Result>(produce: () => Result): Promise<Result> {
    try {
      return produce()
    } finally {
      await this.durable()
    }
  }

  async close(): Promise<void> {
    this.deliverByItself(null)
    this.#callbacks?.close()
    await this.#log.close()
  }

  operate(operation: Operation, key: string): Answer {
    const { orderNo } = operation.body
    const isShort = (sku: string) => this.faults.isShort(orderNo, sku)
    const { answer, entry } = operate(this.book, operation, key, now(), isShort)
    if (entry) this.#write(entry)
    for (const parcel of entry?.kind === 'ship' ? (entry.effect?.parcels ?? []) : []) this.#scheduleDelivery(parcel.id)
    return answer
  }

  /** The carrier hands over one parcel, or all that are on their way. Those already delivered stay as they are. */
  deliver({ organisation, orderNo }: OrderBody, parcelId?: string): { delivered: string[]; facts: string[] } {
    const parcels = this.book
      .parcelsOf(organisation, orderNo)
      .filter(({ id }) => parcelId === undefined || id === parcelId)
    if (parcels.length === 0) throw new Refusal(404, 'no_parcel', `${orderNo} has no such parcel`)
    if (parcels.every(parcel => parcel.status === 'recalled')) {
      throw new Refusal(409, 'recalled', `what ${orderNo} sent has been called back`)
    }
    const facts = parcels.filter(parcel => parcel.status === 'in_transit').map(parcel => this.#deliverParcel(parcel))
    const delivered = parcels.filter(({ id }) => this.book.parcel(id)?.status === 'delivered').map(({ id }) => id)
    return { delivered, facts }
  }

  /** The customer's money arrives; with a key, once for each key. */
  pay({ amount, currency, ...order }: MoneyBody, key: string = randomUUID()): { facts: string[] } {
    const id = `payment.received/${key}`
    if (this.book.knowsFact(id)) return { facts: [id] }
    this.#write({ type: 'paid', fact: this.#fact(order, id, 'payment.received', { amount, currency }) })
    return { facts: [id] }
  }

  /** What the order's reservations were short of comes in. */
  arrive({ organisation, orderNo }: OrderBody): { lines: LineQuantity[]; facts: string[] } {
    const backorders = this.book.backordersOf(organisation, orderNo)
    if (backorders.length === 0) throw new Refusal(404, 'no_backorder', `nothing of ${orderNo} is on backorder`)
    const arrived = backorders.map(({ key, effect }) => {
      const lines = [...(effect?.backorder ?? [])]
      const fact = this.#fact({ organisation, orderNo }, `stock.reserved/${key}`, 'stock.reserved', { lines })
      this.#write({ type: 'arrived', key, organisation, orderNo, at: fact.at, quantities: lines, fact })
      return { lines, fact: fact.id }
    })
    return { lines: arrived.flatMap(({ lines }) => lines), facts: arrived.map(({ fact }) => fact) }
  }

  /** Each parcel created from now on is delivered after that long; null: none, nor those that were to be. */
  deliverByItself(deliverAfterMs: number | null): void {
    this.#deliverAfterMs = deliverAfterMs
    if (deliverAfterMs !== null) return
    for (const timer of this.#deliveries) clearTimeout(timer)
    this.#deliveries.clear()
  }

  #scheduleDelivery(parcelId: string): void {
    if (this.#deliverAfterMs === null) return
    const timer = setTimeout(() => {
      this.#deliveries.delete(timer)
      const parcel = this.book.parcel(parcelId)
      if (parcel?.status !== 'in_transit') return
      this.#deliverParcel(parcel)
      this.durable().catch(() => {})
    }, this.#deliverAfterMs)
    this.#deliveries.add(timer)
  }

  #deliverParcel(parcel: TrackedParcel): string {
    const data = { parcel: parcel.id, lines: parcel.lines }
    const fact = this.#fact(parcel, `shipment.delivered/${parcel.id}`, 'shipment.delivered', data)
    this.#write({ type: 'delivered', parcel: parcel.id, at: fact.at, fact })
    return fact.id
  }

  #fact({ organisation, orderNo }: OrderBody, id: string, type: string, data: OutgoingFact['data']): OutgoingFact {
    const fault = this.faults.callback(orderNo)
    const lateMs = fault === 'late' ? this.faults.settings.lateMs : 0
    return {
      id,
      organisation,
      orderNo,
      type,
      at: now(),
      data,
      copies: { ok: 1, lost: 0, doubled: 2, late: 1 }[fault],
      notBefore: new Date(Date.now() + lateMs).toISOString(),
    }
  }

  #write(entry: Entry): void {
    this.book.apply(entry)
    this.#log.append(entry)
    if (!('fact' in entry) || entry.type === 'sent' || entry.fact.copies === 0) return
    const { fact } = entry
    // Nobody is told what a crash could still undo.
    this.durable().then(
      () => this.#callbacks?.send(fact),
      () => {},
    )
  }
}

function now(): string {
  return new Date().toISOString()
}
