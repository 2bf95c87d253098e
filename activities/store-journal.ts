import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common'
import type { AppendJournal } from './append-journal.ts'
import type { OrderActivities, StoredQuietly } from './contract.ts'

/**
 * Writes a batch by an activity of its own. A quiet one never ends: an activity that ends wakes its workflow, and a
 * workflow task only to hear that all is well is what most waits of an order would cost. So it asks to be tried again
 * in a day, which leaves nothing in the history; the order learns what is stored from the next activity that it has.
 */
export function storeJournal(append: AppendJournal): OrderActivities['journal.append'] {
  return async ({ quietly, ...batch }) => {
    const { stored } = await append(batch)
    if (!quietly) return { stored }
    throw ApplicationFailure.create({
      type: 'stored' satisfies StoredQuietly,
      message: `The journal is stored up to event ${stored}: nothing is wrong, and nothing is left to do.`,
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: '1 day',
    })
  }
}
