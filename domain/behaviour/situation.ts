import { transition } from '../core/decide.ts'
import type { OrderState } from '../core/state.ts'
import type { Status } from '../status.ts'
import { happeningNamed } from './happening.ts'
import { showcase, showcaseOrder } from './showcase.ts'

/** How an order of the showcase process comes into a status. */
export interface Situation {
  readonly name: string
  readonly status: Status
  /** What happened since it was placed, by the names of the behaviour table. */
  readonly history: readonly string[]
}

const told = 'a notice is delivered'
const paid = [told, 'approve', 'do succeeds'] as const
const sent = [...paid, 'do succeeds', 'do succeeds'] as const

export const situations: readonly Situation[] = [
  { name: 'pending_approval', status: 'pending_approval', history: [told] },
  { name: 'pending_payment', status: 'pending_payment', history: [told, 'approve'] },
  { name: 'pending_stock', status: 'pending_stock', history: paid },
  { name: 'pending_stock, a part is there', status: 'pending_stock', history: [...paid, 'do succeeds in part', told] },
  { name: 'pending_shipment', status: 'pending_shipment', history: [...paid, 'do succeeds'] },
  { name: 'in_transit', status: 'in_transit', history: sent },
  { name: 'manual_review of a step', status: 'manual_review', history: [...paid, 'do fails'] },
  { name: 'manual_review of the order', status: 'manual_review', history: [...paid, 'stock.short', told] },
  { name: 'on_hold', status: 'on_hold', history: [told, 'hold', told] },
  { name: 'compensating', status: 'compensating', history: [...sent, 'cancel'] },
  { name: 'manual_review of an undo', status: 'manual_review', history: [...sent, 'cancel', 'undo fails', told] },
  { name: 'completed', status: 'completed', history: [...sent, 'shipment.delivered'] },
  { name: 'cancelled', status: 'cancelled', history: [told, 'reject'] },
  { name: 'voided', status: 'voided', history: [told, 'void'] },
]

const startAt = '2026-03-02T01:00:00.000Z'

/** @throws if something in the history is refused or cannot come. */
export function reach({ name, history }: Situation): OrderState {
  const started = transition(showcase, null, { type: 'start', at: startAt, order: showcaseOrder })
  if (!started.ok) throw new RangeError(started.message)
  let { state } = started
  for (const happening of history) {
    const input = happeningNamed(happening)(state)
    const decision = input === undefined ? undefined : transition(showcase, state, input)
    if (decision === undefined || !decision.ok) throw new RangeError(`${name}: "${happening}" does not come about`)
    state = decision.state
  }
  return state
}

/** What then comes of a happening, as the behaviour table says it; undefined where it cannot come. */
export function outcomeOf(state: OrderState, happening: string): string | undefined {
  const input = happeningNamed(happening)(state)
  if (input === undefined) return undefined
  const decision = transition(showcase, state, input)
  if (!decision.ok) return `refused: ${decision.code}`
  return decision.events.map(event => event.type).join(', ') || 'nothing'
}
