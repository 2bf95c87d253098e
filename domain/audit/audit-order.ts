import { withRulingCalendars } from '../core/clock/ruling-calendars.ts'
import type { Event } from '../core/events/event.ts'
import { evolve } from '../core/evolve/evolve.ts'
import { orderStatus } from '../core/order-status.ts'
import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import { kindOfWait, type Silence, SilenceBound, type WaitKind } from './silence-bound.ts'

/** An order as it is stored: the definition it ran by, and everything that happened. */
export interface JournalledOrder {
  readonly organisation: string
  readonly orderNo: string
  readonly definition: CompiledDefinition
  /** When it was accepted; its workflow may have begun later. */
  readonly acceptedAt: string
  readonly events: readonly Event[]
}

/** A silence in an order's journal, and where it stands there. */
export interface JournalSilence extends Silence {
  readonly organisation: string
  readonly process: { readonly id: string; readonly version: number }
  /** The status of the order meanwhile. */
  readonly status: string
  /** The last event before it; 0: it was accepted and nothing else. */
  readonly afterSeq: number
  /** It goes on still. */
  readonly open: boolean
  /** How long it might have been, in working time unless the definition says wall time. */
  readonly limitMs: number
}

export interface OrderAudit {
  readonly open: boolean
  readonly longest: readonly JournalSilence[]
  readonly broken: readonly JournalSilence[]
}

/**
 * Measures, from an order's journal alone, how long it was silent: from anything that comes from outside (a command, a
 * fact, an outcome) or from a delivered notice to the next such thing, to its end, or until `now` if it is open.
 * `since`: silences that had ended by then are not looked at.
 */
export function auditOrder(order: JournalledOrder, now: string, since = ''): OrderAudit {
  const { organisation, orderNo, events } = order
  let { definition } = order
  let bound = new SilenceBound(definition)
  const longest: Partial<Record<WaitKind, JournalSilence>> = {}
  const broken: JournalSilence[] = []
  let state: OrderState | null = null
  let [sinceAt, kind, afterSeq]: [string, WaitKind, number] = [order.acceptedAt, 'task', 0]
  let status = 'received'

  const ended = (at: string, open: boolean) => {
    if (at < since) return
    const seen = bound.measure(kind, Date.parse(sinceAt), Date.parse(at), longest[kind]?.workingMs)
    if (seen === undefined) return
    const process = { id: definition.id, version: definition.version }
    const silence = { organisation, orderNo, process, ...seen, status, afterSeq, open, limitMs: bound.limitMs(kind) }
    if (seen.workingMs > (longest[kind]?.workingMs ?? -1)) longest[kind] = silence
    if (bound.isBroken(seen)) broken.push(silence)
  }

  for (const together of atOneInstant(events)) {
    const { at, seq } = together.at(-1)!
    const moved = together.some(isNews)
    if (moved) ended(at, false)
    state = together.reduce<OrderState | null>(evolve, state)
    if (together.some(({ type }) => type === 'calendar.changed' || type === 'process.changed')) {
      definition = withRulingCalendars(order.definition, state!)
      bound = new SilenceBound(definition)
    }
    // A silence that begins with one sort of waiting and goes on with the other is held to the longer bound.
    const next = kindOfWait(definition, state!)
    if (moved || next === 'wait') kind = next
    if (moved) [sinceAt, afterSeq, status] = [at, seq, orderStatus(definition, state!)]
  }
  const open = state === null || state.closed === null
  if (open) ended(now, true)
  return { open, longest: Object.values(longest), broken }
}

/** What a person was told, and what the order did not do by itself. That a look-up found nothing is no news. */
function isNews({ type, actor, data }: Event): boolean {
  if (type === 'notice.delivered' || type === 'order.closed' || type === 'fact.received') return true
  if (type === 'call.succeeded' || type === 'call.failed') return data.kind !== 'check'
  return actor !== 'clock' && actor !== 'notice' && !actor.startsWith('call:') && !actor.startsWith('fact:')
}

/** Between two events of one instant no time passes: only the last of them says what is waited for. */
function* atOneInstant(events: readonly Event[]): Generator<Event[]> {
  let together: Event[] = []
  for (const event of events) {
    if (together.length > 0 && together[0]!.at !== event.at) {
      yield together
      together = []
    }
    together.push(event)
  }
  if (together.length > 0) yield together
}
