import { makeContinueAsNewFunc, type Workflow, workflowInfo } from '@temporalio/workflow'
import type { NewVersion } from './messages.ts'

/** Whether whoever asks runs on another version than this, or on none. */
export function runsElsewhere({ buildId }: NewVersion): boolean {
  return workflowInfo().currentDeploymentVersion?.buildId !== buildId
}

/** Where the next run goes on. A pinned workflow stays where it is, unless it says otherwise. */
export function continueAt<W extends Workflow>(where: 'same version' | 'current version') {
  return makeContinueAsNewFunc<W>(where === 'same version' ? {} : { initialVersioningBehavior: 'AUTO_UPGRADE' })
}
