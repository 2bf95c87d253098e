import { afterAllFiles } from './all-files.ts'
import { startPostgres, type TestPostgres } from './postgres-server.ts'

export { startPostgres, type TestPostgres, whyNoPostgres } from './postgres-server.ts'

let shared: Promise<TestPostgres> | null = null

/** One server for all test files of a mocha run. */
export function sharedPostgres(): Promise<TestPostgres> {
  shared ??= startPostgres()
  return shared
}

afterAllFiles('end the PostgreSQL server', async () => {
  await (await shared?.catch(() => null))?.remove()
})
