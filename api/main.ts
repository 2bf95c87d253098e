import { pino } from 'pino'
import { readEnvironment } from '../config/environment.ts'
import { refuseInboxAlone } from '../config/load-channels.ts'
import { loadProcesses } from '../config/processes.ts'
import { createChannels } from '../notices/channels.ts'
import { startOutbox } from '../notices/outbox.ts'
import { keepDirectory } from '../store/kept-directory.ts'
import { openStore } from '../store/open-store.ts'
import { publishDefinitions } from './publish-definitions.ts'
import { startApi } from './serve.ts'

/** `npm run api`: the API by itself, any number of them, against a Temporal server and PostgreSQL. */
async function main(): Promise<void> {
  const logger = pino({ name: 'nolimbo-api' })
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
  await publishDefinitions(store, processes, new Date().toISOString())
  const { texts, channels: description } = processes
  const people = keepDirectory(store, processes.directory)
  const outbox = startOutbox({ store, description, channels, texts, directory: people.known })
  const api = await startApi({ environment, store, processes, outbox, temporalAddress: temporal.address, logger })
  logger.info({ url: api.url }, 'the API answers')
  if (environment.auth.kinds.includes('demo'))
    logger.warn('demo keys are accepted: whoever reaches this address can be anyone')
  const asked = Promise.withResolvers<void>()
  process.once('SIGTERM', () => asked.resolve())
  process.once('SIGINT', () => asked.resolve())
  await asked.promise
  await api.close()
  await outbox.stop()
  await store.close()
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
