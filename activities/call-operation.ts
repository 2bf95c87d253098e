import { Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { TransientError } from '../connectors/connector.ts'
import { type AppendJournal, appendInPassing } from './append-journal.ts'
import type { CallActivity } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'
import { whileBeating } from './heartbeat.ts'

/** An attempt ends by itself before Temporal ends it. */
export const attemptMs = 100_000

/**
 * One call of a connector's operation. An attempt under way is never broken off when the order no longer wants it:
 * its outcome is worth more than the seconds.
 */
export function callOperation(deps: Pick<ActivityDependencies, 'connectors'>, append: AppendJournal): CallActivity {
  return input =>
    whileBeating(async () => {
      const { attempt } = Context.current().info
      const passing = appendInPassing(append, input.journal)
      try {
        const outcome = await deps.connectors.call(input.request, AbortSignal.timeout(attemptMs), attempt)
        return { outcome, ...(await passing) }
      } catch (error) {
        await passing
        const message = error instanceof Error ? error.message : String(error)
        // That this attempt did nothing says nothing of the ones before it.
        const certainty = attempt === 1 && error instanceof TransientError ? error.certainty : 'unknown'
        throw ApplicationFailure.retryable(message, 'transient', certainty)
      }
    })
}
