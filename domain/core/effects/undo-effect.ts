import type { CallResult, LineQuantity } from '../../call.ts'
import type { Effect } from '../../operation.ts'
import type { AppliedEffect } from '../events/event.ts'
import type { LineState, StepState } from '../state.ts'
import type { Ledger } from './effect.ts'
import { quantityOf } from './result-effect.ts'

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
      const back = atMost(lines, ledger, line => line.shipped - line.delivered)
      const implied = atMost(step.did.implied ?? [], ledger, line => reservedBeyond(line, back))
      return { effect, lines: back, parcels: onTheWay, ...(implied.length > 0 && { implied }) }
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

/** What is reserved of a line, and not for what stays away. */
function reservedBeyond({ line, reserved, shipped }: LineState, back: readonly LineQuantity[]): number {
  return reserved - (shipped - quantityOf(back, line))
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
