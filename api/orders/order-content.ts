import { exponentOf } from '../../domain/money/currencies.ts'
import { toDecimal, toMinor } from '../../domain/money/money.ts'
import type { OrderRequest } from '../../domain/order/order-request.ts'
import { hashOf } from '../http/idempotency.ts'

/** What a request says, whatever way it says it (`10`, `"10.0"`): the same content is the same order. */
export interface OrderContent {
  readonly orderNo: string
  readonly process: string
  readonly customer: OrderRequest['customer']
  readonly currency: string
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: string }[]
  readonly charges: readonly { readonly type: string; readonly amount: string }[]
  readonly attributes: Readonly<Record<string, unknown>>
  readonly returnOf: string | null
}

export const defaultProcess = 'sales'

export function contentOf(request: OrderRequest): OrderContent {
  const exponent = exponentOf(request.currency)
  const decimal = (amount: string | number): string => {
    const minor = toMinor(amount, exponent)
    return minor.ok ? toDecimal(minor.minor, exponent) : String(amount)
  }
  return {
    orderNo: request.orderNo,
    process: request.process ?? defaultProcess,
    customer: request.customer,
    currency: request.currency,
    lines: request.lines.map(({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice: decimal(unitPrice) })),
    charges: (request.charges ?? []).map(({ type, amount }) => ({ type, amount: decimal(amount) })),
    attributes: request.attributes ?? {},
    returnOf: request.returnOf ?? null,
  }
}

/** What the whole order costs, charges included, in minor units. */
export function contentTotalMinor({ lines, charges, currency }: OrderContent): number {
  const exponent = exponentOf(currency)
  const minorOf = (amount: string): number => {
    const minor = toMinor(amount, exponent)
    return minor.ok ? minor.minor : 0
  }
  const goods = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * minorOf(unitPrice), 0)
  const signed = (type: string, amount: string) => (type === 'discount' ? -minorOf(amount) : minorOf(amount))
  return charges.reduce((sum, { type, amount }) => sum + signed(type, amount), goods)
}

export function contentHash(content: OrderContent): string {
  return hashOf(content)
}

export interface Difference {
  readonly field: string
  /** Null: there is no such field. */
  readonly stored: unknown
  readonly sent: unknown
}

const mostDifferences = 50

/** Where two contents differ, field by field. */
export function differences(stored: unknown, sent: unknown): Difference[] {
  return differ(stored, sent, []).slice(0, mostDifferences)
}

function differ(stored: unknown, sent: unknown, path: readonly string[]): Difference[] {
  if (isContainer(stored) && isContainer(sent) && Array.isArray(stored) === Array.isArray(sent)) {
    const keys = [...new Set([...Object.keys(stored), ...Object.keys(sent)])]
    return keys.flatMap(key => differ(ownValue(stored, key), ownValue(sent, key), [...path, key]))
  }
  if (Object.is(stored, sent)) return []
  return [{ field: path.join('.'), stored: stored ?? null, sent: sent ?? null }]
}

type Container = Readonly<Record<string, unknown>>

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

function ownValue(container: Container, key: string): unknown {
  return Object.hasOwn(container, key) ? container[key] : undefined
}
