/** What may be said to an order's workflow. The API imports this file, and nothing else of workflows/. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { SlowSignal, StoredQuietly } from '../activities/contract.ts'
import type { Attempt } from '../domain/core/commands/attempt.ts'
import type { Command } from '../domain/core/commands/command.ts'
import type { MergeAnswer, MergeMessage } from '../domain/core/commands/merging.ts'
import type { Event } from '../domain/core/events/event.ts'
import type { Caller, Refusal, Restoration } from '../domain/core/input.ts'
import type { OrderState } from '../domain/core/state.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import type { Fact } from '../domain/fact.ts'
import type { Order } from '../domain/order/order.ts'
import type { OrderView } from '../domain/view/order-view.ts'
import type { Preview } from '../domain/view/preview.ts'

export const orderWorkflow = 'order'
export const exceptionClockWorkflow = 'exceptionClock'
export const bulkWorkflow = 'bulk'
export const defaultTaskQueue = 'nolimbo'

export function workflowIdOf(organisation: string, orderNo: string): string {
  return `order/${organisation}/${orderNo}`
}

/** Whose workflow it is; undefined: no order's. */
export function orderOf(workflowId: string): { readonly organisation: string; readonly orderNo: string } | undefined {
  const [, organisation, orderNo] = /^order\/([^/]+)\/(.+)$/.exec(workflowId) ?? []
  return organisation === undefined || orderNo === undefined ? undefined : { organisation, orderNo }
}

/** An organisation has one. */
export function exceptionClockIdOf(organisation: string): string {
  return `exceptions/${organisation}`
}

export interface ExceptionClockInput {
  readonly organisation: string
  /** Default: a quarter of an hour. */
  readonly longestSleepMs?: number
}

export function bulkWorkflowIdOf(organisation: string, id: string): string {
  return `bulk/${organisation}/${id}`
}

/** What it is about, and how far it has come, is in the store. */
export interface BulkInput {
  readonly organisation: string
  readonly id: string
  /** How long one activity goes on. Default: ten seconds. */
  readonly sliceMs?: number
  /** A run ends after so many. Default: 400. */
  readonly mostSlices?: number
}

/** What one run hands to the next: the state is complete, and what is not stored yet rides along. */
export interface Carried {
  readonly state: OrderState
  readonly unstored: readonly Event[]
  readonly attempts: readonly Attempt[]
  readonly attemptCount: number
}

/** The workflow's input. The definition is a snapshot: a running order never changes its rules behind anyone's back. */
export interface OrderInput {
  readonly definition: CompiledDefinition
  readonly order: Order
  /** A run ends after so many; a server keeps the results of 2,000 of a run at most. Default: 1,000. */
  readonly mostUpdates?: number
  readonly carried?: Carried
  /** The run before was lost: this one begins with what the journal has, and says who wanted it so. */
  readonly restored?: Restoration
}

export function startInput(definition: CompiledDefinition, order: Order): OrderInput {
  return { definition, order }
}

export interface CommandRequest {
  readonly command: Command
  readonly caller: Caller
}

export interface NewVersion {
  /** Whoever runs there already stays as it is. */
  readonly buildId: string
}

/** `at`: when it would be given; a workflow's own time stands still between its tasks. */
export interface PreviewRequest extends CommandRequest {
  readonly at: string
}

export type CommandAnswer = { readonly ok: true; readonly seq: number; readonly view: OrderView } | Refusal
export type FactAnswer = { readonly ok: true; readonly state: 'taken'; readonly seq: number }

export const commandUpdate = defineUpdate<CommandAnswer, [CommandRequest]>('command')
/** From the order that leads a merge to one that takes part. */
export const mergeUpdate = defineUpdate<MergeAnswer, [MergeMessage]>('merge')
export const factUpdate = defineUpdate<FactAnswer, [Fact]>('fact')
/** Supervisors may also signal a command: the same decision, and a refusal is recorded too. */
export const commandSignal = defineSignal<[CommandRequest]>('command-signal')
/** To an organisation's clock of exceptions: something is due. */
export const wakeSignal = defineSignal('wake')
export const slowSignal = defineSignal('call-slow' satisfies SlowSignal)
/** `type` of the failure by which an activity says that a batch of the journal is stored, and that it has nothing left to do. */
export const storedQuietly = 'stored' satisfies StoredQuietly
/** Another version of the code has come: who hears it goes on there as soon as it is idle. */
export const newVersionSignal = defineSignal<[NewVersion]>('new-version')
export const stateQuery = defineQuery<OrderState>('state')
/** All that a next run needs, also of a run that has been ended from outside. */
export const carriedQuery = defineQuery<Carried>('carried')
/** What a command would lead to: nothing is changed, and nothing is noted. */
export const previewQuery = defineQuery<Preview | Refusal, [PreviewRequest]>('preview')

/** `type` of the ApplicationFailure that a malformed or untimely message is turned away with. */
export type MessageFailure = 'invalid' | 'unavailable'
