import type { CallResult, LineQuantity } from '../call.ts'
import type { Effect } from '../operation.ts'
import type { Ledger } from './effect.ts'
import type { AppliedEffect } from './event.ts'
import type { CallState, LineState, StepState } from './state.ts'

/** What a successful call did. `problem`: the outside system reports more, or other things, than it was asked. */
export interface Reported {
  readonly effect: AppliedEffect
  readonly problem?: string
  /** Less than asked. */
  readonly short?: LineQuantity[]
}

/** The effect of a `do`; what the answer does not mention is what was asked. Never more than asked is booked. */
export function doEffect(effect: Effect, call: CallState, result: CallResult): Reported {
  switch (effect) {
    case 'authorise':
    case 'capture':
    case 'refund':
    case 'void': {
      const asked = call.input.amountMinor ?? 0
      const done = result.amountMinor ?? asked
      // Of a success that makes no sense all that was asked is booked, so that an undo takes back enough.
      const booked: AppliedEffect = { effect, amountMinor: isCount(done) ? Math.min(asked, done) : asked }
      if (done === asked) return { effect: booked }
      return { effect: booked, problem: `asked for ${asked} minor units, ${call.operation} reports ${done}` }
    }
    case 'reserve':
    case 'release':
    case 'ship':
    case 'recall':
      return linesEffect(effect, call, result)
    case 'none':
      return { effect: { effect: 'none' } }
    default:
      return effect satisfies never
  }
}

function linesEffect(effect: 'reserve' | 'release' | 'ship' | 'recall', call: CallState, result: CallResult): Reported {
  const asked = call.input.lines ?? []
  const reported = result.lines ?? (result.parcels === undefined ? asked : result.parcels.flatMap(({ lines }) => lines))
  const booked: LineQuantity[] = []
  const short: LineQuantity[] = []
  let problem: string | undefined
  for (const line of asked) {
    const done = quantityOf(reported, line.line)
    const sound = isCount(done) && done <= line.quantity
    if (!sound) problem = `asked for ${line.quantity} of ${line.sku}, ${call.operation} reports ${done}`
    const quantity = sound ? done : line.quantity
    if (quantity > 0) booked.push({ line: line.line, sku: line.sku, quantity })
    if (quantity < line.quantity) short.push({ line: line.line, sku: line.sku, quantity: line.quantity - quantity })
  }
  const stranger = reported.find(other => !asked.some(line => line.line === other.line))
  if (stranger !== undefined)
    problem = `${call.operation} reports line ${stranger.line} (${stranger.sku}), not asked for`
  const parcels =
    effect === 'ship' && booked.length > 0
      ? { parcels: packed(result.parcels ?? [{ id: result.reference ?? call.key, lines: booked }], booked) }
      : {}
  return {
    effect: { effect, lines: booked, ...parcels },
    ...(problem === undefined ? {} : { problem }),
    ...(short.length === 0 ? {} : { short }),
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

function quantityOf(lines: readonly LineQuantity[], line: number): number {
  return lines.reduce((sum, other) => (other.line === line ? sum + other.quantity : sum), 0)
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** An undo that took back less than was done is not confirmed. */
export function undoProblem(asked: AppliedEffect, result: CallResult): string | undefined {
  if (result.amountMinor !== undefined && !(result.amountMinor >= (asked.amountMinor ?? 0))) {
    return `${asked.amountMinor} minor units were to be taken back, ${result.amountMinor} were`
  }
  const { lines } = result
  const short = lines && asked.lines?.find(line => !(quantityOf(lines, line.line) >= line.quantity))
  return short && `${short.quantity} of ${short.sku} were to be taken back, ${quantityOf(lines, short.line)} were`
}

/** What a confirmed undo takes back: what the step did; nothing where it was not known to have done anything. */
export function undoEffect(effect: Effect, step: StepState, ledger: Ledger): AppliedEffect {
  if (step.effect !== 'done' || step.did === undefined) return { effect: 'none' }
  const { amountMinor = 0, lines = [], parcels = [] } = step.did
  const { money } = ledger
  switch (effect) {
    case 'void':
      // What was captured is no longer an open authorisation: its refund takes that back.
      return { effect, amountMinor: Math.min(amountMinor, money.authorisedMinor - money.capturedMinor) }
    case 'refund':
      return { effect, amountMinor: Math.min(amountMinor, money.capturedMinor - money.refundedMinor) }
    case 'release':
      return { effect, lines: atMost(lines, ledger, line => line.reserved - line.shipped) }
    case 'recall': {
      const onTheWay = parcels.filter(({ id }) => ledger.parcels[id]?.state !== 'delivered')
      return { effect, lines: atMost(lines, ledger, line => line.shipped - line.delivered), parcels: onTheWay }
    }
    case 'authorise':
    case 'capture':
    case 'reserve':
    case 'ship':
    case 'none':
      return { effect: 'none' }
    default:
      return effect satisfies never
  }
}

/** What has gone further cannot come back from here. */
function atMost(lines: readonly LineQuantity[], ledger: Ledger, limit: (line: LineState) => number): LineQuantity[] {
  const back: LineQuantity[] = []
  for (const line of ledger.lines) {
    const quantity = Math.min(quantityOf(lines, line.line), limit(line))
    if (quantity > 0) back.push({ line: line.line, sku: line.sku, quantity })
  }
  return back
}
