import { isDeepStrictEqual } from 'node:util'
import { Context } from '@temporalio/activity'
import type { CallOutcome, CallRequest, LineQuantity } from '../domain/call.ts'
import { type AppendJournal, appendInPassing } from './append-journal.ts'
import { attemptSignal, certaintyOf } from './call-operation.ts'
import type { Carried, RunActivityInput, RunOutcome } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'
import { isUnwanted, whileBeating } from './heartbeat.ts'

/**
 * Calls that follow each other, up to the first that fails, comes off otherwise than asked, or is no longer wanted.
 * What has not come off goes on as an activity of its own, by the same key.
 */
export function runOperations(
  deps: Pick<ActivityDependencies, 'connectors'>,
  append: AppendJournal,
): (input: RunActivityInput) => Promise<Carried<RunOutcome>> {
  return input =>
    whileBeating(async unheard => {
      const passing = appendInPassing(append, input.journal)
      const outcome = await runCalls(deps, input.calls, unheard)
      return { outcome, ...(await passing) }
    })
}

async function runCalls(
  deps: Pick<ActivityDependencies, 'connectors'>,
  calls: RunActivityInput['calls'],
  unheard: AbortSignal,
): Promise<RunOutcome> {
  const outcomes: CallOutcome[] = []
  for (const { request, giveUpAt } of calls) {
    if (isUnwanted() || Date.now() >= Date.parse(giveUpAt)) break
    Context.current().heartbeat(outcomes.length)
    try {
      const outcome = await deps.connectors.call(request, attemptSignal(unheard), 1)
      outcomes.push(outcome)
      if (!isAsAsked(request, outcome)) break
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return { outcomes, undecided: [{ ok: false, code: 'transient', message, certainty: certaintyOf(error, 1) }] }
    }
  }
  return { outcomes, undecided: [] }
}

/** The rest of the run was planned on all of it being done. */
export function isAsAsked(request: CallRequest, outcome: CallOutcome): boolean {
  if (!outcome.ok) return false
  const { amountMinor, lines, parcels } = outcome.result
  if (amountMinor !== undefined && amountMinor !== request.input.amountMinor) return false
  const reported = lines ?? parcels?.flatMap(parcel => parcel.lines)
  return reported === undefined || isDeepStrictEqual(byLine(reported), byLine(request.input.lines ?? []))
}

function byLine(lines: readonly LineQuantity[]): Map<number, number> {
  const sums = new Map<number, number>()
  for (const { line, quantity } of lines) sums.set(line, (sums.get(line) ?? 0) + quantity)
  return sums
}
