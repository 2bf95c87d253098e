import type { WorkflowHandle } from '@temporalio/client'
import type { temporal } from '@temporalio/proto'

/** What an order costs a Temporal server: exact, whatever else the machine does. */
export interface Cost {
  readonly events: number
  readonly tasks: number
  /** As Temporal Cloud bills them. */
  readonly actions: number
  readonly bytes: number
}

type HistoryEvent = temporal.api.history.v1.IHistoryEvent

export async function costOfHistory(handle: WorkflowHandle): Promise<Cost> {
  const events = (await handle.fetchHistory()).events ?? []
  const { historySize } = await handle.describe()
  const tasks = events.filter(event => event.workflowTaskCompletedEventAttributes).length
  return { events: events.length, tasks, actions: actionsOf(events), bytes: historySize ?? 0 }
}

/**
 * Start, each Update and signal, each activity that is scheduled, each timer, each upsert of search attributes; local
 * activities that one workflow task ran count once.
 */
function actionsOf(events: readonly HistoryEvent[]): number {
  const each = events.filter(
    event =>
      event.workflowExecutionStartedEventAttributes ||
      event.workflowExecutionUpdateAcceptedEventAttributes ||
      event.workflowExecutionSignaledEventAttributes ||
      event.activityTaskScheduledEventAttributes ||
      event.timerStartedEventAttributes ||
      event.upsertWorkflowSearchAttributesEventAttributes,
  ).length
  const markers = events.flatMap(event => event.markerRecordedEventAttributes ?? [])
  return each + new Set(markers.map(marker => String(marker.workflowTaskCompletedEventId))).size
}
