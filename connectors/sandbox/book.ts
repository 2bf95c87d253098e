import type { ArrivedEntry, DeliveredEntry, DoneEntry, Entry, Kind, LineQuantity, OutgoingFact } from './entry.ts'
import { type Ledger, ledgerOf } from './ledger.ts'

export interface TrackedParcel {
  readonly id: string
  readonly organisation: string
  readonly orderNo: string
  readonly lines: readonly LineQuantity[]
  readonly status: 'in_transit' | 'delivered' | 'recalled'
  readonly deliveredAt: string | null
}

/** What the sandbox knows, built only by applying entries: after a restart it is the same as before. */
export class Book {
  readonly #done = new Map<string, DoneEntry>()
  readonly #effects: (DoneEntry | ArrivedEntry)[] = []
  readonly #effectsOfOrder = new Map<string, (DoneEntry | ArrivedEntry)[]>()
  readonly #reserved = new Map<string, readonly LineQuantity[]>()
  readonly #backorders = new Map<string, DoneEntry>()
  readonly #parcels = new Map<string, TrackedParcel>()
  readonly #parcelsOfOrder = new Map<string, string[]>()
  readonly #unsent = new Map<string, OutgoingFact>()
  readonly #facts = new Set<string>()

  done(kind: Kind, key: string): DoneEntry | undefined {
    return this.#done.get(`${kind} ${key}`)
  }

  ledger(orderNo?: string): Ledger {
    return ledgerOf(orderNo === undefined ? this.#effects : (this.#effectsOfOrder.get(orderNo) ?? []))
  }

  /** All that a reservation holds, backorders that have arrived included. */
  reserved(key: string): readonly LineQuantity[] {
    return this.#reserved.get(key) ?? []
  }

  backordersOf(organisation: string, orderNo: string): DoneEntry[] {
    return [...this.#backorders.values()].filter(
      entry => entry.organisation === organisation && entry.orderNo === orderNo,
    )
  }

  parcel(id: string): TrackedParcel | undefined {
    return this.#parcels.get(id)
  }

  parcelsOf(organisation: string, orderNo: string): TrackedParcel[] {
    const ids = this.#parcelsOfOrder.get(orderIdentity({ organisation, orderNo })) ?? []
    return ids.map(id => this.#parcels.get(id)!)
  }

  /** Facts that the order system has not taken yet. */
  unsentFacts(): OutgoingFact[] {
    return [...this.#unsent.values()]
  }

  knowsFact(id: string): boolean {
    return this.#facts.has(id)
  }

  apply(entry: Entry): void {
    switch (entry.type) {
      case 'done':
        return this.#applyDone(entry)
      case 'arrived':
        this.#backorders.delete(entry.key)
        this.#reserved.set(entry.key, addQuantities(this.reserved(entry.key), entry.quantities))
        this.#addEffect(entry)
        return this.#applyFact(entry.fact)
      case 'delivered':
        return this.#applyDelivered(entry)
      case 'paid':
        return this.#applyFact(entry.fact)
      case 'sent':
        this.#unsent.delete(entry.fact)
        return
      default: {
        const unknown: never = entry
        throw new Error(`unknown entry ${JSON.stringify(unknown)}`)
      }
    }
  }

  #applyDone(entry: DoneEntry): void {
    this.#done.set(`${entry.kind} ${entry.key}`, entry)
    if (!entry.effect) return
    this.#addEffect(entry)
    const { quantities = [], parcels = [], backorder } = entry.effect
    if (entry.kind === 'reserve') this.#reserved.set(entry.key, quantities)
    if (backorder) this.#backorders.set(entry.key, entry)
    if (entry.kind === 'release') this.#backorders.delete(entry.key)
    for (const { id, lines } of parcels) {
      if (entry.kind === 'recall') {
        this.#parcels.set(id, { ...this.#parcels.get(id)!, status: 'recalled' })
        continue
      }
      const { organisation, orderNo } = entry
      this.#parcels.set(id, { id, organisation, orderNo, lines, status: 'in_transit', deliveredAt: null })
      pushTo(this.#parcelsOfOrder, orderIdentity(entry), id)
    }
  }

  #applyDelivered({ parcel, at, fact }: DeliveredEntry): void {
    this.#parcels.set(parcel, { ...this.#parcels.get(parcel)!, status: 'delivered', deliveredAt: at })
    this.#applyFact(fact)
  }

  #applyFact(fact: OutgoingFact): void {
    this.#facts.add(fact.id)
    if (fact.copies > 0) this.#unsent.set(fact.id, fact)
  }

  #addEffect(entry: DoneEntry | ArrivedEntry): void {
    this.#effects.push(entry)
    pushTo(this.#effectsOfOrder, entry.orderNo, entry)
  }
}

function orderIdentity(order: { readonly organisation: string; readonly orderNo: string }): string {
  return JSON.stringify([order.organisation, order.orderNo])
}

function pushTo<Value>(lists: Map<string, Value[]>, name: string, value: Value): void {
  const list = lists.get(name)
  if (list) list.push(value)
  else lists.set(name, [value])
}

function addQuantities(some: readonly LineQuantity[], more: readonly LineQuantity[]): LineQuantity[] {
  const sum = new Map(some.map(line => [line.line, line]))
  for (const line of more) {
    sum.set(line.line, { ...line, quantity: line.quantity + (sum.get(line.line)?.quantity ?? 0) })
  }
  return [...sum.values()].sort((one, other) => one.line - other.line)
}
