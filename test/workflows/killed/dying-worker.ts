import { readFileSync } from 'node:fs'
import type { Connectors } from '../../../connectors/registry.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import type { OrderClient } from '../../../order-client/order-client.ts'
import { openStore } from '../../../store/open-store.ts'
import { startWorker } from '../../../worker/start-worker.ts'
import { sandboxConnectors } from '../../connectors/sandbox/sandbox-connectors.ts'
import { catalogue, exceptionRules, people } from '../../domain/definitions.ts'
import { hushRuntime } from '../hush-runtime.ts'

/*
 * A worker on PostgreSQL that kills itself with -9 right before or right after a step: one by which an order touches
 * another, a call of a connector, or a command of a bulk.
 */

export interface DyingSetting {
  readonly address: string
  readonly taskQueue: string
  readonly bundleFile: string
  readonly sandboxUrl: string
  readonly databaseUrl: string
  readonly definition: CompiledDefinition
  /** Null: never. */
  readonly dies: Death | null
}

export interface Death {
  readonly when: 'before' | 'after'
  readonly step: 'ask' | 'go' | 'close' | 'release' | 'row' | 'start' | 'note' | 'call' | 'command'
  /** From 1. */
  readonly nth: number
}

process.once('disconnect', () => process.exit(0))

const setting = JSON.parse(process.env.WORKER_SETTING ?? '') as DyingSetting

const counts = new Map<string, number>()

/** Does a step, and dies at it if it is the one. */
async function step<T>(name: Death['step'], act: () => Promise<T>): Promise<T> {
  const nth = (counts.get(name) ?? 0) + 1
  counts.set(name, nth)
  const { dies } = setting
  const isTheOne = dies?.step === name && dies.nth === nth
  if (isTheOne && dies.when === 'before') process.kill(process.pid, 'SIGKILL')
  const done = await act()
  if (isTheOne) process.kill(process.pid, 'SIGKILL')
  return done
}

/** What takes effect and is not told of, and what is not even begun. */
function dyingAround(connectors: Connectors): Connectors {
  return {
    ...connectors,
    call: (...asked) => step('call', () => connectors.call(...asked)),
  }
}

const store = await openStore({ dataFolder: '', databaseUrl: setting.databaseUrl })
hushRuntime()
await startWorker(
  {
    access: { address: setting.address },
    namespace: 'default',
    taskQueue: setting.taskQueue,
    bundle: { code: readFileSync(setting.bundleFile, 'utf8'), sourceMap: '' },
  },
  {
    store: {
      ...store,
      insertOrder: order => step('row', () => store.insertOrder(order)),
      markStarted: (...which) => step('note', () => store.markStarted(...which)),
    },
    orders: (straight: OrderClient) => ({
      ...straight,
      command: (...asked) => step('command', () => straight.command(...asked)),
      start: input => step('start', () => straight.start(input)),
      merge: (key, message) => step(message.kind, () => straight.merge(key, message)),
    }),
    connectors: dyingAround(sandboxConnectors(setting.sandboxUrl)),
    directory: () => people,
    exceptions: exceptionRules,
    definition: async () => setting.definition,
    catalogue,
  },
)
process.send?.('ready')
