import { readFileSync } from 'node:fs'
import type { WorkerDeploymentVersion } from '@temporalio/common'
import type { Store } from '../../../store/open-store.ts'
import { startWorker } from '../../../worker/start-worker.ts'
import { sandboxConnectors } from '../../connectors/sandbox/sandbox-connectors.ts'
import { catalogue, exceptionRules, people } from '../../domain/definitions.ts'
import { hushRuntime } from '../hush-runtime.ts'
import { appendToFile } from './journal-file.ts'

/* A worker in a process of its own, to be killed. It writes the journal to a file, where a kill leaves it whole. */

export interface WorkerSetting {
  readonly address: string
  readonly taskQueue: string
  readonly bundleFile: string
  readonly journalFile: string
  readonly sandboxUrl: string
  /** Default: a worker without a version. */
  readonly version?: WorkerDeploymentVersion
}

// Whoever started us has gone.
process.once('disconnect', () => process.exit(0))

const setting = JSON.parse(process.env.WORKER_SETTING ?? '') as WorkerSetting

const store: Pick<Store, 'append' | 'insertNotices'> = {
  append: async batch => appendToFile(setting.journalFile, batch),
  insertNotices: async notices => notices.length,
}

hushRuntime()
await startWorker(
  {
    access: { address: setting.address },
    namespace: 'default',
    taskQueue: setting.taskQueue,
    bundle: { code: readFileSync(setting.bundleFile, 'utf8') },
    ...(setting.version && { version: setting.version }),
  },
  {
    store: store as Store,
    connectors: sandboxConnectors(setting.sandboxUrl),
    directory: () => people,
    exceptions: exceptionRules,
    definition: async () => undefined as never,
    catalogue,
  },
)
process.send?.('ready')
