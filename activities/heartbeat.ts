import { Context } from '@temporalio/activity'

/** A beat a second, so that a worker that died is noticed and a cancellation is heard; ends with the work. */
export async function whileBeating<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current()
  const timer = setInterval(() => context.heartbeat(), 1000)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

/** Whether the order no longer wants what this activity does. */
export function isUnwanted(): boolean {
  return Context.current().cancellationSignal.aborted
}
