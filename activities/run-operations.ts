import { Context } from '@temporalio/activity'
import type { CallOutcome, CallRequest } from '../domain/call.ts'
import { type AppendJournal, appendInPassing } from './append-journal.ts'
import { attemptMs } from './call-operation.ts'
import type { Carried, RunActivityInput } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'
import { isUnwanted, whileBeating } from './heartbeat.ts'

/**
 * Calls that follow each other, up to the first that fails, comes off otherwise than asked, or is no longer wanted.
 * What has not come off goes on as an activity of its own, by the same key.
 */
export function runOperations(
  deps: Pick<ActivityDependencies, 'connectors'>,
  append: AppendJournal,
): (input: RunActivityInput) => Promise<Carried<readonly CallOutcome[]>> {
  return input =>
    whileBeating(async () => {
      const passing = appendInPassing(append, input.journal)
      const outcomes: CallOutcome[] = []
      for (const { request, giveUpAt } of input.calls) {
        if (isUnwanted() || Date.now() >= Date.parse(giveUpAt)) break
        Context.current().heartbeat(outcomes.length)
        const outcome = await attempt(deps, request)
        if (outcome === undefined) break
        outcomes.push(outcome)
        if (!isAsAsked(request, outcome)) break
      }
      return { outcome: outcomes, ...(await passing) }
    })
}

/** Undefined: no definite answer, to be tried again under the retry policy of its own step. */
async function attempt(
  deps: Pick<ActivityDependencies, 'connectors'>,
  request: CallRequest,
): Promise<CallOutcome | undefined> {
  try {
    return await deps.connectors.call(request, AbortSignal.timeout(attemptMs), 1)
  } catch {
    return undefined
  }
}

/** The rest of the run was planned on all of it being done. */
export function isAsAsked(request: CallRequest, outcome: CallOutcome): boolean {
  if (!outcome.ok) return false
  const { amountMinor, lines } = outcome.result
  if (amountMinor !== undefined && amountMinor !== request.input.amountMinor) return false
  if (lines === undefined) return true
  const units = (some: readonly { quantity: number }[] = []) => some.reduce((sum, line) => sum + line.quantity, 0)
  return units(lines) === units(request.input.lines)
}
