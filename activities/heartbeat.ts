import { Context } from '@temporalio/activity'

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
  const timer = setInterval(() => context.heartbeat(), 1000)
  try {
    return await work(unheard.signal)
  } finally {
    clearInterval(timer)
  }
}

/** Whether the order no longer wants what this activity does, or its worker stops. */
export function isUnwanted(): boolean {
  return Context.current().cancellationSignal.aborted
}
