import { toMinor } from '../../money/money.ts'
import { type Charge, type Order, type OrderLine, totalMinor } from '../../order/order.ts'
import type { Changes } from '../../order/order-request.ts'
import { payableMinor } from '../effects/outstanding.ts'
import type { LineState, OrderState } from '../state.ts'

/* What an amend makes of an order's content. What has to follow from it is in amend-plan.ts. */

/** The parts of an order that an amend is about, as they are before or after it. */
export interface Amendment {
  /** Quantities are what is wanted: of a line that is new there is nothing before. */
  readonly lines?: readonly OrderLine[]
  readonly charges?: readonly Charge[]
  /** Null: there is none of that name. */
  readonly attributes?: Readonly<Record<string, unknown>>
}

export type Amended =
  | { readonly ok: true; readonly before: Amendment; readonly after: Amendment }
  | { readonly ok: false; readonly reason: string; readonly field: string }

const mostLines = 1000

/** Reads what is asked for against the order as it is; parts that stay as they are drop out. */
export function amendmentOf(state: OrderState, changes: Changes): Amended {
  const { order } = state
  const lines = amendedLines(state, changes.lines ?? [])
  if (!lines.ok) return lines
  const charges = changes.charges === undefined ? undefined : chargesOf(order, changes.charges)
  if (charges !== undefined && !Array.isArray(charges)) return charges as Exclude<Amended, { ok: true }>
  const attributes = changedAttributes(order, changes.attributes ?? {})
  const others = charges !== undefined && !same(charges, order.charges) ? charges : undefined
  const part = (line: OrderLine[], charge: readonly Charge[] | undefined, side: 0 | 1): Amendment => ({
    ...(lines.after.length === 0 ? {} : { lines: line }),
    ...(charge === undefined ? {} : { charges: charge }),
    ...(attributes.length === 0
      ? {}
      : { attributes: Object.fromEntries(attributes.map(([name, values]) => [name, values[side]])) }),
  })
  const after = part(lines.after, others, 1)
  const flaw = flawOfWhole(state, after)
  if (flaw !== undefined) return flaw
  return { ok: true, before: part(lines.before, others && order.charges, 0), after }
}

export function changesNothing({ lines, charges, attributes }: Amendment): boolean {
  return lines === undefined && charges === undefined && attributes === undefined
}

function bad(field: string, reason: string): { ok: false; field: string; reason: string } {
  return { ok: false, field: `changes.${field}`, reason }
}

type Lines = { readonly ok: true; readonly before: OrderLine[]; readonly after: OrderLine[] }

function amendedLines(state: OrderState, asked: NonNullable<Changes['lines']>): Lines | ReturnType<typeof bad> {
  const { order } = state
  const before: OrderLine[] = []
  const after: OrderLine[] = []
  const named = new Set<number>()
  let last = order.lines.length
  for (const [index, change] of asked.entries()) {
    const price = change.unitPrice === undefined ? undefined : toMinor(change.unitPrice, order.exponent)
    if (price !== undefined && !price.ok) return bad(`lines.${index}.unitPrice`, price.reason)
    if (!('line' in change)) {
      last += 1
      after.push({ line: last, sku: change.sku, quantity: change.quantity, unitPriceMinor: price?.minor ?? 0 })
      continue
    }
    const old = order.lines[change.line - 1]
    if (old === undefined) return bad(`lines.${index}.line`, `the order has no line ${change.line}`)
    if (named.has(change.line)) return bad(`lines.${index}.line`, `line ${change.line} is named twice`)
    named.add(change.line)
    const wanted = wantedOf(state.lines[change.line - 1]!)
    const { sku } = old
    const line = {
      line: change.line,
      sku,
      quantity: change.quantity ?? wanted,
      unitPriceMinor: price?.minor ?? old.unitPriceMinor,
    }
    const stays = change.quantity === undefined || (change.quantity === wanted && change.quantity === old.quantity)
    if (stays && line.unitPriceMinor === old.unitPriceMinor) continue
    before.push({ ...old, quantity: wanted })
    after.push(line)
  }
  if (last > mostLines) return bad('lines', `an order has at most ${mostLines} lines`)
  return { ok: true, before, after }
}

function chargesOf(order: Order, asked: NonNullable<Changes['charges']>): Charge[] | ReturnType<typeof bad> {
  const charges: Charge[] = []
  for (const [index, { type, amount }] of asked.entries()) {
    const minor = toMinor(amount, order.exponent)
    if (!minor.ok) return bad(`charges.${index}.amount`, minor.reason)
    charges.push({ type, amountMinor: type === 'discount' ? -minor.minor : minor.minor })
  }
  return charges
}

