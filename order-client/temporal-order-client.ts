import { createHash } from 'node:crypto'
import { type Client, QueryNotRegisteredError, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { upcastState } from '../domain/core/events/upcast.ts'
import { closedStatuses } from '../domain/status.ts'
import type { OrderKey } from '../store/orders.ts'
import {
  type BulkInput,
  bulkWorkflow,
  bulkWorkflowIdOf,
  carriedQuery,
  commandUpdate,
  defaultTaskQueue,
  type ExceptionClockInput,
  exceptionClockIdOf,
  exceptionClockWorkflow,
  factUpdate,
  mergeUpdate,
  orderOf,
  orderWorkflow,
  previewQuery,
  stateQuery,
  storedQuietly,
  wakeSignal,
  workflowIdOf,
} from '../workflows/messages.ts'
import type { EndedOrder, OrderClient, PendingActivity } from './order-client.ts'
import { organisationKey, startOptions } from './start-options.ts'
import { blockedOrders } from './temporal-blocked-orders.ts'
import { reach, turnedAway } from './temporal-errors.ts'

/** How long each kind of question may take before it counts as not answered. */
const limitsMs = {
  start: 5_000,
  update: 10_000,
  query: 3_000,
  carried: 10_000,
  describe: 1_000,
  ping: 2_000,
  list: 20_000,
} as const

/** Orders on a Temporal server. The client's connection may be a lazy one, to a server that is not there yet. */
export function temporalOrderClient(client: Client, taskQueue: string = defaultTaskQueue): OrderClient {
  const within = <T>(limitMs: number, ask: () => Promise<T>) =>
    reach(() => client.connection.withDeadline(Date.now() + limitMs, ask))
  const handleOf = ({ organisation, orderNo }: OrderKey) =>
    client.workflow.getHandle(workflowIdOf(organisation, orderNo))

  return {
    async start(input) {
      try {
        const options = { ...startOptions(input), taskQueue, args: [input] }
        const handle = await within(limitsMs.start, () => client.workflow.start(orderWorkflow, options))
        return handle?.firstExecutionRunId ?? null
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return null
        throw error
      }
    },

    async command(key, request) {
      const updateId = `command/${digest([request.caller.actor, request.command.id])}`
      try {
        return await within(limitsMs.update, async () => {
          // An order answers where it accepts, in one workflow task: the same call brings both, and says of which run.
          const update = { args: [request] as [typeof request], updateId, waitForStage: 'ACCEPTED' as const }
          const handle = await handleOf(key).startUpdate(commandUpdate, update)
          const answer = await handle.result()
          return handle.workflowRunId === undefined ? answer : { ...answer, runId: handle.workflowRunId }
        })
      } catch (error) {
        const message = turnedAway(error)
        if (message === undefined) throw error
        return { ok: false, code: 'invalid', message }
      }
    },

    preview: (key, request) => within(limitsMs.query, () => handleOf(key).query(previewQuery, request)),

    fact: (key, fact) => {
      const updateId = `fact/${digest([fact.source, fact.id])}`
      return within(limitsMs.update, () => handleOf(key).executeUpdate(factUpdate, { args: [fact], updateId }))
    },

    merge: (key, message) =>
      within(limitsMs.update, () => handleOf(key).executeUpdate(mergeUpdate, { args: [message] })),

    state: async key => {
      const state = await within(limitsMs.query, () => handleOf(key).query(stateQuery))
      return state === null ? null : upcastState(state)
    },

    carried: async key => {
      try {
        const carried = await within(limitsMs.carried, () => handleOf(key).query(carriedQuery))
        return carried === null ? null : { ...carried, state: upcastState(carried.state) }
      } catch (error) {
        if (error instanceof QueryNotRegisteredError) return null
        throw error
      }
    },

    describe: key =>
      within(limitsMs.describe, async () => {
        const { runId, raw, status, closeTime } = await handleOf(key).describe()
        const how = status.name.toLowerCase().replaceAll('_', ' ')
        return {
          runId,
          ...(closeTime && { ended: { how, at: closeTime.toISOString() } }),
          activities: (raw.pendingActivities ?? []).filter(isUnderWay).map(pendingActivity),
        }
      }),

    async endedFromOutside(since) {
      const ended: EndedOrder[] = []
      const look = async () => {
        for await (const { workflowId, status, closeTime } of client.workflow.list({ query: endedQuery(since) })) {
          const key = orderOf(workflowId)
          const how = endings[status.name as keyof typeof endings]
          if (key === undefined || how === undefined || closeTime === undefined) continue
          // A reset ends one run and begins another.
          const latest = await client.workflow.getHandle(workflowId).describe()
          if (latest.status.name === status.name) ended.push({ ...key, how, endedAt: closeTime.toISOString() })
        }
      }
      await within(limitsMs.list, look)
      return ended
    },

    blocked: async () => (await within(limitsMs.list, () => blockedOrders(client))) ?? [],

    async wakeExceptionClock(organisation) {
      const input: ExceptionClockInput = { organisation }
      await within(limitsMs.start, () =>
        client.workflow.signalWithStart(exceptionClockWorkflow, {
          workflowId: exceptionClockIdOf(organisation),
          taskQueue,
          args: [input],
          signal: wakeSignal,
          staticSummary: `Tells people of the exceptions of ${organisation} that nobody acknowledges`,
        }),
      )
    },

    async runBulk({ organisation, id }) {
      const input: BulkInput = { organisation, id }
      await within(limitsMs.start, () =>
        client.workflow.start(bulkWorkflow, {
          workflowId: bulkWorkflowIdOf(organisation, id),
          workflowIdConflictPolicy: 'USE_EXISTING',
          taskQueue,
          args: [input],
          typedSearchAttributes: [{ key: organisationKey, value: organisation }],
        }),
      )
    },

    async ping() {
      const { namespace } = client.options
      await within(limitsMs.ping, () => client.workflowService.describeNamespace({ namespace }))
    },
  }
}

type RawActivity = NonNullable<
  Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>['raw']['pendingActivities']
>[number]

/** A journal batch that was stored quietly has nothing left to do. */
function isUnderWay({ lastFailure }: RawActivity): boolean {
  return lastFailure?.applicationFailureInfo?.type !== storedQuietly
}

function pendingActivity({ activityType, attempt, lastFailure }: RawActivity): PendingActivity {
  return {
    type: activityType?.name ?? '',
    attempt: attempt ?? 1,
    ...(lastFailure?.message ? { lastError: lastFailure.message } : {}),
  }
}

const endings = { TERMINATED: 'terminated', FAILED: 'failed', TIMED_OUT: 'timed out' } as const

function endedQuery(since: string): string {
  const closed = closedStatuses.map(status => `'${status}'`).join(', ')
  return `WorkflowType = '${orderWorkflow}' AND ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut')
    AND CloseTime > '${since}' AND OrderStatus NOT IN (${closed})`.replace(/\s+/g, ' ')
}

function digest(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
