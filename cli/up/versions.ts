import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Client } from '@temporalio/client'
import type { WorkerDeploymentVersion } from '@temporalio/common'
import type { TemporalAccess } from '../../config/temporal-access.ts'
import type { RunningWorker } from '../../worker/start-worker.ts'
import { connected } from '../../worker/versions/connected.ts'
import { deploymentOf, makeCurrent } from '../../worker/versions/deployment.ts'
import { moveOrders } from '../../worker/versions/move-orders.ts'
import { whyNoMoves } from '../../worker/versions/server-version.ts'
import { countOpen, type Place } from '../../worker/versions/workflows-on.ts'
import type { Say } from './parts.ts'

export interface VersionsOptions {
  readonly access: TemporalAccess
  readonly namespace: string
  readonly taskQueue: string
  readonly dataFolder: string
  readonly version: WorkerDeploymentVersion
  readonly code: string
  /** Starts a worker with this code, for the orders that it has begun. */
  readonly startWorker: (version: WorkerDeploymentVersion, code: string) => Promise<RunningWorker>
  readonly say: Say
}

/** How long a start watches the orders move over; those that are in the middle of a call go later, by themselves. */
const patienceMs = 60_000

/**
 * Makes the code that is here the current version. Orders that earlier code has begun stay with that code, of which the
 * data folder has a copy, until they are idle; then they move over. `stop`: the workers that were started for them.
 */
export async function releaseHere(options: VersionsOptions): Promise<{ readonly stop: () => Promise<void> }> {
  const { access, namespace, version, say } = options
  keep(options)
  const workers = await connected(access, namespace, async client => {
    await makeCurrent(client, version, 'always')
    say('Version', `${version.buildId} is current`)
    return startEarlier(client, options)
  })
  const stopping = new AbortController()
  const moving = moveAll(options, stopping.signal).catch((error: Error) => {
    if (!stopping.signal.aborted) say('Version', `orders could not be moved: ${error.message}`)
  })
  return {
    async stop() {
      stopping.abort()
      await Promise.all([moving, ...workers.map(worker => worker.stop())])
    },
  }
}

const folderOf = ({ dataFolder }: VersionsOptions) => join(dataFolder, 'versions')

/** Whole or not at all: a copy that was cut off would be worse than none. */
function keep(options: VersionsOptions): void {
  const folder = folderOf(options)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${options.version.buildId}.js`)
  writeFileSync(`${file}.new`, options.code)
  renameSync(`${file}.new`, file)
}

async function startEarlier(client: Client, options: VersionsOptions): Promise<readonly RunningWorker[]> {
  const { deploymentName, buildId } = options.version
  const folder = folderOf(options)
  const kept = new Set(readdirSync(folder).flatMap(file => (file.endsWith('.js') ? [basename(file, '.js')] : [])))
  const { versions } = await deploymentOf(client, deploymentName)
  const workers: RunningWorker[] = []
  for (const earlier of versions) {
    if (earlier.buildId === buildId) continue
    const open = await countOpen(client, placeOf(options), earlier.buildId)
    const file = join(folder, `${earlier.buildId}.js`)
    if (open === 0) rmSync(file, { force: true })
    else if (kept.has(earlier.buildId)) {
      const worker = await options.startWorker({ deploymentName, buildId: earlier.buildId }, readFileSync(file, 'utf8'))
      worker.ended.catch((error: Error) => options.say('Version', `${earlier.buildId} ended: ${error.message}`))
      workers.push(worker)
      options.say('Version', `${earlier.buildId} runs too: ${open} open`)
    } else {
      options.say(
        'Version',
        `${open} are open on ${earlier.buildId}, whose code is not here: see docs/guide/releases.md`,
      )
    }
  }
  return workers
}

const placeOf = ({ taskQueue, version }: VersionsOptions): Place => ({
  deploymentName: version.deploymentName,
  taskQueue,
})

async function moveAll(options: VersionsOptions, signal: AbortSignal): Promise<void> {
  const { access, namespace, version, say } = options
  await connected(access, namespace, async client => {
    const noMoves = await whyNoMoves(client)
    if (noMoves !== undefined) return say('Version', noMoves)
    const where = { ...placeOf(options), buildId: version.buildId }
    const { moved, later } = await moveOrders(client, { ...where, patienceMs, signal })
    if (moved + later.length === 0) return
    const rest = later.length === 0 ? '' : `, ${later.length} go later ("nolimbo release" lists them)`
    say('Version', `${moved} moved to ${version.buildId}${rest}`)
  })
}
