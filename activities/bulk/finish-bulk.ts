import type { BulkActivities } from '../contract.ts'
import type { ActivityDependencies } from '../create-activities.ts'

export function finishBulk({ store }: Pick<ActivityDependencies, 'store'>): BulkActivities['bulk.finish'] {
  return ({ organisation, id, isCancelled }) =>
    store.finishBulk({ organisation, id }, new Date().toISOString(), isCancelled)
}
