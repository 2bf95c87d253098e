import { Client, Connection } from '@temporalio/client'
import { IllegalStateError } from '@temporalio/common'
import { DefaultLogger, makeTelemetryFilterString, Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import type { Order } from '../../domain/order/order.ts'
import { bundleWorkflows, type RunningWorker, startWorker, type WorkerOptions } from '../../worker/start-worker.ts'
import { startInput } from '../../workflows/messages.ts'
import { people } from '../domain/definitions.ts'
import { orderOf } from '../domain/specification.ts'
import { devServer } from '../temporal.ts'
import { type FragileStore, fragileStore } from './fragile-store.ts'
import { OrderUnderTest } from './order-under-test.ts'
import { ScriptedConnectors } from './scripted-connectors.ts'

/* Orders on a real Temporal server, with a worker of the suite's own, a real store and outside systems that do as told. */

/** The faults that these tests make are not worth a warning each. The runtime goes with its last worker. */
function hushRuntime(): void {
  try {
    const logging = { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) }
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } })
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error
  }
}

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined
/** One for all suites: it takes seconds to make. */
export function sharedBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundleWorkflows()
  return bundle
}

let connected: Promise<Client> | undefined
/** One for all suites. */
export async function sharedClient(): Promise<Client> {
  connected ??= devServer().then(
    async ({ address, namespace }) => new Client({ connection: await Connection.connect({ address }), namespace }),
  )
  return connected
}

after('close the connection to the Temporal server', async () => {
  await (await connected)?.connection.close()
})

let orders = 0
let queues = 0

/** How an order is placed; its number is given, and differs from that of any other. */
export interface Placement {
  readonly order?: Partial<Order> & { readonly total?: number }
  /** Before the order's workflow is started. */
  readonly before?: (order: OrderUnderTest) => void
  /** After so many Updates a new run begins. */
  readonly mostUpdates?: number
  /** Instead of simply starting it. */
  readonly start?: 'not_yet'
}

export class World {
  readonly taskQueue: string
  readonly client: Client
  readonly store: FragileStore
  readonly connectors = new ScriptedConnectors()
  private readonly definitions = new Map<string, CompiledDefinition>()
  private worker: RunningWorker | undefined

  private constructor(client: Client, store: FragileStore) {
    queues += 1
    this.taskQueue = `queue-${queues}`
    this.client = client
    this.store = store
  }

  static async open(): Promise<World> {
    const [client, store] = await Promise.all([sharedClient(), fragileStore(), sharedBundle()])
    return new World(client, store)
  }

  async startWorker(options: Pick<WorkerOptions, 'cachedOrders'> = {}): Promise<void> {
    hushRuntime()
    const { address, namespace } = await devServer()
    this.worker = await startWorker(
      { access: { address }, namespace, taskQueue: this.taskQueue, bundle: await sharedBundle(), ...options },
      {
        store: this.store,
        connectors: this.connectors,
        directory: () => people,
        definition: async ({ id }) => this.definitions.get(id)!,
      },
    )
  }

  async stopWorker(): Promise<void> {
    await this.worker?.stop()
    this.worker = undefined
  }

  /** An order of this process, its number unlike any other's. */
  async place(process: CompiledDefinition, placement: Placement = {}): Promise<OrderUnderTest> {
    orders += 1
    const orderNo = `T-${orders}`
    // Every order has a definition of its own, so that a spec need not name its process.
    const definition = { ...process, id: `${process.id}-${orderNo}` }
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
      startInput: {},
      placedBy: order.placedBy,
      customerId: order.customer.id,
      skus: order.lines.map(({ sku }) => sku),
      createdAt: new Date().toISOString(),
    })
    const placed = new OrderUnderTest(this, input)
    placement.before?.(placed)
    if (placement.start !== 'not_yet') await placed.start()
    return placed
  }
}

/** A world for the suite that asks, with one worker that runs from its first test to its last. */
export function worldOfSuite(): () => World {
  let world: World
  before('start a worker', async function () {
    this.timeout(60_000)
    world = await World.open()
    await world.startWorker()
  })
  after('stop the worker', async function () {
    this.timeout(20_000)
    await world.stopWorker()
  })
  return () => world
}
