import type { Fact, FactRequest } from '../../domain/fact.ts'
import { exponentOf, isCurrency } from '../../domain/money/currencies.ts'
import { toMinor } from '../../domain/money/money.ts'
import type { Order } from '../../domain/order/order.ts'
import type { FieldError } from '../http/problem.ts'

export type FactReading =
  | { readonly ok: true; readonly fact: Fact }
  | { readonly ok: false; readonly errors: readonly FieldError[] }

/** More than any currency has: what may be wrong with an amount is known for sure only with its order. */
const mostDecimals = 4

/** A posted fact as its order takes it: its time in UTC, its amount in minor units of the order's currency. */
export function readFact(
  { id, source, type, at, data }: FactRequest,
  order: Pick<Order, 'currency' | 'exponent'> | undefined,
): FactReading {
  const { parcel, lines, amount, currency, note } = data
  const claimedAt = storableTime(at)
  if (claimedAt === undefined) return wrong('at', 'is before the year 1')
  const fact = {
    id,
    source,
    type,
    claimedAt,
    ...(parcel === undefined ? {} : { parcel }),
    ...(lines === undefined ? {} : { lines }),
    ...(note === undefined ? {} : { note }),
  }
  if (currency !== undefined && !isCurrency(currency)) return wrong('data.currency', 'not a currency of ISO 4217')
  if (order !== undefined && currency !== undefined && currency !== order.currency) {
    return wrong('data.currency', `the order is in ${order.currency}`)
  }
  if (amount === undefined) return { ok: true, fact }
  const exponent = order?.exponent ?? (currency === undefined ? mostDecimals : exponentOf(currency))
  const minor = toMinor(amount, exponent)
  return minor.ok ? { ok: true, fact: { ...fact, amountMinor: minor.minor } } : wrong('data.amount', minor.reason)
}

function wrong(field: string, message: string): FactReading {
  return { ok: false, errors: [{ field, message }] }
}

/** The same instant in UTC; undefined for what PostgreSQL has no place for (the year 0), and for what is no time. */
export function storableTime(at: string): string | undefined {
  const instant = new Date(at)
  if (Number.isNaN(instant.getTime())) return
  const utc = instant.toISOString()
  return /^\d{4}-/.test(utc) && !utc.startsWith('0000') ? utc : undefined
}
