import { processCatalogue } from '../commands/process-catalogue.ts'
import { readEnvironment } from '../config/environment.ts'
import { refuseInboxAlone } from '../config/load-channels.ts'
import { loadProcesses } from '../config/processes.ts'
import { temporalAccess } from '../config/temporal-access.ts'
import { connectorsDescription } from '../connectors/description.ts'
import { createConnectors } from '../connectors/registry.ts'
import { createChannels } from '../notices/channels.ts'
import { startOutbox } from '../notices/outbox.ts'
import { keepDirectory } from '../store/kept-directory.ts'
import { keepMatrices } from '../store/kept-matrices.ts'
import { openStore } from '../store/open-store.ts'
import { definitionSource } from './definition-source.ts'
import { keptBundle } from './kept-bundle.ts'
import { startWorker } from './start-worker.ts'
import { buildIdOf } from './versions/build-id.ts'
import { connected } from './versions/connected.ts'
import { defaultDeployment, makeCurrent } from './versions/deployment.ts'

/** `npm run worker`: a worker by itself, any number of them, against a Temporal server and PostgreSQL. */
async function main(): Promise<void> {
  const environment = readEnvironment(process.env)
  const { temporal, databaseUrl, dataFolder } = environment
  if (temporal.address === undefined) throw new Error('TEMPORAL_ADDRESS is not set; `npm start` runs everything in one')
  const processes = loadProcesses(environment.processesFolder)
  for (const { file, line, message } of processes.problems) console.error(`${file}:${line}  ${message}`)
  if (processes.problems.length > 0) throw new Error('the processes folder has problems')
  refuseInboxAlone(processes, environment.host)
  const channels = createChannels(processes.channels, process.env)
  const store = await openStore({ dataFolder, ...(databaseUrl === undefined ? {} : { databaseUrl }) })
  await store.storePeople(processes.directory.people, new Date().toISOString())
  const people = keepDirectory(store, processes.directory)
  const { texts, channels: description } = processes
  const outbox = startOutbox({ store, description, channels, texts, directory: people.known })
  const access = temporalAccess(temporal, temporal.address)
  const { namespace } = temporal
  const bundle = await keptBundle(dataFolder)
  const version = { deploymentName: defaultDeployment, buildId: environment.buildId ?? buildIdOf(bundle) }
  const worker = await startWorker(
    { access, namespace, bundle, version },
    {
      store,
      connectors: createConnectors(connectorsDescription.parse(processes.connectors), process.env),
      outbox,
      directory: people.today,
      exceptions: processes.exceptions,
      definition: definitionSource(processes, store),
      catalogue: processCatalogue(processes, store, keepMatrices(store, processes.matrices)),
    },
  )
  console.log(`worker polls ${temporal.address}, namespace ${namespace}`)
  process.once('SIGTERM', worker.stop)
  process.once('SIGINT', worker.stop)
  const when = environment.makeCurrent ? 'always' : 'if-none'
  await connected(access, namespace, client => makeCurrent(client, version, when)).then(
    current => console.log(currentText(version.buildId, current)),
    // The orders that it has begun go on all the same.
    (error: Error) => console.error(`version ${version.buildId} could not be made current: ${error.message}`),
  )
  await worker.ended
  await outbox.stop()
  await store.close()
}

function currentText(buildId: string, current: string): string {
  if (current === buildId) return `version ${buildId} is current: new orders go to it`
  return `version ${buildId} is not current, ${current} is: "nolimbo release ${buildId}" makes it so`
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
