import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import { transition } from '../decide.ts'
import { type PendingCall, pending } from '../pending.ts'
import type { OrderState } from '../state.ts'

/**
 * The calls that are ready, or become so by each other's success, in the order in which they may be done: found by
 * letting the core itself suppose that each comes off as asked. An operation that must not be repeated is in no run, nor
 * is what waits for it.
 */
export function planRun(definition: CompiledDefinition, state: OrderState, at: string): PendingCall[] {
  const plan: PendingCall[] = []
  let supposed = state
  for (;;) {
    const next = pending(definition, supposed).calls.find(
      call => call.id.endsWith('/do') && !call.cancel && call.isRepeatable && !plan.some(({ id }) => id === call.id),
    )
    if (next === undefined) return plan
    plan.push(next)
    const { step, round } = next.request
    const decision = transition(definition, supposed, {
      type: 'result',
      at,
      call: { step, round, kind: 'do' },
      outcome: { ok: true, result: {} },
    })
    if (!decision.ok) return plan
    supposed = decision.state
  }
}
