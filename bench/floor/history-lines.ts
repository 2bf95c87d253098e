import type { temporal } from '@temporalio/proto'
import proto from '@temporalio/proto'

type HistoryEvent = temporal.api.history.v1.IHistoryEvent

/** A history in short: a line for each workflow task (3 events): what it came of, what it asked for, each with its bytes. */
export function historyLines(events: readonly HistoryEvent[]): string[] {
  const lines: string[] = []
  const activities = new Map<string, string>()
  let line = ''
  let task: string | undefined
  for (const event of events) {
    const [key = '', value = {}] =
      Object.entries(event).find(([key, value]) => key.endsWith('Attributes') && value) ?? []
    const attributes = value as { workflowTaskCompletedEventId?: unknown; scheduledEventId?: unknown }
    if (key === 'workflowTaskScheduledEventAttributes' || key === 'workflowTaskStartedEventAttributes') continue
    if (task !== undefined && String(attributes.workflowTaskCompletedEventId) !== task) {
      lines.push(line.trim())
      line = ''
      task = undefined
    }
    if (key === 'workflowTaskCompletedEventAttributes') {
      task = String(event.eventId)
      line += ' =>'
      continue
    }
    const activity = event.activityTaskScheduledEventAttributes?.activityType?.name
    if (activity) activities.set(String(event.eventId), activity)
    const name = activity ?? activities.get(String(attributes.scheduledEventId)) ?? ''
    const word = key.replace(/EventAttributes$/, '').replace(/^workflowExecution|^workflow/, '')
    const bytes = proto.temporal.api.history.v1.HistoryEvent.encode(event).finish().length
    line += ` ${word}${name === '' ? '' : `:${name}`}(${bytes})`
  }
  return [...lines, line.trim()]
}
