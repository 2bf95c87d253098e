import { mkdirSync } from 'node:fs'
import { publishDefinitions } from '../../api/publish-definitions.ts'
import { startApi } from '../../api/serve.ts'
import { processCatalogue } from '../../commands/process-catalogue.ts'
import type { AuthKind } from '../../config/auth-environment.ts'
import { readEnvironment } from '../../config/environment.ts'
import { refuseInboxAlone } from '../../config/load-channels.ts'
import { type LoadedProcesses, loadProcesses } from '../../config/processes.ts'
import { temporalAccess } from '../../config/temporal-access.ts'
import { connectorsDescription } from '../../connectors/description.ts'
import { createConnectors } from '../../connectors/registry.ts'
import { createChannels } from '../../notices/channels.ts'
import { startOutbox } from '../../notices/outbox.ts'
import { keepDirectory } from '../../store/kept-directory.ts'
import { keepMatrices } from '../../store/kept-matrices.ts'
import { openStore, type Store } from '../../store/open-store.ts'
import { definitionSource } from '../../worker/definition-source.ts'
import { keptBundle } from '../../worker/kept-bundle.ts'
import { startWorker } from '../../worker/start-worker.ts'
import { buildIdOf } from '../../worker/versions/build-id.ts'
import { defaultDeployment } from '../../worker/versions/deployment.ts'
import { defaultTaskQueue } from '../../workflows/messages.ts'
import { lockDataFolder } from '../data-folder-lock.ts'
import { endLeftovers, startRunningRecord } from '../running.ts'
import { watchLauncher } from '../watch-launcher.ts'
import { sandboxPart, temporalPart } from './parts.ts'
import { usablePorts } from './usable-ports.ts'
import { releaseHere } from './versions.ts'

