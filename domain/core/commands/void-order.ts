import { cancelOrder, isClosing } from '../effects/compensate.ts'
import { irreversibleStep } from '../effects/irreversible.ts'
import type { Refusal } from '../input.ts'
import type { Turn } from '../turn.ts'
import { isBound } from './merging.ts'
import { refuse } from './refuse.ts'

/** For an order that should never have been: everything is undone, and it closes as voided. */
export function voidOrder(turn: Turn): Refusal | undefined {
  if (isClosing(turn.state)) return refuse('not_applicable', 'the order is being cancelled already')
  if (isBound(turn.state)) return refuse('not_applicable', 'the orders that come in its place are being begun')
  const past = irreversibleStep(turn.definition, turn.state)
  if (past !== undefined) return refuse('irreversible', `"${past}" has been done and cannot be undone`)
  cancelOrder(turn, 'voided', undefined, 'voided')
  return
}
