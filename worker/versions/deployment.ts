import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { WorkerDeploymentVersion } from '@temporalio/common'

/** Of nolimbo's own workers; their versions are listed under it in the Temporal Web UI. */
export const defaultDeployment = 'nolimbo'

/** The server learns of a version by its first poll. */
const knownWithinMs = 30_000
const againMs = 250

/** `always`: this one, whichever was. `if-none`: the first one; after it, `nolimbo release` decides. */
export type MakeCurrent = 'always' | 'if-none'

/** gRPC status codes. */
const notFound = 5
const failedPrecondition = 9
const unimplemented = 12

/**
 * Makes a version the one that new orders get, as soon as the server knows of its pollers: the build id that is current
 * then, which may be another one.
 */
export async function makeCurrent(
  client: Client,
  version: WorkerDeploymentVersion,
  when: MakeCurrent,
): Promise<string> {
  const { deploymentName, buildId } = version
  const giveUpAtMs = performance.now() + knownWithinMs
  for (;;) {
    try {
      const { current, conflictToken } = await deploymentOf(client, deploymentName)
      if (current === buildId || (current !== undefined && when === 'if-none')) return current
      await client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: client.options.namespace,
        deploymentName,
        buildId,
        // Of two first ones only one is to be it.
        ...(when === 'if-none' ? { conflictToken } : {}),
        identity: client.options.identity,
      })
      return buildId
    } catch (error) {
      const code = codeOf(error)
      if (code === unimplemented) throw new Error(tooOld, { cause: error })
      // Not known yet, or another worker was faster.
      if (code !== notFound && code !== failedPrecondition) throw error
      if (performance.now() > giveUpAtMs) throw error
      await pause(againMs)
    }
  }
}

const tooOld = 'the Temporal server does not know worker deployments'

export interface Deployment {
  /** The build id that new orders get; undefined: unversioned workers get them. */
  readonly current: string | undefined
  readonly conflictToken: Uint8Array
  readonly versions: readonly DeploymentVersion[]
}

export interface DeploymentVersion {
  readonly buildId: string
  readonly createdAt: string
  /** What the server knows by now: it looks every few minutes only. */
  readonly drainage: 'draining' | 'drained' | 'unknown'
}

const drainages = ['unknown', 'draining', 'drained'] as const

/** @throws ServiceError NOT_FOUND while none of its workers has ever polled */
export async function deploymentOf(client: Client, deploymentName: string): Promise<Deployment> {
  const { namespace } = client.options
  const described = await client.workflowService.describeWorkerDeployment({ namespace, deploymentName })
  const { routingConfig, versionSummaries } = described.workerDeploymentInfo ?? {}
  const versions = (versionSummaries ?? []).map(({ deploymentVersion, createTime, drainageStatus }) => ({
    buildId: deploymentVersion?.buildId ?? '',
    createdAt: new Date(Number(createTime?.seconds ?? 0) * 1000).toISOString(),
    drainage: drainages[drainageStatus ?? 0] ?? 'unknown',
  }))
  return {
    current: routingConfig?.currentDeploymentVersion?.buildId || undefined,
    conflictToken: described.conflictToken ?? new Uint8Array(),
    versions: versions.sort((one, other) => other.createdAt.localeCompare(one.createdAt)),
  }
}

export function codeOf(error: unknown): number | undefined {
  return (error as { code?: number }).code ?? (error as { cause?: { code?: number } }).cause?.code
}
