import type { Input } from '../input.ts'
import { isRepeatable } from '../pending.ts'
import { emit, type Turn } from '../turn.ts'
import { takeCall } from './take-call.ts'

/**
 * The order's workflow was lost, and it goes on from the last that is known of it. What was under way is begun anew by the same
 * keys, and told again; a call that may be made only once may have been made.
 */
export function takeRestored(turn: Turn, { reason, lost }: Extract<Input, { type: 'restored' }>): void {
  if (turn.state.closed !== null) return
  turn.reason = reason
  emit(turn, 'order.restored', { lost })
  for (const call of Object.values(turn.state.calls))
    if (!isRepeatable(turn.definition, call)) takeCall(turn, call, wasUnderWay)
}

const wasUnderWay = {
  ok: false,
  code: 'lost',
  message: "it was under way when the order's workflow was lost, and may not be made twice",
  certainty: 'unknown',
} as const
