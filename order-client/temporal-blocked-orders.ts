import type { Client } from '@temporalio/client'
import { orderOf } from '../workflows/messages.ts'
import type { BlockedOrder } from './order-client.ts'

/** Set by the server once a workflow task has failed several times in a row, and taken away when one succeeds. */
const query = `WorkflowType = "order" AND ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL`

/** Orders whose workflow task fails again and again: their code cannot go on with their history. */
export async function blockedOrders(client: Client): Promise<readonly BlockedOrder[]> {
  const blocked: BlockedOrder[] = []
  try {
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      const key = orderOf(workflowId)
      if (key !== undefined) blocked.push({ ...key, ...(await lastFailure(client, workflowId, runId)) })
    }
  } catch (error) {
    // Servers before 1.30 do not say.
    if (/search attribute/i.test(String((error as Error).cause ?? error))) return []
    throw error
  }
  return blocked
}

/** The first of the attempts that failed is in the history; the others are not. */
async function lastFailure(client: Client, workflowId: string, runId: string) {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 10,
  })
  const event = (history?.events ?? []).find(
    ({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message,
  )
  const message = event?.workflowTaskFailedEventAttributes?.failure?.message ?? 'its workflow task fails'
  const seconds = Number(event?.eventTime?.seconds ?? Date.now() / 1000)
  return { message: message.slice(0, 500), since: new Date(Math.trunc(seconds) * 1000).toISOString() }
}
