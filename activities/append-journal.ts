import { upcastEvents, upcastState } from '../domain/core/events/upcast.ts'
import type { OrderState } from '../domain/core/state.ts'
import type { ExceptionRow } from '../domain/view/exception-rows.ts'
import { project } from '../domain/view/projection.ts'
import type { JournalBatch } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'

export type AppendJournal = (batch: JournalBatch) => Promise<{ readonly stored: number }>

/**
 * Writes a batch and folds it into the order's projection, in one transaction. Whatever goes wrong is tried again:
 * a journal that the store refuses (after a workflow was reset, say) shows as a pending activity with the reason.
 */
export function appendJournal(deps: Pick<ActivityDependencies, 'store' | 'definition' | 'exceptions'>): AppendJournal {
  const grave = (exception: ExceptionRow) => ({
    ...exception,
    severity: deps.exceptions[exception.kind]?.severity ?? exception.severity,
  })
  return async batch => {
    const definition = await deps.definition({ organisation: batch.organisation, ...batch.process })
    const stored = await deps.store.append(
      {
        organisation: batch.organisation,
        orderNo: batch.orderNo,
        events: batch.events,
        // An order counts its own.
        attempts: batch.attempts.map(attempt => ({ ...attempt, id: `${batch.orderNo}/${attempt.id}` })),
      },
      (previous, events) => {
        // Either may have been written by earlier code: the row before, and what an order has carried along.
        const before = previous === null ? null : upcastState(previous as OrderState)
        const projection = project(definition, before, upcastEvents(events))
        return { ...projection, exceptions: projection.exceptions.map(grave) }
      },
    )
    return { stored }
  }
}

/** How long a call or a notice waits for the store that it brings a batch to. */
const inPassingMs = 1000

/**
 * Writes the batch that an activity has brought along, beside its own work. A store that is slow or away never holds
 * a call up: then the workflow brings the batch again.
 */
export async function appendInPassing(
  append: AppendJournal,
  batch: JournalBatch | undefined,
): Promise<{ stored?: number }> {
  if (batch === undefined) return {}
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<null>(resolve => {
    timer = setTimeout(() => resolve(null), inPassingMs)
  })
  try {
    const written = await Promise.race([append(batch), tooLong])
    return written === null ? {} : { stored: written.stored }
  } catch {
    // Not lost: the workflow still has the batch, and an activity of its own will say what is wrong.
    return {}
  } finally {
    clearTimeout(timer)
  }
}
