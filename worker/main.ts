import { readEnvironment } from '../config/environment.ts'
import { refuseInboxAlone } from '../config/load-channels.ts'
import { loadProcesses } from '../config/processes.ts'
import { temporalAccess } from '../config/temporal-access.ts'
import { connectorsDescription } from '../connectors/description.ts'
import { createConnectors } from '../connectors/registry.ts'
import { createChannels } from '../notices/channels.ts'
import { startOutbox } from '../notices/outbox.ts'
import { keepDirectory } from '../store/kept-directory.ts'
import { openStore } from '../store/open-store.ts'
import { definitionSource } from './definition-source.ts'
import { startWorker } from './start-worker.ts'

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
  const worker = await startWorker(
    { access: temporalAccess(temporal, temporal.address), namespace: temporal.namespace },
    {
      store,
      connectors: createConnectors(connectorsDescription.parse(processes.connectors), process.env),
      outbox,
      directory: people.today,
      exceptions: processes.exceptions,
      definition: definitionSource(processes, store),
    },
  )
  console.log(`worker polls ${temporal.address}, namespace ${temporal.namespace}`)
  process.once('SIGTERM', worker.stop)
  process.once('SIGINT', worker.stop)
  await worker.ended
  await outbox.stop()
  await store.close()
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
