import { createHash } from 'node:crypto'
import { giveMoneyBack, takeMoney } from './bank.ts'
import type { GoodsBody, MoneyBody, OrderBody, RefundBody, ShipmentBody } from './body.ts'
import type { Book } from './book.ts'
import { createShipment, recallParcels } from './carrier.ts'
import { type Answer, type DoneEntry, type Kind, undoOf } from './entry.ts'
import type { Outcome } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { releaseStock, reserveStock } from './warehouse.ts'

/** One call of an operation, its body already checked. */
export type Operation =
  | { readonly kind: 'authorise' | 'capture'; readonly body: MoneyBody }
  | { readonly kind: 'refund'; readonly body: RefundBody }
  | { readonly kind: 'reserve'; readonly body: GoodsBody }
  | { readonly kind: 'ship'; readonly body: ShipmentBody }
  | { readonly kind: 'void' | 'release' | 'recall'; readonly body: OrderBody }

export interface Performed {
  readonly answer: Answer
  /** To be written down; absent when the key was answered before. */
  readonly entry?: DoneEntry
}

/**
 * Performs an operation once for each key. The undo of a key bars it: a do that comes after it, or again after it,
 * is refused, since what it would report as done has been taken back.
 */
export function operate(
  book: Book,
  operation: Operation,
  key: string,
  at: string,
  isShort: (sku: string) => boolean,
): Performed {
  const { kind, body } = operation
  const { organisation, orderNo } = body
  const done = undoneBy(kind, key, book)
  const standalone = operation.kind === 'refund' && operation.body.standalone === true && done === undefined
  // An undo is about what its key did, whatever else its body says.
  const subject = isUndo(kind) && !standalone ? { organisation, orderNo } : body
  const fingerprint = createHash('sha256').update(JSON.stringify(subject)).digest('base64url')

  const earlier = book.done(kind, key)
  if (earlier && earlier.fingerprint !== fingerprint) throw keyReused(key)
  if (done && (done.organisation !== organisation || done.orderNo !== orderNo)) throw keyReused(key)
  if (isBarred(kind, key, book))
    throw new Refusal(409, 'barred', `${key} has been taken back and cannot be done any more`)
  if (earlier) return { answer: earlier.answer }

  const { answer, effect } = perform(operation, key, book, isShort, standalone ? undefined : done)
  const entry: DoneEntry = {
    type: 'done',
    kind,
    key,
    organisation,
    orderNo,
    at,
    fingerprint,
    answer,
    ...(effect ? { effect } : {}),
  }
  return { answer, entry }
}

/** What became of a key: its answer, or undefined when it was never done. Refused with `barred` once it was undone. */
export function lookUp(book: Book, kind: Kind, key: string): Answer | undefined {
  if (isBarred(kind, key, book)) throw new Refusal(409, 'barred', `${key} has been taken back`)
  return book.done(kind, key)?.answer
}

function perform(
  operation: Operation,
  key: string,
  book: Book,
  isShort: (sku: string) => boolean,
  done: DoneEntry | undefined,
): Outcome {
  const reference = referenceOf(operation.kind, key)
  switch (operation.kind) {
    case 'authorise':
    case 'capture':
      return takeMoney(operation.body, reference)
    case 'void':
      return giveMoneyBack(done, reference)
    case 'refund':
      return operation.body.standalone && !done
        ? takeMoney(amountToRefund(operation.body), reference)
        : giveMoneyBack(done, reference)
    case 'reserve':
      return reserveStock(operation.body, isShort, reference)
    case 'release':
      return releaseStock(book.reserved(key), reference)
    case 'ship':
      return createShipment(operation.body, reference)
    case 'recall':
      return recallParcels(
        (done?.effect?.parcels ?? []).map(parcel => book.parcel(parcel.id)!),
        reference,
      )
    default: {
      const unknown: never = operation
      throw new Error(`unknown operation ${JSON.stringify(unknown)}`)
    }
  }
}

function amountToRefund({ amount, currency }: RefundBody): { amount: string; currency: string } {
  if (amount === undefined || currency === undefined) {
    throw new Refusal(422, 'invalid', 'a refund of its own needs amount and currency')
  }
  return { amount, currency }
}

function isUndo(kind: Kind): boolean {
  return Object.values(undoOf).includes(kind)
}

function undoneBy(kind: Kind, key: string, book: Book): DoneEntry | undefined {
  const doneKind = (Object.keys(undoOf) as Kind[]).find(candidate => undoOf[candidate] === kind)
  return doneKind && book.done(doneKind, key)
}

function isBarred(kind: Kind, key: string, book: Book): boolean {
  const undo = undoOf[kind]
  return undo !== undefined && book.done(undo, key) !== undefined
}

function keyReused(key: string): Refusal {
  return new Refusal(409, 'key_reused', `${key} was used for something else`)
}

/** Made from the key, so that a reference never depends on what else was going on. */
function referenceOf(kind: Kind, key: string): string {
  return `${kind}-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`
}
