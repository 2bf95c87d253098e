import type { CompiledCalendar } from '../calendar/compile-calendar.ts'
import type { LineQuantity } from '../call.ts'
import type { CompiledDefinition, Flow } from '../definition/compiled-definition.ts'
import type { Evidence, ExceptionKind } from '../exception/kind.ts'
import type { Fact } from '../fact.ts'
import type { Order } from '../order/order.ts'
import type { Part } from '../order/successor.ts'
import type { Confirmation } from '../permission/permits.ts'
import type { ClosedStatus } from '../status.ts'
import type { Unanswered } from './clock/unanswered.ts'
import type { Command } from './commands/command.ts'
import type { Merging } from './commands/merging.ts'
import type { AppliedEffect, CallInput, CallKind, Clock, EventData, Goal } from './events/event.ts'

/**
 * Everything that is known of an order: plain JSON, complete in itself, so that a run may end and the next one go on
 * from it (continue-as-new), and the journal folds to it.
 */
export interface OrderState {
  readonly schemaVersion: 1
  readonly order: Order
  readonly process: { readonly id: string; readonly version: number }
  readonly flow: Flow
  /** Of the last event. */
  readonly seq: number
  readonly at: string
  readonly openedAt: string
  readonly closed: { readonly status: ClosedStatus; readonly at: string; readonly into?: readonly string[] } | null
  readonly steps: Readonly<Record<string, StepState>>
  readonly lines: readonly LineState[]
  readonly parcels: Readonly<Record<string, ParcelState>>
  readonly money: MoneyState
  /** Calls whose outcome is not known yet, by `step/round/kind`. */
  readonly calls: Readonly<Record<string, CallState>>
  /** Ladders that are climbing, by subject: `step:<id>`, `review:<id>`, `hold:<id>`. */
  readonly clocks: Readonly<Record<string, Clock>>
  /** The version of the process that has come in the place of the one it was placed with. */
  readonly definition?: CompiledDefinition
  /** Calendars that have come in the place of the definition's since the order was placed. */
  readonly calendars?: Readonly<Record<string, CompiledCalendar>>
  readonly reviews: Readonly<Record<string, Review>>
  readonly holds: Readonly<Record<string, Hold>>
  /** Commands that wait for another person to confirm them. */
  readonly proposals?: Readonly<Record<string, Proposal>>
  /** It is to become one with others. */
  readonly merging?: Merging
  /** Notices whose outcome is not known yet. */
  readonly notices: Readonly<Record<string, Notice>>
  /** Notices without an answer, by subject; absent in what earlier versions kept: none. */
  readonly unanswered?: Readonly<Record<string, Unanswered>>
  readonly exceptions: Readonly<Record<string, OpenException>>
  readonly compensation: Compensation | null
  /** The orders that come in its place once everything is undone. */
  readonly successors?: Successors
  /** Facts that wait for their step. */
  readonly earlyFacts: readonly Fact[]
  /** `source/id` of every fact that came. */
  readonly factIds: readonly string[]
  /** The latest commands that were done: id and the seq they led to. */
  readonly commands: readonly { readonly id: string; readonly seq: number }[]
  /** How many reviews, holds, notices and exceptions there have been: their ids. */
  readonly counted: {
    readonly reviews: number
    readonly holds: number
    readonly notices: number
    readonly exceptions: number
  }
}

export type StepPhase = 'waiting' | 'active' | 'partial' | 'failed' | 'done' | 'skipped' | 'withdrawn'

export interface StepState {
  readonly state: StepPhase
  readonly round: number
  readonly owner: string
  /** The role whose the step was before its owner claimed it. */
  readonly pool?: string
  readonly enteredAt?: string
  /** Seq of its entry in this round: undo runs in reverse order of it. */
  readonly startedSeq: number
  /** What it has done in the world. `unknown`: it may have; `kept`: irreversible, and done although it was withdrawn. */
  readonly effect: 'none' | 'done' | 'unknown' | 'undone' | 'kept'
  /** How much of it, for its undo. */
  readonly did?: AppliedEffect
  readonly undoFailed?: boolean
  readonly doneBy?: string
  readonly error?: string
}

export interface LineState {
  readonly line: number
  readonly sku: string
  readonly ordered: number
  /** In the inbound flow: confirmed by the supplier. */
  readonly reserved: number
  readonly shipped: number
  readonly delivered: number
  readonly returned: number
  readonly cancelled: number
}

export interface ParcelState {
  readonly lines: readonly LineQuantity[]
  readonly state: 'shipped' | 'delivered' | 'lost' | 'recalled' | 'written_off'
}

export interface MoneyState {
  readonly authorisedMinor: number
  readonly capturedMinor: number
  readonly refundedMinor: number
}

export interface CallState {
  readonly step: string
  readonly round: number
  readonly kind: CallKind
  readonly operation: string
  readonly key: string
  readonly startedAt: string
  readonly giveUpAt: string
  readonly input: CallInput
  /** No longer wanted, its outcome not known yet. */
  readonly cancelling?: 'gave_up' | 'withdrawn'
}

export interface Review {
  readonly scope: 'step' | 'order'
  readonly step?: string
  readonly code: string
  readonly message: string
  readonly owner: string
  /** The role whose the review was before its owner claimed it. */
  readonly pool?: string
  readonly openedAt: string
}

export interface Proposal {
  readonly command: Command
  readonly by: string
  readonly roles: readonly string[]
  readonly at: string
  readonly confirm: Confirmation
  readonly lapsesAt: string
  readonly confirmedBy: readonly string[]
}

export interface Hold {
  readonly type: string
  readonly owner: string
  readonly by: string
  readonly reason?: string
  readonly at: string
}

export type Notice = Omit<EventData<'notice.requested'>, 'notice'> & { readonly at: string; readonly seq: number }

export interface OpenException {
  readonly kind: ExceptionKind
  readonly step?: string
  readonly owner: string
  readonly evidence: Evidence
  readonly openedAt: string
  readonly count: number
}

/** `undoing` until everything is taken back, `due` while they are being begun. */
export interface Successors {
  readonly phase: 'undoing' | 'due' | 'begun'
  readonly parts: readonly Part[]
  readonly since: string
  /** Their numbers, once they have been begun. */
  readonly orders?: readonly string[]
}

export interface Compensation {
  readonly goal: Goal
  readonly steps: readonly string[]
  readonly reason?: string
  readonly by: string
}

export function callId(call: { readonly step: string; readonly round: number; readonly kind: CallKind }): string {
  return `${call.step}/${call.round}/${call.kind}`
}

/** The state with a ladder's clock set, or stopped for good. */
export function withClock(state: OrderState, subject: string, clock: Clock | null): OrderState {
  if (clock !== null) return { ...state, clocks: { ...state.clocks, [subject]: clock } }
  return state.clocks[subject] === undefined ? state : { ...state, clocks: without(state.clocks, subject) }
}

export function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _removed, ...rest } = record
  return rest
}
