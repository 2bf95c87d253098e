import type { CallResult, LineQuantity } from '../../call.ts'
import type { Effect } from '../../operation.ts'
import type { AppliedEffect } from '../events/event.ts'
import type { CallState, LineState, MoneyState } from '../state.ts'
import { type Ledger, withImplied } from './effect.ts'

/**
 * What a successful call did. `problem`: the outside system reports more, or other things, than it was asked, or the
 * order has no room for it any more.
 */
export interface Reported {
  readonly effect: AppliedEffect
  readonly problem?: string
  /** Less than asked. */
  readonly short?: LineQuantity[]
}

/**
 * The effect of a `do`; what the answer does not mention is what was asked. No more than asked is booked, and no more
 * than the order has room for by now: its undo goes by the key, and takes back all of it.
 */
export function doEffect(effect: Effect, call: CallState, result: CallResult, ledger: Ledger): Reported {
  switch (effect) {
    case 'authorise':
    case 'capture':
    case 'refund':
    case 'void':
      return moneyEffect(effect, call, result, ledger.money)
    case 'reserve':
    case 'release':
    case 'ship':
    case 'recall':
      return linesEffect(effect, call, result, ledger.lines)
    case 'none':
      return { effect: { effect: 'none' } }
    default:
      return effect satisfies never
  }
}

type MoneyEffect = 'authorise' | 'capture' | 'refund' | 'void'
type LinesEffect = 'reserve' | 'release' | 'ship' | 'recall'

function moneyEffect(effect: MoneyEffect, call: CallState, result: CallResult, money: MoneyState): Reported {
  const asked = call.input.amountMinor ?? 0
  const done = result.amountMinor ?? asked
  // Of a success that makes no sense all that was asked is booked, so that an undo takes back enough.
  const booked = isCount(done) ? Math.min(asked, done) : asked
  const amountMinor = Math.min(booked, moneyRoom(effect, money))
  if (done === asked && amountMinor === asked) return { effect: { effect, amountMinor } }
  const problem = `asked for ${asked} minor units, ${call.operation} reports ${done}`
  return {
    effect: { effect, amountMinor },
    problem: amountMinor === booked ? problem : `${problem}, and ${amountMinor} are left to ${effect}`,
  }
}

function moneyRoom(effect: MoneyEffect, { authorisedMinor, capturedMinor, refundedMinor }: MoneyState): number {
  switch (effect) {
    case 'authorise':
      return Number.MAX_SAFE_INTEGER - authorisedMinor
    case 'capture':
    case 'void':
      return authorisedMinor - capturedMinor
    case 'refund':
      return capturedMinor - refundedMinor
  }
}

function linesEffect(effect: LinesEffect, call: CallState, result: CallResult, lines: readonly LineState[]): Reported {
  const asked = call.input.lines ?? []
  const reported = result.lines ?? (result.parcels === undefined ? asked : result.parcels.flatMap(({ lines }) => lines))
  const booked: LineQuantity[] = []
  const short: LineQuantity[] = []
  let problem: string | undefined
  for (const { line, sku, quantity } of asked) {
    const done = quantityOf(reported, line)
    const sound = isCount(done) && done <= quantity
    if (!sound) problem = `asked for ${quantity} of ${sku}, ${call.operation} reports ${done}`
    const room = linesRoom(effect, lines[line - 1])
    const most = sound ? done : quantity
    if (most > room) problem = `${call.operation} reports ${most} of ${sku}, and ${room} are left to ${effect}`
    if (Math.min(most, room) > 0) booked.push({ line, sku, quantity: Math.min(most, room) })
    if (most < quantity) short.push({ line, sku, quantity: quantity - most })
  }
  const stranger = reported.find(other => !asked.some(line => line.line === other.line))
  if (stranger !== undefined) {
    problem = `${call.operation} reports line ${stranger.line} (${stranger.sku}), not asked for`
  }
  const parcels =
    effect === 'ship' && booked.length > 0
      ? { parcels: packed(result.parcels ?? [{ id: result.reference ?? call.key, lines: booked }], booked) }
      : {}
  const applied = { effect, lines: booked, ...parcels }
  return {
    effect: effect === 'ship' ? withImplied(applied, lines) : applied,
    ...(problem === undefined ? {} : { problem }),
    ...(short.length === 0 ? {} : { short }),
  }
}

function linesRoom(effect: LinesEffect, line: LineState | undefined): number {
  if (line === undefined) return 0
  const { ordered, cancelled, reserved, shipped, delivered } = line
  switch (effect) {
    case 'reserve':
      return ordered - cancelled - reserved
    case 'release':
      return reserved - shipped
    case 'ship':
      return ordered - cancelled - shipped
    case 'recall':
      return shipped - delivered
  }
}

/** The parcels as reported, with no more in them than was shipped; what no parcel mentions is in the last one. */
function packed(reported: NonNullable<CallResult['parcels']>, shipped: readonly LineQuantity[]) {
  const left = shipped.map(line => ({ ...line }))
  const parcels = reported.map(({ id, lines }) => ({
    id,
    lines: left.flatMap(line => {
      const inside = quantityOf(lines, line.line)
      const quantity = isCount(inside) ? Math.min(line.quantity, inside) : 0
      line.quantity -= quantity
      return quantity > 0 ? [{ line: line.line, sku: line.sku, quantity }] : []
    }),
  }))
  parcels.at(-1)?.lines.push(...left.filter(line => line.quantity > 0))
  return parcels.filter(({ lines }) => lines.length > 0)
}

/** How much of a line there is in a list. */
export function quantityOf(lines: readonly LineQuantity[], line: number): number {
  return lines.reduce((sum, other) => (other.line === line ? sum + other.quantity : sum), 0)
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
