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
      const booked: AppliedEffect = { effect, amountMinor: Math.min(asked, Math.max(0, done)) }
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
    const done = reported.filter(other => other.line === line.line).reduce((sum, other) => sum + other.quantity, 0)
    if (done > line.quantity) problem = `asked for ${line.quantity} of ${line.sku}, ${call.operation} reports ${done}`
    const quantity = Math.max(0, Math.min(done, line.quantity))
    if (quantity > 0) booked.push({ line: line.line, sku: line.sku, quantity })
    if (quantity < line.quantity) short.push({ line: line.line, sku: line.sku, quantity: line.quantity - quantity })
  }
  const stranger = reported.find(other => !asked.some(line => line.line === other.line))
  if (stranger !== undefined)
    problem = `${call.operation} reports line ${stranger.line} (${stranger.sku}), not asked for`
  const parcels =
    effect === 'ship' ? { parcels: plain(result.parcels ?? [{ id: result.reference ?? call.key, lines: booked }]) } : {}
  return {
    effect: { effect, lines: booked, ...parcels },
    ...(problem === undefined ? {} : { problem }),
    ...(short.length === 0 ? {} : { short }),
  }
}

const plain = (parcels: NonNullable<CallResult['parcels']>) =>
  parcels.map(({ id, lines }) => ({ id, lines: lines.map(line => ({ ...line })) }))

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
    case 'recall':
      return { effect, lines: atMost(lines, ledger, line => line.shipped - line.delivered), parcels }
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
    const done = lines.filter(other => other.line === line.line).reduce((sum, other) => sum + other.quantity, 0)
    const quantity = Math.min(done, limit(line))
    if (quantity > 0) back.push({ line: line.line, sku: line.sku, quantity })
  }
  return back
}