export interface Up {
  readonly apiUrl: string
  readonly sandboxUrl: string
  /** Undefined: TEMPORAL_ADDRESS names a server, whose Web UI is not known. */
  readonly temporalUiUrl?: string
  readonly store: Store
  /** Rejected when the worker fails for good. */
  readonly failed: Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts everything, in the order in which the parts need each other; what has been started is ended if one fails. */
export async function startUp(): Promise<Up> {
  const begun = Date.now()
  const given = readEnvironment(process.env)
  const { dataFolder } = given
  const processes = loadProcesses(given.processesFolder)
  refuseProblems(processes)
  refuseInboxAlone(processes, given.host)
  const channels = createChannels(processes.channels, process.env)
  mkdirSync(dataFolder, { recursive: true })
  const lock = lockDataFolder(dataFolder)
  const toStop: (() => Promise<unknown>)[] = [async () => lock.release()]
  const stop = async (): Promise<void> => {
    while (toStop.length > 0)
      await toStop
        .pop()?.()
        .catch((error: Error) => console.error(error.message))
  }
  watchLauncher(() => void stop().finally(() => process.exit(1)))
  try {
    const leftovers = await endLeftovers(dataFolder)
    for (const { name, pid } of leftovers) say('Clean-up', `ended ${name} (pid ${pid}), left by an earlier start`)
    const running = startRunningRecord(dataFolder)
    const environment = await usablePorts(given)
    say('Data', dataFolder)
    const bundling = keptBundle(dataFolder)
    // Awaited later; that it fails while something else does is no second error.
    bundling.catch(() => {})
    const started = <T extends { stop: () => Promise<unknown> }>(part: T): T => {
      toStop.push(part.stop)
      return part
    }
    const [temporal, sandbox, store] = await allStarted([
      temporalPart(environment, running, say).then(started),
      sandboxPart(environment, `http://${environment.host}:${environment.port}`, running, say).then(started),
      openStore({
        ...(environment.databaseUrl === undefined ? {} : { databaseUrl: environment.databaseUrl }),
        dataFolder,
      }).then(opened => {
        toStop.push(() => opened.close())
        say('Store', environment.databaseUrl === undefined ? 'PGlite in the data folder' : 'PostgreSQL (DATABASE_URL)')
        return opened
      }),
    ])
    await store.storePeople(processes.directory.people, new Date().toISOString())
    await publishDefinitions(store, processes, new Date().toISOString())
    say(
      'Processes',
      processes.definitions.map(({ definition: { process: id, version } }) => `${id} v${version}`).join(', '),
    )
    const connectors = createConnectors(connectorsDescription.parse(processes.connectors), {
      SANDBOX_URL: sandbox.url,
      ...process.env,
    })
    const people = keepDirectory(store, processes.directory)
    const { texts, channels: description } = processes
    const outbox = startOutbox({ store, description, channels, texts, directory: people.known })
    toStop.push(outbox.stop)
    const { code } = await bundling
    const version = { deploymentName: defaultDeployment, buildId: environment.buildId ?? buildIdOf({ code }) }
    const { namespace } = environment.temporal
    const access = temporalAccess(environment.temporal, temporal.address)
    const workerOf = (which: typeof version, itsCode: string) =>
      startWorker(
        { access, namespace, bundle: { code: itsCode }, version: which },
        {
          store,
          connectors,
          outbox,
          directory: people.today,
          exceptions: processes.exceptions,
          definition: definitionSource(processes, store),
          catalogue: processCatalogue(processes, store, keepMatrices(store, processes.matrices)),
        },
      )
    const worker = await workerOf(version, code)
    toStop.push(worker.stop)
    say('Worker', 'polls for orders')
    const release = {
      access,
      namespace,
      taskQueue: defaultTaskQueue,
      dataFolder,
      version,
      code,
      startWorker: workerOf,
      say,
    }
    const releasing = releaseHere(release)
    releasing.catch(() => {})
    const api = await startApi({
      environment,
      store,
      processes,
      outbox,
      temporalAddress: temporal.address,
      ...(temporal.uiUrl === undefined ? {} : { temporalUiUrl: temporal.uiUrl }),
    })
    toStop.push(api.close)
    say('API', api.url)
    toStop.push((await releasing).stop)
    printUrls(api.url, temporal.uiUrl, Date.now() - begun, environment.auth.kinds)
    const urls = { apiUrl: api.url, sandboxUrl: sandbox.url, ...(temporal.uiUrl && { temporalUiUrl: temporal.uiUrl }) }
    return { ...urls, store, failed: worker.ended, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Where one fails the others are waited for all the same: what has started must be known to be stopped. */
async function allStarted<T extends readonly unknown[]>(parts: readonly [...{ [I in keyof T]: Promise<T[I]> }]) {
  await Promise.allSettled(parts)
  return Promise.all(parts)
}

function refuseProblems(processes: LoadedProcesses): void {
  if (processes.problems.length === 0) return
  const lines = processes.problems.map(({ file, line, message }) => `  ${file}${line ? `:${line}` : ''}  ${message}`)
  throw new Error(`the processes folder has problems:\n${lines.join('\n')}`)
}

export function say(part: string, what: string): void {
  console.log(`${part.padEnd(10)} ${what}`)
}

function printUrls(api: string, ui: string | undefined, tookMs: number, auth: readonly AuthKind[]): void {
  const demo = auth.includes('demo')
  const key = demo ? 'demo-<person>, e.g. demo-shop, demo-mei' : auth.includes('keys') ? '<API key>' : '<token>'
  const warning = demo
    ? '\n  Demo keys        are accepted: whoever reaches this address can be anyone (NOLIMBO_AUTH)'
    : ''
  console.log(`
nolimbo is up after ${(tookMs / 1000).toFixed(1)} s. Ctrl-C ends everything.
  API              ${api}/api/orders   (Authorization: Bearer ${key})${warning}
  OpenAPI          ${api}/openapi.json
  Health           ${api}/readyz
  Temporal Web UI  ${ui ?? '(of the server that TEMPORAL_ADDRESS names)'}
`)
}
