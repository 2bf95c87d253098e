import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from '@temporalio/client'

const LOOK_EVERY_MS = 100
const CALL_TIMEOUT_MS = 2_000
const WORKFLOW_SERVICE = 'temporal.api.workflowservice.v1.WorkflowService'
const SERVING = 1

/**
 * Waits until the server says that it serves and knows the namespace.
 * @throws after `timeoutMs`, with the reason of the last failure; ends early, without error, when aborted
 */
export const untilTemporalAnswers = async (
  address: string,
  namespace: string,
  timeoutMs: number,
  aborted: AbortSignal,
): Promise<void> => {
  const giveUpAt = performance.now() + timeoutMs
  let reason = 'no answer'
  while (!aborted.aborted) {
    try {
      await askOnce(address, namespace)
      return
    } catch (error) {
      reason = (error as Error).message
    }
    if (performance.now() >= giveUpAt) throw new Error(`no answer from ${address} in ${timeoutMs / 1000} s (${reason})`)
    await sleep(LOOK_EVERY_MS)
  }
}

const askOnce = async (address: string, namespace: string): Promise<void> => {
  const connection = Connection.lazy({ address, connectTimeout: CALL_TIMEOUT_MS })
  try {
    await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, async () => {
      const { status } = await connection.healthService.check({ service: WORKFLOW_SERVICE })
      if (status !== SERVING) throw new Error(`the server reports status ${status}`)
      await connection.workflowService.describeNamespace({ namespace })
    })
  } finally {
    await connection.close()
  }
}
