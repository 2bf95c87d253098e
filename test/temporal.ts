import { type LocalTemporal, startTemporal } from '../cli/temporal/start-temporal.ts'
import { afterAllFiles, beforeAllFiles } from './all-files.ts'
import { temporalProgram } from './temporal-program.ts'

export { temporalProgram } from './temporal-program.ts'

/** So that a workflow task that fails is reported after two failures, not after five: those take most of a minute. */
const dynamicConfig = { 'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute': 2 }

let server: Promise<LocalTemporal> | undefined

/**
 * A real dev server in memory, started when a test first asks and shared by all tests of this process: use workflow ids
 * and task queues of your own. Its namespace is `default`.
 */
export function devServer(): Promise<LocalTemporal> {
  server ??= temporalProgram().then(({ path }) =>
    startTemporal({ executable: path, port: 0, uiPort: 'none', onLine: () => {}, dynamicConfig }),
  )
  return server
}

// A download takes longer than the first test that needs it may.
beforeAllFiles('find the Temporal CLI', 600_000, async () => {
  await temporalProgram()
})

afterAllFiles('end the Temporal server', async () => {
  await (await server)?.stop()
})
