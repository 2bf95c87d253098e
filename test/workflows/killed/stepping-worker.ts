import type { Connectors } from '../../../connectors/registry.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import type { OrderClient } from '../../../order-client/order-client.ts'
import type { Store } from '../../../store/open-store.ts'
import { type RunningWorker, startWorker } from '../../../worker/start-worker.ts'
import { sandboxConnectors } from '../../connectors/sandbox/sandbox-connectors.ts'
import { catalogue, exceptionRules, people } from '../../domain/definitions.ts'
import { hushRuntime } from '../hush-runtime.ts'

/** By which an order touches another, a call of a connector, or a command of a bulk. */
export type Step = 'ask' | 'go' | 'close' | 'release' | 'row' | 'start' | 'note' | 'call' | 'command'

export interface SteppingSetting {
  readonly address: string
  readonly taskQueue: string
  readonly sandboxUrl: string
  readonly definition: CompiledDefinition
}

/** A worker on PostgreSQL; `step` does each of its steps. */
export function startSteppingWorker(
  { address, taskQueue, sandboxUrl, definition }: SteppingSetting,
  { store, code }: { readonly store: Store; readonly code: string },
  step: <T>(name: Step, act: () => Promise<T>) => Promise<T>,
): Promise<RunningWorker> {
  hushRuntime()
  const connectors: Connectors = sandboxConnectors(sandboxUrl)
  return startWorker(
    { access: { address }, namespace: 'default', taskQueue, bundle: { code, sourceMap: '' } },
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
      connectors: { ...connectors, call: (...asked) => step('call', () => connectors.call(...asked)) },
      directory: () => people,
      exceptions: exceptionRules,
      definition: async () => definition,
      catalogue,
    },
  )
}
