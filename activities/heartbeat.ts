import { Context } from '@temporalio/activity'
import type { SlowSignal } from './contract.ts'

/** How long the first attempt of a call may take before its order hears that it waits. */
const slowAfterMs = 2000

/**
 * A beat a second, so that a worker that died is noticed and a cancellation is heard; ends with the work. `unheard` is
 * aborted when nobody can hear any more what comes of it: Temporal has given it up, or the worker stops and has waited
 * long enough. Another one then begins the next attempt at once.
 */
export async function whileBeating<T>(work: (unheard: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current()
  const unheard = new AbortController()
  context.cancelled.catch(() => {
    const { workerShutdown, notFound, timedOut } = context.cancellationDetails ?? {}
    if (workerShutdown || notFound || timedOut) unheard.abort(new Error('nobody waits for it any more'))
  })
  const beat = setInterval(() => context.heartbeat(), 1000)
  const { attempt } = context.info
  const slow = attempt > 2 ? undefined : setTimeout(() => tellSlow(context), attempt === 1 ? slowAfterMs : 0)
  try {
    return await work(unheard.signal)
  } finally {
    clearInterval(beat)
    clearTimeout(slow)
  }
}

/** So that the order stores and shows what it has meanwhile; it goes on just the same if it does not hear of it. */
async function tellSlow(context: Context): Promise<void> {
  const { workflowId = '', runId } = context.info.workflowExecution ?? {}
  const signal: SlowSignal = 'call-slow'
  try {
    await context.client.workflow.getHandle(workflowId, runId).signal(signal)
  } catch {
    // Then it hears with the call itself.
  }
}

/** Whether the order no longer wants what this activity does, or its worker stops. */
export function isUnwanted(): boolean {
  return Context.current().cancellationSignal.aborted
}
