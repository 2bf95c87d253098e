import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { connectorsDescription } from '../../../connectors/description.ts'
import { type Connectors, createConnectors } from '../../../connectors/registry.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import type { OrderClient } from '../../../order-client/order-client.ts'
import { openStore } from '../../../store/open-store.ts'
import { startWorker } from '../../../worker/start-worker.ts'
import { exceptionRules, people } from '../../domain/definitions.ts'

/*
 * A worker on PostgreSQL that kills itself with -9 right before the n-th step by which it touches another order, or
 * before or right after the n-th call that it makes for one.
 */

export interface DyingSetting {
  readonly address: string
  readonly taskQueue: string
  readonly bundleFile: string
  readonly sandboxUrl: string
  readonly databaseUrl: string
  readonly definition: CompiledDefinition
  /** What counts as a step: reaching for another order; each call of a connector and, once more, its answer. */
  readonly counts: 'other orders' | 'calls'
  /** From 1; 0: never. */
  readonly diesAt: number
}

process.once('disconnect', () => process.exit(0))

const setting = JSON.parse(process.env.WORKER_SETTING ?? '') as DyingSetting
const description = readFileSync(join(import.meta.dirname, '../../../processes/connectors.yaml'), 'utf8')

let steps = 0
function mayDie(counted: DyingSetting['counts']): void {
  if (counted !== setting.counts) return
  steps += 1
  if (steps === setting.diesAt) process.kill(process.pid, 'SIGKILL')
}

function dying<A extends unknown[], T>(act: (...args: A) => Promise<T>) {
  return async (...args: A): Promise<T> => {
    mayDie('other orders')
    return act(...args)
  }
}

/** What takes effect and is not told of, and what is not even begun. */
function dyingAround(connectors: Connectors): Connectors {
  return {
    ...connectors,
    async call(...asked) {
      mayDie('calls')
      const outcome = await connectors.call(...asked)
      mayDie('calls')
      return outcome
    },
  }
}

const store = await openStore({ dataFolder: '', databaseUrl: setting.databaseUrl })
await startWorker(
  {
    access: { address: setting.address },
    namespace: 'default',
    taskQueue: setting.taskQueue,
    bundle: { code: readFileSync(setting.bundleFile, 'utf8'), sourceMap: '' },
  },
  {
    store: { ...store, insertOrder: dying(store.insertOrder), markStarted: dying(store.markStarted) },
    orders: (straight: OrderClient) => ({
      ...straight,
      start: dying(straight.start),
      command: dying(straight.command),
    }),
    connectors: dyingAround(
      createConnectors(connectorsDescription.parse(parse(description)), { SANDBOX_URL: setting.sandboxUrl }),
    ),
    directory: () => people,
    exceptions: exceptionRules,
    definition: async () => setting.definition,
  },
)
process.send?.('ready')
