import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { IllegalStateError, type WorkerDeploymentVersion } from '@temporalio/common'
import {
  bundleWorkflowCode,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker'
import { type ActivityDependencies, createActivities } from '../activities/create-activities.ts'
import type { TemporalAccess } from '../config/temporal-access.ts'
import type { OrderClient } from '../order-client/order-client.ts'
import { temporalOrderClient } from '../order-client/temporal-order-client.ts'
import { defaultTaskQueue } from '../workflows/messages.ts'
import { registerSearchAttributes } from './register-search-attributes.ts'
import { workerLogger } from './worker-logger.ts'

export interface WorkerOptions {
  readonly access: TemporalAccess
  readonly namespace: string
  readonly taskQueue?: string
  /** Bundled once by whoever starts several. */
  readonly bundle?: { readonly code: string; readonly sourceMap?: string }
  /** How many orders it keeps in memory between their tasks; 0: each task begins with a replay. Default: by memory. */
  readonly cachedOrders?: number
  /** Its code's name: the orders that it has begun stay with workers of that name. Default: it has none. */
  readonly version?: WorkerDeploymentVersion
}

/** `orders`: how the activities reach other orders, if not straight. */
export type WorkerDependencies = Omit<ActivityDependencies, 'orders'> & {
  readonly orders?: (straight: OrderClient) => OrderClient
}

export interface RunningWorker {
  /** Fulfilled when it has stopped; rejected when it has failed. */
  readonly ended: Promise<void>
  /** Takes nothing new, finishes what is under way (ten seconds at most), then closes its connection. */
  readonly stop: () => Promise<void>
}

/** While the server is away each poller would warn of each of its attempts; that is said once, by others. */
const coreLogs = 'ERROR,temporalio_sdk_core=WARN'

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))

/**
 * The workflows as one script, as the worker's sandbox loads it. Its modules are loaded once for all orders: they are
 * frozen, and what they remember (parsed expressions, indexes of calendars) follows from what it is remembered for.
 */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath, preloadModules: [workflowsPath], logger: workerLogger })
}

/** Connects, registers the search attributes and polls for orders' tasks. */
export async function startWorker(options: WorkerOptions, deps: WorkerDependencies): Promise<RunningWorker> {
  const { access, namespace, taskQueue = defaultTaskQueue } = options
  quietRuntime()
  const clientConnection = await Connection.connect(access)
  const client = new Client({ connection: clientConnection, namespace })
  try {
    await registerSearchAttributes(client, namespace)
  } catch (error) {
    await clientConnection.close()
    throw error
  }
  const straight = temporalOrderClient(client, taskQueue)
  const connection = await NativeConnection.connect(access)
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: options.bundle ?? (await bundleWorkflows()),
    activities: createActivities({ ...deps, orders: deps.orders?.(straight) ?? straight }),
    maxConcurrentActivityTaskExecutions: 200,
    ...(options.version && {
      workerDeploymentOptions: {
        useWorkerVersioning: true,
        version: options.version,
        defaultVersioningBehavior: 'PINNED',
      },
    }),
    ...(options.cachedOrders === undefined ? {} : { maxCachedWorkflows: options.cachedOrders }),
    // A hold or cancel must reach a run within two seconds.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
    // Of a worker that has died: then another one takes its orders over.
    stickyQueueScheduleToStartTimeout: '5s',
    shutdownGraceTime: '5s',
    shutdownForceTime: '10s',
  })
  const ended: Promise<void> = worker.run().finally(() => Promise.all([connection.close(), clientConnection.close()]))
  return {
    ended,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown()
      await ended
    },
  }
}

/** Temporal's runtime is one for the whole process; its logger can be chosen once, before its first use. */
function quietRuntime(): void {
  try {
    Runtime.install({ logger: workerLogger, telemetryOptions: { logging: { filter: coreLogs } } })
  } catch (error) {
    // Somebody has chosen before.
    if (!(error instanceof IllegalStateError)) throw error
  }
}
