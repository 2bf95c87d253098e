/**
 * Real Temporal servers for tests, one of each kind in a mocha process: started when a test first asks, ended after the last test.
 * The programs are kept in `.nolimbo/bin` of the repository, so only the very first run downloads them.
 */
import { join } from 'node:path'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import type { FoundProgram } from '../cli/temporal/find-program.ts'
import { findTemporal, findTestServer } from '../cli/temporal/find-temporal.ts'
import { type LocalTemporal, startTemporal } from '../cli/temporal/start-temporal.ts'

const DATA_FOLDER = join(import.meta.dirname, '../.nolimbo')
const DOWNLOAD_TIMEOUT_MS = 600_000

/** So that a workflow task that fails is reported after two failures, not after five: those take most of a minute. */
const dynamicConfig = { 'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute': 2 }

let program: Promise<FoundProgram> | undefined
let server: Promise<LocalTemporal> | undefined
let environment: Promise<TestWorkflowEnvironment> | undefined

/** The Temporal CLI: what `startTemporal` needs. */
export const temporalProgram = (): Promise<FoundProgram> => {
  program ??= findTemporal({ dataFolder: DATA_FOLDER })
  return program
}

/** A dev server in memory, shared by all tests: use workflow ids and task queues of your own. Its namespace is `default`. */
export const devServer = (): Promise<LocalTemporal> => {
  server ??= temporalProgram().then(({ path }) =>
    startTemporal({ executable: path, port: 0, uiPort: 'none', onLine: () => {}, dynamicConfig }),
  )
  return server
}

/** A server whose clock jumps to the next timer. Its clock is global, so only one test at a time may use it. */
export const timeSkippingServer = (): Promise<TestWorkflowEnvironment> => {
  environment ??= findTestServer({ dataFolder: DATA_FOLDER }).then(({ path }) =>
    TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } }),
  )
  return environment
}

// A download takes longer than the first test that needs it may.
before('find the Temporal CLI', async function () {
  this.timeout(DOWNLOAD_TIMEOUT_MS)
  await temporalProgram()
})

after('end the Temporal servers', async function () {
  this.timeout(30_000)
  await (await server)?.stop()
  await (await environment)?.teardown()
})
