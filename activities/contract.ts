/** What a workflow may ask of the world: types only, the code is in activities/. */
import type { CallOutcome, CallRequest } from '../domain/call.ts'
import type { Attempt } from '../domain/core/commands/attempt.ts'
import type { MergeAnswer, MergeMessage } from '../domain/core/commands/merging.ts'
import type { Event } from '../domain/core/events/event.ts'
import type { NoticeOutcome } from '../domain/core/input.ts'
import type { PendingNotice } from '../domain/core/pending.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import type { Order } from '../domain/order/order.ts'

/** Events in order, without a gap; the store takes the same ones again. */
export interface JournalBatch {
  readonly organisation: string
  readonly orderNo: string
  readonly process: { readonly id: string; readonly version: number }
  readonly events: readonly Event[]
  readonly attempts: readonly Attempt[]
}

/** `quietly`: once it is written, the order is not woken to be told. */
export interface JournalActivityInput extends JournalBatch {
  readonly quietly?: true
}

/** A call, a run or a notice may bring a journal batch along, which then needs no activity of its own. */
export interface Carrying {
  readonly journal?: JournalBatch
}

export interface CallActivityInput extends Carrying {
  readonly request: CallRequest
  readonly giveUpAt: string
}

/** Calls that follow each other, one after the other, up to the first that does not come off as asked. */
export interface RunActivityInput extends Carrying {
  readonly calls: readonly { readonly request: CallRequest; readonly giveUpAt: string }[]
}

export interface NoticeActivityInput extends Carrying {
  readonly organisation: string
  readonly orderNo: string
  readonly notice: PendingNotice
  readonly title: { readonly en: string; readonly zh: string }
}

/** What an order that leads a merge says to another one. */
export interface SayInput {
  readonly key: { readonly organisation: string; readonly orderNo: string }
  readonly message: MergeMessage
}

/** Orders that are to come in the place of one, with the definition that they then go by. */
export interface BeginOrdersInput {
  readonly definition: CompiledDefinition
  readonly orders: readonly Order[]
}

/** What became of a run. */
export interface RunOutcome {
  /** Of the first calls, each with a definite answer. */
  readonly outcomes: readonly CallOutcome[]
  /** Of those after them, as far as they have been tried: what little is known. */
  readonly undecided: readonly Extract<CallOutcome, { ok: false }>[]
}

/** `stored`: seq of the last event of the batch, if it could be written in passing. */
export interface Carried<T> {
  readonly outcome: T
  readonly stored?: number
}

/** What the clock of an organisation's exceptions asks. */
export interface ExceptionClockActivities {
  /** `nextDueAt`: when it has to come back; null: nothing is open. */
  'exceptions.fire'(input: {
    readonly organisation: string
  }): Promise<{ readonly due: number; readonly nextDueAt: string | null }>
}

/** What a bulk asks: the same command for many orders. */
export interface BulkActivities {
  /** For about so long, at its pace. `goesOn`: some are left, and are to be sent. */
  'bulk.send'(input: {
    readonly organisation: string
    readonly id: string
    readonly sliceMs: number
  }): Promise<{ readonly left: number; readonly goesOn: boolean }>
  /** What is left is cancelled. */
  'bulk.finish'(input: {
    readonly organisation: string
    readonly id: string
    readonly isCancelled: boolean
  }): Promise<void>
}

export interface OrderActivities extends ExceptionClockActivities, BulkActivities {
  'journal.append'(input: JournalActivityInput): Promise<{ readonly stored: number }>
  'notice.send'(input: NoticeActivityInput): Promise<Carried<NoticeOutcome>>
  'orders.begin'(input: BeginOrdersInput): Promise<{ readonly orders: readonly string[] }>
  'orders.merge'(input: SayInput): Promise<MergeAnswer>
  run(input: RunActivityInput): Promise<Carried<RunOutcome>>
  /** Every operation that a connector offers, under its own name. */
  [operation: `${string}.${string}`]: unknown
}

/** `type` of the failure by which a quiet one says that it is stored. */
export type StoredQuietly = 'stored'

/** What a call that takes long tells its order, so that it stores and shows what it has meanwhile. */
export type SlowSignal = 'call-slow'

export type CallActivity = (input: CallActivityInput) => Promise<Carried<CallOutcome>>
