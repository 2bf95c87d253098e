import type { CompiledCalendar } from '../calendar/compile-calendar.ts'
import type { Duration } from '../duration.ts'
import type { FactAction } from '../fact.ts'
import type { Effect } from '../operation.ts'
import type { StepStatus } from '../status.ts'

/*
 * A definition with every default filled in: what travels in the input of each order's workflow, so that a
 * running order never changes its rules behind anyone's back. Plain JSON.
 */

export interface Title {
  readonly en: string
  readonly zh: string
}

export type Fallback = 'cancel' | 'review' | 'continue' | 'release'

export type Rung = {
  /** Since the ladder began; the next rung counts from when this one really fired. */
  readonly after: Duration
} & (
  | { readonly action: 'remind' | 'escalate'; readonly target: string; readonly every?: Duration }
  | { readonly action: 'transfer'; readonly target: string }
  | { readonly action: 'fallback'; readonly fallback: Fallback }
)

export type Flow = 'outbound' | 'inbound' | 'return' | 'none'
export type Facet = 'approval' | 'payment' | 'fulfilment'

export interface Retry {
  readonly initialMs: number
  readonly backoff: number
  readonly maximumMs: number
  readonly giveUpAfterMs: number
}

export type Idempotency = 'key' | 'lookup' | 'none'

export type Rejection = 'cancel' | 'review' | { readonly send_back: string }

interface StepBase {
  readonly id: string
  readonly title: Title
  readonly status: string
  readonly countsAs: StepStatus
  readonly after: readonly string[]
  readonly when?: string
  readonly owner: string
  readonly calendar: string
  /** What the step itself says of facts; the process's `on` holds where it says nothing. */
  readonly on: Readonly<Record<string, FactAction>>
  readonly stopsAll: boolean
  readonly irreversible: boolean
  readonly facet?: Facet
  readonly ladder: readonly Rung[]
}

export interface TaskStep extends StepBase {
  readonly kind: 'task'
  readonly onReject: Rejection
}

export interface CallStep extends StepBase {
  readonly kind: 'call'
  readonly do: string
  /** As the connector that offers it declares. */
  readonly idempotency: Idempotency
  readonly effect: Effect
  readonly undo?: string
  readonly retry: Retry
  readonly onFailure: 'review' | 'cancel' | 'continue'
  /** What happens when a reservation comes back partly; absent: it counts as failed. */
  readonly partial?: { readonly mode: 'wait' | 'split' | 'cancel'; readonly ladder: readonly Rung[] }
}

export interface WaitStep extends StepBase {
  readonly kind: 'wait'
  readonly fact: string
  readonly undo?: string
  readonly check?: string
}

export type Step = TaskStep | CallStep | WaitStep

export interface HoldType {
  readonly title: Title
  readonly owner: string
  readonly blocksSteps: 'all' | readonly string[]
  readonly blocksCommands: 'all' | readonly string[]
  /** Who may release it; empty: whoever the permission matrix allows. */
  readonly release: readonly string[]
  readonly ladder: readonly Rung[]
}

export interface CompiledDefinition {
  readonly id: string
  readonly version: number
  readonly title: Title
  readonly owner: string
  readonly calendar: string
  readonly flow: Flow
  readonly runs: boolean
  readonly permissions: string
  readonly silence: { readonly task: Duration; readonly wait: Duration }
  readonly review: { readonly owner: string; readonly ladder: readonly Rung[] }
  readonly on: Readonly<Record<string, FactAction>>
  readonly statuses: Readonly<Record<string, { readonly title: Title; readonly countsAs: StepStatus }>>
  readonly holds: Readonly<Record<string, HoldType>>
  readonly steps: readonly Step[]
  readonly calendars: Readonly<Record<string, CompiledCalendar>>
}
