import type { Client } from '@temporalio/client'
import type { Duration } from '@temporalio/common'
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import type { Directory } from '../../domain/directory.ts'
import type { ExceptionRules } from '../../domain/exception/exception-rules.ts'
import type { Order } from '../../domain/order/order.ts'
import type { Store } from '../../store/open-store.ts'
import {
  type RunningWorker,
  startWorker,
  type WorkerDependencies,
  type WorkerOptions,
} from '../../worker/start-worker.ts'
import { startInput } from '../../workflows/messages.ts'
import { catalogue, exceptionRules, people } from '../domain/definitions.ts'
import { orderOf } from '../domain/specification.ts'
import { type FragileStore, fragile } from './fragile-store.ts'
import { hushRuntime } from './hush-runtime.ts'
import { OrderUnderTest } from './order-under-test.ts'
import { ScriptedConnectors } from './scripted-connectors.ts'

/** How an order is placed; its number is given, and differs from that of any other. */
export interface Placement {
  readonly order?: Partial<Order> & { readonly total?: number }
  /** That of another order, instead of one of its own. */
  readonly definition?: CompiledDefinition
  /** Before the order's workflow is started. */
  readonly before?: (order: OrderUnderTest) => void
  /** After so many Updates a new run begins. */
  readonly mostUpdates?: number
  /** How long a worker may take for a task before another one gets it; default: ten seconds. */
  readonly taskTimeout?: Duration
  /** Instead of simply starting it. */
  readonly start?: 'not_yet'
}

/** What all worlds of a process share. */
export interface Surroundings {
  readonly address: string
  readonly client: Client
  readonly store: Store
  readonly bundle: WorkflowBundleWithSourceMap
}

let orders = 0
let queues = 0

/** Orders on a real Temporal server, on a task queue of their own, with a real store and outside systems that do as told. */
export class World {
  readonly taskQueue: string
  readonly client: Client
  readonly store: FragileStore
  readonly connectors = new ScriptedConnectors()
  readonly surroundings: Surroundings
  /** Today's people. */
  directory: () => Directory | Promise<Directory> = () => people
  exceptions: ExceptionRules = exceptionRules
  private readonly definitions = new Map<string, CompiledDefinition>()
  private workers: readonly RunningWorker[] = []

  constructor(surroundings: Surroundings) {
    queues += 1
    this.taskQueue = `queue-${queues}`
    this.surroundings = surroundings
    this.client = surroundings.client
    this.store = fragile(surroundings.store)
  }

  async startWorker(
    options: Pick<WorkerOptions, 'cachedOrders' | 'version' | 'bundle'> = {},
    more: Partial<WorkerDependencies> = {},
  ): Promise<RunningWorker> {
    hushRuntime()
    const { address, bundle, client } = this.surroundings
    const worker = await startWorker(
      { access: { address }, namespace: client.options.namespace, taskQueue: this.taskQueue, bundle, ...options },
      {
        store: this.store,
        connectors: this.connectors,
        directory: () => this.directory(),
        exceptions: this.exceptions,
        definition: async ({ id }) => this.definitions.get(id)!,
        catalogue,
        ...more,
      },
    )
    this.workers = [...this.workers, worker]
    return worker
  }

  async stopWorker(): Promise<void> {
    const { workers } = this
    this.workers = []
    await Promise.all(workers.map(worker => worker.stop()))
  }

  /** An order of this process, its number unlike any other's. */
  async place(process: CompiledDefinition, placement: Placement = {}): Promise<OrderUnderTest> {
    orders += 1
    const orderNo = `T-${orders}`
    // Every order has a definition of its own, so that a spec need not name its process.
    const definition = placement.definition ?? { ...process, id: `${process.id}-${orderNo}` }
    this.definitions.set(definition.id, definition)
    const order = orderOf({ placedBy: 'shop', ...placement.order, orderNo })
    const { mostUpdates } = placement
    const input = { ...startInput(definition, order), ...(mostUpdates === undefined ? {} : { mostUpdates }) }
    await this.store.insertOrder({
      organisation: order.organisation,
      orderNo,
      contentHash: orderNo,
      content: order,
      processId: definition.id,
      processVersion: definition.version,
      startInput: input,
      placedBy: order.placedBy,
      customerId: order.customer.id,
      skus: order.lines.map(({ sku }) => sku),
      createdAt: new Date().toISOString(),
    })
    const placed = new OrderUnderTest(this, input, placement.taskTimeout)
    placement.before?.(placed)
    if (placement.start !== 'not_yet') await placed.start()
    return placed
  }
}
