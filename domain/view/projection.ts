import { withRulingCalendars } from '../core/clock/ruling-calendars.ts'
import { isMerging } from '../core/commands/merging.ts'
import type { Event } from '../core/events/event.ts'
import { evolve } from '../core/evolve/evolve.ts'
import { isActive } from '../core/order-status.ts'
import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import type { Status } from '../status.ts'
import { type ExceptionRow, exceptionRows } from './exception-rows.ts'
import { type OrderView, orderView } from './order-view.ts'
import { type TaskRow, taskRows } from './task-rows.ts'

/** What the store keeps of an order beside its journal. */
export interface Projection {
  readonly state: OrderState
  readonly view: OrderView
  readonly status: Status
  readonly seq: number
  readonly asOf: string
  /** The steps under way. */
  readonly steps: readonly string[]
  /** Of those, of its reviews and its holds: who must move it on. */
  readonly owners: readonly string[]
  /** When the clock will act next, a call's deadline included: an order that is late by this has a dead clock. */
  readonly dueAt: string | null
  /** A deadline of a step, a review or a hold lies past the holidays that are known. */
  readonly provisional: boolean
  readonly exceptions: readonly ExceptionRow[]
  readonly tasks: readonly TaskRow[]
  readonly closedAt: string | null
  /** Where these events have changed them: every sku that the order is or was about. */
  readonly skus?: readonly string[]
  /** Where these events have changed it. */
  readonly processVersion?: number
  readonly takenFacts: readonly TakenFact[]
}

export interface TakenFact {
  readonly source: string
  readonly id: string
  readonly type: string
  /** The fact's own time. */
  readonly at: string
  readonly data: unknown
}

/** The order after further events of its journal; `definition`: the one it was placed with. `previous` is null before its first one. */
export function project(
  definition: CompiledDefinition,
  previous: OrderState | null,
  events: readonly Event[],
): Projection {
  const state = events.reduce<OrderState | null>(evolve, previous)
  if (state === null) throw new RangeError('an order without events has no projection')
  const ruling = withRulingCalendars(definition, state)
  const view = orderView(ruling, state)
  return {
    state,
    view,
    status: view.status,
    seq: state.seq,
    asOf: state.at,
    steps: state.closed === null ? ruling.steps.map(({ id }) => id).filter(id => isActive(state.steps[id])) : [],
    owners: ownersOf(state),
    dueAt: nextDueAt(state),
    provisional: [...view.steps, ...view.reviews, ...view.holds].some(({ nextRung }) => nextRung?.provisional),
    exceptions: exceptionRows(previous, state, events),
    tasks: taskRows(ruling, view, state),
    closedAt: view.closedAt,
    ...(events.some(isMigration) && { processVersion: state.process.version }),
    ...(events.some(isAmend) && { skus: [...new Set(state.order.lines.map(({ sku }) => sku))] }),
    takenFacts: events.flatMap(takenFact),
  }
}

function isAmend({ type }: Event): boolean {
  return type === 'order.amended'
}

function isMigration({ type }: Event): boolean {
  return type === 'process.changed'
}

function ownersOf(state: OrderState): string[] {
  if (state.closed !== null) return []
  const underWay = Object.values(state.steps).filter(isActive)
  const all = [...underWay, ...Object.values(state.reviews), ...Object.values(state.holds)]
  return [...new Set(all.map(({ owner }) => owner))]
}

function nextDueAt(state: OrderState): string | null {
  if (state.closed !== null) return null
  const ladders = Object.keys(state.clocks).flatMap(subject => firesAt(state, subject) ?? [])
  const calls = Object.values(state.calls).flatMap(({ giveUpAt, cancelling }) => (cancelling ? [] : giveUpAt))
  const proposals = Object.values(state.proposals ?? {}).map(({ lapsesAt }) => lapsesAt)
  const merging = isMerging(state) ? [state.merging!.lapsesAt] : []
  return [...ladders, ...calls, ...proposals, ...merging].sort()[0] ?? null
}

/** A notice is answered within this time (DESIGN section 5), and its ladder waits for the answer. */
const noticeMs = 60_000

/** When a ladder will have fired at the latest; null: a look-up is asked first, and the call has a deadline of its own. */
function firesAt(state: OrderState, subject: string): string | null {
  const clock = state.clocks[subject]
  if (clock === undefined || clock.dueAt === null || clock.checking) return null
  const answered = Object.values(state.notices)
    .filter(notice => notice.subject === subject)
    .map(notice => new Date(Date.parse(notice.at) + noticeMs).toISOString())
  return [clock.dueAt, ...answered].sort().at(-1) ?? null
}

function takenFact(event: Event): TakenFact[] {
  if (event.type !== 'fact.received') return []
  const { source, id, type, claimedAt, ...data } = event.data.fact
  return [{ source, id, type, at: claimedAt, data }]
}
