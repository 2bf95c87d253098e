import { Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { TransientError } from '../connectors/connector.ts'
import type { Certainty } from '../domain/call.ts'
import { type AppendJournal, appendInPassing } from './append-journal.ts'
import type { CallActivity } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'
import { whileBeating } from './heartbeat.ts'

/** An attempt ends by itself before Temporal ends it. */
const attemptMs = 100_000

export function attemptSignal(unheard: AbortSignal): AbortSignal {
  return AbortSignal.any([unheard, AbortSignal.timeout(attemptMs)])
}

/**
 * One call of a connector's operation. An attempt under way is never broken off when the order no longer wants it:
 * its outcome is worth more than the seconds.
 */
export function callOperation(deps: Pick<ActivityDependencies, 'connectors'>, append: AppendJournal): CallActivity {
  return input =>
    whileBeating(async unheard => {
      const { attempt } = Context.current().info
      const passing = appendInPassing(append, input.journal)
      try {
        const outcome = await deps.connectors.call(input.request, attemptSignal(unheard), attempt)
        return { outcome, ...(await passing) }
      } catch (error) {
        await passing
        const message = error instanceof Error ? error.message : String(error)
        throw ApplicationFailure.retryable(message, 'transient', certaintyOf(error, attempt))
      }
    })
}

/** That this attempt did nothing says nothing of the ones before it. */
export function certaintyOf(error: unknown, attempt: number): Certainty {
  return attempt === 1 && error instanceof TransientError ? error.certainty : 'unknown'
}
