import type { MergeAnswer, MergeMessage } from '../domain/core/commands/merging.ts'
import type { Refusal } from '../domain/core/input.ts'
import type { OrderState } from '../domain/core/state.ts'
import type { Fact } from '../domain/fact.ts'
import type { Preview } from '../domain/view/preview.ts'
import type { OrderKey } from '../store/orders.ts'
import type {
  Carried,
  CommandAnswer,
  CommandRequest,
  FactAnswer,
  OrderInput,
  PreviewRequest,
} from '../workflows/messages.ts'

/**
 * The orders' workflows as the API sees them. Null: there is no such workflow that runs (never was, is closed, or was
 * ended from outside): the store tells which. Any call may throw OrdersUnavailable.
 */
export interface OrderClient {
  /**
   * Starts an order unless it runs already: the id of its run. Null: it has run before and does no more. One that is
   * restored is started although it has run before. Null: it runs.
   */
  start(input: OrderInput): Promise<string | null>
  /** Once it is in the order's history. The same id again does nothing twice. */
  command(
    key: OrderKey,
    request: CommandRequest & { readonly command: { readonly id: string } },
  ): Promise<AnsweredCommand | null>
  /** What a command would lead to, also of a workflow that has ended. */
  preview(key: OrderKey, request: PreviewRequest): Promise<Preview | Refusal | null>
  /** `closed`: it came too late to be taken. */
  fact(key: OrderKey, fact: Fact): Promise<FactAnswer | Refusal | null>
  /** From an order that leads a merge. The same again changes nothing. */
  merge(key: OrderKey, message: MergeMessage): Promise<MergeAnswer | null>
  /** Also of a workflow that has ended, for as long as Temporal keeps it. */
  state(key: OrderKey): Promise<OrderState | null>
  /** With it an order goes on whose workflow has ended; null also where its code was too old to say. */
  carried(key: OrderKey): Promise<Carried | null>
  describe(key: OrderKey): Promise<OrderRun | null>
  /** Orders that were open when their workflow was ended by something else than themselves, since then. */
  endedFromOutside(since: string): Promise<readonly EndedOrder[]>
  /** Orders whose workflow runs, and cannot go on: its task fails again and again. */
  blocked(): Promise<readonly BlockedOrder[]>
  /** Starts the clock of an organisation's exceptions unless it runs, and lets it look at once. */
  wakeExceptionClock(organisation: string): Promise<void>
  /** Starts a bulk unless it runs: it goes on where it was. */
  runBulk(key: { readonly organisation: string; readonly id: string }): Promise<void>
  /** Answers if the server does, and knows the namespace. */
  ping(): Promise<void>
}

/** `runId`: of the run that has answered. */
export type AnsweredCommand = CommandAnswer & { readonly runId?: string }

export interface EndedOrder extends OrderKey {
  /** `terminated`, `failed` or `timed out`. */
  readonly how: string
  readonly endedAt: string
}

export interface BlockedOrder extends OrderKey {
  /** Of the failure. */
  readonly message: string
  readonly since: string
}

export interface OrderRun {
  readonly runId: string
  /** Absent while it runs. */
  readonly ended?: { readonly how: string; readonly at: string }
  /** Activities that have not ended: calls in flight, notices, a flush of the journal. */
  readonly activities: readonly PendingActivity[]
}

export interface PendingActivity {
  /** The operation, for a call. */
  readonly type: string
  readonly attempt: number
  /** What went wrong the last time. */
  readonly lastError?: string
}

/** The workflows cannot be reached, or do not answer in time. Transient, and whether it was done is not known. */
export class OrdersUnavailable extends Error {
  override readonly name = 'OrdersUnavailable'
}
