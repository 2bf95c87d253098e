import type { Client } from '@temporalio/client'
import { defineSearchAttributeKey } from '@temporalio/common'
import { storedQuietly } from '../../workflows/messages.ts'
import { codeOf } from './deployment.ts'

/** Where workflows are to be looked for. */
export interface Place {
  readonly deploymentName: string
  readonly taskQueue: string
}

const running = ({ taskQueue }: Place) => `TaskQueue = "${taskQueue}" AND ExecutionStatus = "Running"`

function onVersion({ deploymentName }: Place, buildId: string | null): string {
  if (buildId === null) return 'TemporalWorkerDeploymentVersion IS NULL'
  return `TemporalWorkerDeploymentVersion = "${deploymentName}:${buildId}"`
}

/** Open workflows of a version, clocks of exceptions included; null: of none, from before there were versions. */
export async function countOpen(client: Client, place: Place, buildId: string | null): Promise<number> {
  const { count } = await client.workflow.count(`${running(place)} AND ${onVersion(place, buildId)}`)
  return Number(count)
}

/** Those on any other version, or on none: workflow id and build id. */
export async function* openElsewhere(
  client: Client,
  place: Place,
  buildId: string,
): AsyncGenerator<{ readonly workflowId: string; readonly buildId: string | null }> {
  const elsewhere = `(TemporalWorkerDeploymentVersion != "${place.deploymentName}:${buildId}" OR ${onVersion(place, null)})`
  const query = `${running(place)} AND ${elsewhere}`
  for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query })) {
    const version = typedSearchAttributes.get(versionKey)
    yield { workflowId, buildId: version?.slice(place.deploymentName.length + 1) ?? null }
  }
}

/** `<deployment>:<build id>`, kept by the server. */
const versionKey = defineSearchAttributeKey('TemporalWorkerDeploymentVersion', 'KEYWORD')

/** A long poll lasts a minute; the server remembers a poller for longer than it is there. */
const lastSeenMs = 90_000

/** Build ids of the workers that poll, each with their number; under null those without a version. */
export async function pollers(client: Client, place: Place): Promise<ReadonlyMap<string | null, number>> {
  const { namespace } = client.options
  const taskQueue = { name: place.taskQueue }
  const described = await client.workflowService.describeTaskQueue({ namespace, taskQueue, taskQueueType: 1 })
  const alive = (described.pollers ?? []).filter(
    ({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000 < lastSeenMs,
  )
  const byVersion = Map.groupBy(alive, ({ deploymentOptions }) => deploymentOptions?.buildId || null)
  return new Map([...byVersion].map(([version, workers]) => [version, workers.length]))
}

/** One workflow as it stands. */
export type Standing =
  | { readonly is: 'ended' }
  | { readonly is: 'open'; readonly buildId: string | null; readonly why: string }

export async function standing(client: Client, workflowId: string): Promise<Standing> {
  try {
    const { status, raw } = await client.workflow.getHandle(workflowId).describe()
    if (status.name !== 'RUNNING') return { is: 'ended' }
    const buildId = raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId || null
    return { is: 'open', buildId, why: whyItStays(raw) }
  } catch (error) {
    if (codeOf(error) === notFound || (error as Error).name === 'WorkflowNotFoundError') return { is: 'ended' }
    throw error
  }
}

const notFound = 5

type Raw = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>['raw']

function whyItStays({ pendingActivities, pendingWorkflowTask }: Raw): string {
  if ((pendingWorkflowTask?.attempt ?? 1) > 1)
    return `its workflow task has failed ${pendingWorkflowTask!.attempt! - 1} times`
  const underWay = (pendingActivities ?? []).filter(
    ({ lastFailure }) => lastFailure?.applicationFailureInfo?.type !== storedQuietly,
  )
  const calls = underWay.map(({ activityType, attempt, lastFailure }) => {
    const failure = lastFailure?.message ? `: ${lastFailure.message}` : ''
    return `${activityType?.name} is under way, attempt ${attempt ?? 1}${failure}`
  })
  if (calls.length > 0) return calls.join('; ')
  return pendingWorkflowTask ? 'no worker has taken its task yet' : 'has not moved yet'
}
