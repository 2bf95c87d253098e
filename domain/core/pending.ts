import type { CallRequest } from '../call.ts'
import type { CompiledDefinition, Retry } from '../definition/compiled-definition.ts'
import { mergedOrder } from '../order/merged-order.ts'
import type { Order } from '../order/order.ts'
import { partOrder } from '../order/successor.ts'
import { type PendingMessage, pendingMessages } from './commands/merging.ts'
import { type CallState, callId, type Notice, type OrderState } from './state.ts'

/** A call that should be going on. `cancel`: it should not any more, but its outcome is still needed. */
export interface PendingCall {
  readonly id: string
  readonly request: CallRequest
  readonly retry: Retry
  readonly giveUpAt: string
  readonly cancel: boolean
  /** Whether it may be tried again: with the same key, or after a look-up. */
  readonly isRepeatable: boolean
}

export interface PendingNotice extends Notice {
  readonly id: string
  /** Whom to tell if nobody can be found: the process owner. */
  readonly processOwner: string
}

/**
 * What should be going on now: a desired state, so that after a crash, a reset or a continue-as-new the same work is
 * derived from the same state. There is no timer and no callback to lose.
 */
export interface Work {
  readonly calls: readonly PendingCall[]
  readonly notices: readonly PendingNotice[]
  /** The nearest deadline of a ladder. A call's own deadline is in its `giveUpAt`. */
  readonly deadline: string | null
  /** Orders that are to be begun in the place of this one; more than once is as good as once. */
  readonly begin: readonly Order[]
  /** To the other orders of a merge that this one leads. */
  readonly messages: readonly PendingMessage[]
  readonly closed: boolean
}

export function pending(definition: CompiledDefinition, state: OrderState): Work {
  const closed = state.closed !== null
  return {
    calls: Object.values(state.calls).map(call => pendingCall(definition, state, call)),
    notices: closed
      ? []
      : Object.entries(state.notices).map(([id, notice]) => ({ id, ...notice, processOwner: definition.owner })),
    deadline: closed ? null : nearestDeadline(state),
    begin: successorsOf(state),
    messages: closed ? [] : pendingMessages(state),
    closed,
  }
}

function successorsOf({ order, successors, merging }: OrderState): readonly Order[] {
  if (successors?.phase !== 'due') return []
  if (merging?.role !== 'lead') return successors.parts.map(part => partOrder(order, part))
  const shares = Object.entries(merging.members).map(([orderNo, { share }]) => [orderNo, share!] as const)
  return [mergedOrder(order, merging.into, { [order.orderNo]: merging.own, ...Object.fromEntries(shares) })]
}

function pendingCall(definition: CompiledDefinition, state: OrderState, call: CallState): PendingCall {
  const step = definition.steps.find(candidate => candidate.id === call.step)
  return {
    id: callId(call),
    request: {
      operation: call.operation,
      key: call.key,
      organisation: state.order.organisation,
      orderNo: state.order.orderNo,
      step: call.step,
      round: call.round,
      input: call.input,
    },
    retry: step?.kind === 'call' ? step.retry : waitRetry,
    giveUpAt: call.giveUpAt,
    cancel: call.cancelling !== undefined,
    isRepeatable: isRepeatable(definition, call),
  }
}

/** Whether it may be made again by the same key, while nobody knows whether it was. */
export function isRepeatable(definition: CompiledDefinition, call: CallState): boolean {
  const step = definition.steps.find(candidate => candidate.id === call.step)
  return call.kind !== 'do' || step?.kind !== 'call' || step.idempotency !== 'none'
}

/** For the look-ups and undos of a wait, which declares no retry of its own. */
const waitRetry: Retry = { initialMs: 1000, backoff: 2, maximumMs: 300_000, giveUpAfterMs: 1_800_000 }

/** The next thing the clock does to a ladder; one whose last notice is still being tried does not count yet. */
export function nearestDeadline(state: OrderState): string | null {
  let nearest: string | null = null
  for (const [subject, { dueAt, checking }] of Object.entries(state.clocks)) {
    if (dueAt === null || checking || hasOpenNotice(state, subject)) continue
    if (nearest === null || dueAt < nearest) nearest = dueAt
  }
  for (const id in state.proposals) {
    const { lapsesAt } = state.proposals[id]!
    if (nearest === null || lapsesAt < nearest) nearest = lapsesAt
  }
  const merging = state.merging?.phase === 'releasing' ? undefined : state.merging
  if (merging !== undefined && (nearest === null || merging.lapsesAt < nearest)) nearest = merging.lapsesAt
  return nearest
}

export function hasOpenNotice(state: OrderState, subject: string): boolean {
  return Object.values(state.notices).some(notice => notice.subject === subject)
}
