import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ledger } from '../../../connectors/sandbox/ledger.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import type { Order } from '../../../domain/order/order.ts'
import { openStore, type Store } from '../../../store/open-store.ts'
import { type Net, netOf } from '../../connectors/sandbox/net-of.ts'
import { TestSandbox } from '../../connectors/sandbox/test-sandbox.ts'
import { orderOf } from '../../domain/specification.ts'
import { sharedPostgres } from '../../postgres.ts'
import { openWorld } from '../harness.ts'
import { OrderUnderTest } from '../order-under-test.ts'
import type { World } from '../world.ts'
import type { Death, DyingSetting } from './dying-worker.ts'

let numbers = 0

/** Orders on PostgreSQL with a worker in a process of its own, which kills itself with -9 at a step that is chosen. */
export class DyingRound {
  readonly world: World
  readonly sandbox: TestSandbox
  readonly store: Store
  private readonly folder: string
  private readonly setting: Omit<DyingSetting, 'dies'>
  private worker: ChildProcess | undefined
  private readonly orders: OrderUnderTest[] = []

  private constructor(
    world: World,
    sandbox: TestSandbox,
    store: Store,
    folder: string,
    setting: Omit<DyingSetting, 'dies'>,
  ) {
    this.world = world
    this.sandbox = sandbox
    this.store = store
    this.folder = folder
    this.setting = setting
  }

  static async begin(definition: CompiledDefinition): Promise<DyingRound> {
    const [world, sandbox, folder, postgres] = await Promise.all([
      openWorld(),
      TestSandbox.start(),
      mkdtemp(join(tmpdir(), 'dying-')),
      sharedPostgres(),
    ])
    const databaseUrl = await postgres.createDatabase()
    const store = await openStore({ dataFolder: folder, databaseUrl })
    Object.assign(world.store, store)
    const bundleFile = join(folder, 'bundle.js')
    await writeFile(bundleFile, world.surroundings.bundle.code)
    const { address } = world.surroundings
    const setting = {
      address,
      taskQueue: world.taskQueue,
      bundleFile,
      sandboxUrl: sandbox.url,
      databaseUrl,
      definition,
    }
    return new DyingRound(world, sandbox, store, folder, setting)
  }

  async place(parts: Partial<Order> & { readonly total?: number } = {}): Promise<OrderUnderTest> {
    numbers += 1
    const order = orderOf({ placedBy: 'shop', ...parts, orderNo: `K-${process.pid}-${numbers}` })
    const { definition } = this.setting
    await this.store.insertOrder({
      organisation: 'main',
      orderNo: order.orderNo,
      contentHash: order.orderNo,
      content: order,
      processId: definition.id,
      processVersion: definition.version,
      startInput: { definition, order },
      placedBy: order.placedBy,
      customerId: order.customer.id,
      skus: order.lines.map(({ sku }) => sku),
      createdAt: new Date().toISOString(),
    })
    const placed = this.known(order)
    await placed.start()
    return placed
  }

  /** An order that has come of another one. */
  async successor(orderNo: string): Promise<OrderUnderTest> {
    const row = await this.store.getOrder('main', orderNo)
    if (row === null) throw new Error(`there is no order ${orderNo}`)
    return this.known((row.startInput as { order: Order }).order)
  }

  private known(order: Order): OrderUnderTest {
    const placed = new OrderUnderTest(this.world, { definition: this.setting.definition, order }, '4s')
    this.orders.push(placed)
    return placed
  }

  async startWorker(dies: Death | null = null): Promise<void> {
    const setting: DyingSetting = { ...this.setting, dies }
    this.worker = fork(join(import.meta.dirname, 'dying-worker.ts'), {
      env: { ...process.env, WORKER_SETTING: JSON.stringify(setting) },
    })
    await once(this.worker, 'message')
  }

  /** Whether it has, within this time. */
  async died(withinMs: number): Promise<boolean> {
    const { worker } = this
    if (worker === undefined || worker.exitCode !== null || worker.signalCode !== null) return true
    const ended = await Promise.race([
      once(worker, 'exit').then(() => true),
      new Promise<boolean>(resolve => setTimeout(resolve, withinMs, false)),
    ])
    return ended
  }

  async killWorker(): Promise<void> {
    if (this.worker === undefined || this.worker.exitCode !== null || this.worker.signalCode !== null) return
    const ended = once(this.worker, 'exit')
    this.worker.kill('SIGKILL')
    await ended
  }

  /** What holds in the outside world for an order: amounts in minor units, quantities by sku. */
  async holds(orderNo: string): Promise<Net> {
    return netOf((await this.sandbox.client.get(`/ledger?orderNo=${orderNo}`)).body as Ledger)
  }

  async end(): Promise<void> {
    for (const { handle } of this.orders) await handle.terminate().catch(() => {})
    await this.killWorker()
    await this.store.close()
    await this.sandbox.stop()
    await rm(this.folder, { recursive: true })
  }
}
