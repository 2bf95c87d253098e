/**
 * Lets the Temporal SDK download the dev server into a folder: `node cli/temporal/sdk-download.ts <folder> <version>`.
 * A process of its own, because the SDK starts a server at once, and its runtime can be set up only once in a process.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing'

const [downloadDir, version] = process.argv.slice(2)
if (downloadDir === undefined || version === undefined) throw new Error('Usage: sdk-download.ts <folder> <version>')
const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir, version } },
})
await environment.teardown()
