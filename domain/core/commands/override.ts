import type { Fact } from '../../fact.ts'
import { toMinor } from '../../money/money.ts'
import { overpaidMinor } from '../effects/outstanding.ts'
import { resolveOverpaid } from '../effects/overpaid.ts'
import type { Refusal } from '../input.ts'
import { takeFact } from '../inputs/take-fact.ts'
import type { OrderState } from '../state.ts'
import { emit, type Turn } from '../turn.ts'
import type { Command } from './command.ts'
import { overrideStep } from './override-step.ts'
import { refuse } from './refuse.ts'
import { writeOff } from './write-off.ts'

export type Override = Extract<Command, { type: 'override' }>

/** What a person says in an outside system's place. */
const facts = {
  shipped: 'shipment.shipped',
  delivered: 'shipment.delivered',
  lost: 'shipment.lost',
  reserved: 'stock.reserved',
  paid: 'payment.received',
} as const

/** Sets an order right about what the world has done already; sums that it would break are refused. */
export function override(turn: Turn, command: Override): Refusal | undefined {
  const { status, evidence } = command
  switch (status) {
    case 'shipped':
    case 'delivered':
    case 'lost':
    case 'reserved':
    case 'paid':
      emit(turn, 'override.made', { status, evidence })
      return report(turn, factOf(turn, command, facts[status]))
    case 'refunded':
      return refunded(turn, command)
    case 'written_off':
      return writeOff(turn, command)
    case 'done':
    case 'not_done':
    case 'undone':
    case 'kept':
      return overrideStep(turn, command, status, amountOf(turn.state, command))
    default:
      return status satisfies never
  }
}

function amountOf(state: OrderState, { data }: Override): number | undefined {
  if (data?.amount === undefined) return
  const amount = toMinor(data.amount, state.order.exponent)
  return amount.ok ? amount.minor : undefined
}

function factOf(turn: Turn, command: Override, type: string): Fact {
  const { parcel, lines } = command.data ?? {}
  const amountMinor = amountOf(turn.state, command)
  return {
    // A fact is unique within the organisation.
    id: `${turn.state.order.orderNo}/${turn.state.seq}`,
    source: 'override',
    type,
    claimedAt: turn.at,
    ...(parcel === undefined ? {} : { parcel }),
    ...(lines === undefined ? {} : { lines }),
    ...(amountMinor === undefined ? {} : { amountMinor }),
    note: command.evidence,
  }
}

/** As if its system had reported it, but what cannot be true is refused instead of kept. */
function report(turn: Turn, fact: Fact): Refusal | undefined {
  const refusal = takeFact(turn, fact)
  if (refusal !== undefined) return refusal
  for (const { type, data } of turn.events) {
    if (type === 'exception.raised' && data.kind === 'mismatch') {
      return refuse('not_applicable', `${data.evidence.problem ?? data.evidence.seen}`, 'data')
    }
    if (type !== 'fact.received' || data.effect !== undefined) continue
    if (data.handling === 'early') {
      return refuse('not_applicable', 'no step has been reached that waits for it', 'status')
    }
    // Taken by a step that waits for it, and yet nothing has come of it.
    const isIdle = data.handling === 'taken' && !turn.events.some(other => other.type === 'step.completed')
    if (isIdle || data.handling === 'recorded' || data.handling === 'ignored') {
      return refuse(
        'not_applicable',
        'the order knows of nothing more of that: there is nothing to set right',
        'status',
      )
    }
  }
  return
}

/** Money given back outside of what the order's own calls do: what was paid too much. */
function refunded(turn: Turn, command: Override): Refusal | undefined {
  const most = turn.state.compensation === null ? overpaidMinor(turn.state) : 0
  const amountMinor = amountOf(turn.state, command) ?? most
  if (amountMinor === 0 || amountMinor > most) {
    return refuse('not_applicable', `${most} minor units were paid too much, not ${amountMinor}`, 'data.amount')
  }
  const { status, evidence } = command
  emit(turn, 'override.made', { status, evidence, effect: { effect: 'refund', amountMinor } })
  resolveOverpaid(turn)
  return
}
