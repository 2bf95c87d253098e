import { exponentOf, isCurrency } from './currencies.ts'

/*
 * Money is a whole number of minor units (cents, fen) inside and a decimal at the edge. Nothing here calculates with
 * fractions: amounts are read from and written as their decimal text.
 */

/** An amount in minor units of an ISO 4217 currency. */
export interface Money {
  readonly minor: number
  readonly currency: string
  readonly exponent: number
}

export type Minor = { readonly ok: true; readonly minor: number } | { readonly ok: false; readonly reason: string }

const decimal = /^(-?)(\d+)(?:\.(\d+))?$/

/**
 * The minor units of an amount in units of its currency, `"12.50"` or `12.5` with exponent 2 being 1250. A number
 * counts as the decimal text that JavaScript writes for it, so 0.1 + 0.2 has too many decimals. Refused: more decimals
 * than the currency has, negative amounts unless allowed, and what could not be counted exactly.
 */
export function toMinor(
  amount: string | number,
  exponent: number,
  options: { readonly negative?: boolean } = {},
): Minor {
  const parts = decimal.exec(String(amount))
  if (parts === null) return refusal('an amount is written like 10000.00: digits, and a point before the decimals')
  const [, sign, whole, decimals = ''] = parts as unknown as [string, string, string, string?]
  if (decimals.length > exponent) {
    return refusal(exponent === 0 ? 'this currency has no decimals' : `this currency has at most ${exponent} decimals`)
  }
  const minor = Number(whole + decimals.padEnd(exponent, '0'))
  if (!Number.isSafeInteger(minor)) return refusal('an amount this large cannot be counted exactly')
  if (sign === '' || minor === 0) return { ok: true, minor }
  return options.negative === true ? { ok: true, minor: -minor } : refusal('an amount must not be negative')
}

function refusal(reason: string): { ok: false; reason: string } {
  return { ok: false, reason }
}

/** The decimal text of an amount with all of its currency's digits: `10000.00`. */
export function toDecimal(minor: number, exponent: number): string {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0')
  const point = digits.length - exponent
  const sign = minor < 0 ? '-' : ''
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** `10000.00 CNY`. */
export function moneyText(money: Money): string {
  return `${toDecimal(money.minor, money.exponent)} ${money.currency}`
}

/** Reads `10000.00 CNY` or `10000 CNY`: an amount that is not negative, one space, an ISO 4217 code. */
export function parseMoney(
  text: string,
): { readonly ok: true; readonly money: Money } | { readonly ok: false; readonly reason: string } {
  const space = text.lastIndexOf(' ')
  const currency = text.slice(space + 1)
  if (space < 1) return refusal('money is written like "10000.00 CNY"')
  if (!isCurrency(currency)) return refusal(`"${currency}" is not a currency of ISO 4217`)
  const exponent = exponentOf(currency)
  const amount = toMinor(text.slice(0, space), exponent)
  return amount.ok ? { ok: true, money: { minor: amount.minor, currency, exponent } } : amount
}

/** The sum of amounts in minor units; undefined as soon as it could not be counted exactly. */
export function sumMinor(amounts: Iterable<number>): number | undefined {
  let sum = 0
  for (const amount of amounts) {
    sum += amount
    if (!Number.isSafeInteger(sum)) return undefined
  }
  return sum
}