function changedAttributes(
  { attributes }: Order,
  asked: Readonly<Record<string, unknown>>,
): [string, readonly [unknown, unknown]][] {
  return Object.entries(asked).flatMap(([name, value]): [string, readonly [unknown, unknown]][] => {
    const old = Object.hasOwn(attributes, name) ? (attributes[name] ?? null) : null
    return same(old, value) ? [] : [[name, [old, value]]]
  })
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function flawOfWhole(state: OrderState, after: Amendment): ReturnType<typeof bad> | undefined {
  const { order } = withContent(state, after)
  const total = totalMinor(order)
  if (!Number.isSafeInteger(total)) return bad('lines', 'the total is too large to be counted exactly')
  const isGoods = order.lines.some(({ quantity }) => quantity > 0)
  if (isGoods && total < 0) return bad('charges', 'the discounts are larger than the order')
  return order.returnOf === undefined ? undefined : beyondReturn(order, order.returnOf)
}

/** A return gives back no more than it could when it was placed. */
function beyondReturn(order: Order, { ceilings, refundableMinor }: NonNullable<Order['returnOf']>) {
  for (const { sku } of order.lines) {
    const asked = order.lines.reduce((sum, line) => (line.sku === sku ? sum + line.quantity : sum), 0)
    const most = ceilings.find(ceiling => ceiling.sku === sku)?.quantity ?? 0
    if (asked > most) return bad('lines', `at most ${most} of ${sku} can be given back`)
  }
  if (totalMinor(order) <= refundableMinor) return undefined
  return bad('lines', 'they are worth more than was paid for the order and has not been paid back')
}

export function wantedOf({ ordered, cancelled }: LineState): number {
  return ordered - cancelled
}

/** What is ordered of a line only grows, and what is not wanted any more is cancelled: the order after `order.amended`. */
export function withContent(state: OrderState, { lines = [], charges, attributes }: Amendment): OrderState {
  const content = [...state.order.lines]
  const quantities = [...state.lines]
  for (const line of lines) {
    const index = line.line - 1
    content[index] = line
    const old = quantities[index] ?? { ...untouched, line: line.line, sku: line.sku }
    quantities[index] = { ...old, ordered: old.ordered + Math.max(0, line.quantity - wantedOf(old)) }
  }
  const order = {
    ...state.order,
    lines: content,
    ...(charges === undefined ? {} : { charges }),
    ...(attributes === undefined ? {} : { attributes: merged(state.order.attributes, attributes) }),
  }
  return { ...state, order, lines: quantities }
}

const untouched = { ordered: 0, reserved: 0, shipped: 0, delivered: 0, returned: 0, cancelled: 0 }

function merged(old: Readonly<Record<string, unknown>>, changed: Readonly<Record<string, unknown>>) {
  const kept = Object.entries(old).filter(([name]) => !Object.hasOwn(changed, name))
  return Object.fromEntries([...kept, ...Object.entries(changed).filter(([, value]) => value !== null)])
}

/** What is asked for no more, and not yet cancelled: it may have to come back first. */
export function unwantedLines({ order, lines }: OrderState): { line: number; sku: string; quantity: number }[] {
  return lines
    .map((line, index) => ({
      line: line.line,
      sku: line.sku,
      quantity: wantedOf(line) - (order.lines[index]?.quantity ?? 0),
    }))
    .filter(({ quantity }) => quantity > 0)
}

/** The order as it will be once everything that an amend takes back has come back. */
export function amendedState(state: OrderState, after: Amendment): OrderState {
  const amended = withContent(state, after)
  const less = unwantedLines(amended)
  return {
    ...amended,
    lines: amended.lines.map(line => {
      const quantity = less.find(other => other.line === line.line)?.quantity ?? 0
      return quantity === 0 ? line : { ...line, cancelled: line.cancelled + quantity }
    }),
  }
}

/** What the order would cost, and by how much that differs from what it costs now: for the permission matrix. */
export function amendedAmounts(state: OrderState, changes: Changes): { totalMinor: number; changeMinor: number } {
  const amended = amendmentOf(state, changes)
  if (!amended.ok) return { totalMinor: totalMinor(state.order), changeMinor: 0 }
  const after = amendedState(state, amended.after)
  return { totalMinor: totalMinor(after.order), changeMinor: Math.abs(payableMinor(after) - payableMinor(state)) }
}
