import {
  ActivityCancellationType,
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  CancelledFailure,
} from '@temporalio/workflow'
import type { CallOutcome } from '../domain/call.ts'
import type { PendingCall } from '../domain/core/pending.ts'

/** A connector ends an attempt by itself well before. */
const attemptTimeout = '2m'
/** So that a worker that has died is noticed, and a cancellation heard: the activity beats every second. */
const heartbeatTimeout = '10s'

/** How the activity of one call is tried. */
export function callOptions(call: PendingCall): ActivityOptions {
  return {
    ...common(call.giveUpAt),
    retry: {
      initialInterval: call.retry.initialMs,
      backoffCoefficient: call.retry.backoff,
      maximumInterval: Math.max(call.retry.maximumMs, call.retry.initialMs),
      ...(call.isRepeatable ? {} : { maximumAttempts: 1 }),
    },
    summary: call.id,
  }
}

/** How a run is tried: once; whatever has not come off then is tried by itself. */
export function runOptions(calls: readonly PendingCall[]): ActivityOptions {
  const [first = ''] = calls.map(({ giveUpAt }) => giveUpAt).sort()
  const summary = calls.map(({ request }) => request.operation).join(' > ')
  return { ...common(first), retry: { maximumAttempts: 1 }, summary }
}

function common(giveUpAt: string): ActivityOptions {
  return {
    startToCloseTimeout: attemptTimeout,
    heartbeatTimeout,
    // The activity's own end wakes the order at the call's deadline: it needs no timer.
    scheduleToCloseTimeout: Math.max(1000, Date.parse(giveUpAt) - Date.now()),
    // What was begun is waited for: money that was taken must not be lost sight of.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  }
}

/** Why an activity did not come back, as an outcome: only the connector itself may say that nothing was done. */
export function failedOutcome(error: unknown): Extract<CallOutcome, { ok: false }> {
  if (!(error instanceof ActivityFailure)) throw error
  const { cause } = error
  const unknown = { ok: false, certainty: 'unknown' } as const
  if (cause instanceof CancelledFailure) {
    return { ...unknown, code: 'cancelled', message: 'cancelled before it came back' }
  }
  if (cause instanceof ApplicationFailure) {
    const certainty = cause.details?.[0] === 'not_done' ? 'not_done' : 'unknown'
    return { ok: false, code: cause.type ?? 'failed', message: cause.message, certainty }
  }
  return { ...unknown, code: 'timeout', message: cause?.message ?? 'no answer in time' }
}
