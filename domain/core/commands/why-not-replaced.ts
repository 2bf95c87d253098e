import { irreversibleStep } from '../effects/irreversible.ts'
import type { Refusal } from '../input.ts'
import { stepNamed, type Turn } from '../turn.ts'
import { refuse } from './refuse.ts'

/** Why other orders may not come in the place of this one now. */
export function whyNotReplaced(turn: Turn, unless?: 'merging'): Refusal | undefined {
  const { definition, state } = turn
  if (unless === undefined && state.merging !== undefined) {
    return refuse('not_applicable', 'the order is becoming one with others')
  }
  if (state.flow === 'return') return refuse('not_applicable', 'a return is as it is: place another one instead')
  if (state.compensation !== null) return refuse('not_applicable', 'the order is being undone')
  // No part would have it.
  if (Object.keys(state.holds).length > 0) return refuse('not_applicable', 'the order is held: release it first')
  if (state.lines.some(line => line.shipped > 0)) return refuse('already_shipped', 'goods of it have been shipped')
  if (state.money.capturedMinor > state.money.refundedMinor) {
    return refuse('money_captured', 'money has been captured: only what is reserved or authorised is done anew')
  }
  const past = irreversibleStep(definition, state)
  if (past !== undefined) return refuse('irreversible', `"${past}" has been done and cannot be undone`)
  const open = Object.values(state.calls).find(call => call.kind === 'do' && isFinal(turn, call.step))
  if (open === undefined) return
  return refuse('not_applicable', `what becomes of "${open.step}" is not known yet`)
}

function isFinal({ definition }: Turn, id: string): boolean {
  const step = stepNamed(definition, id)
  if (step === undefined || step.kind !== 'call') return false
  return step.irreversible || step.effect === 'ship' || step.effect === 'capture'
}
