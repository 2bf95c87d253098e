import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Ledger } from '../../../connectors/sandbox/ledger.ts'
import type { Order } from '../../../domain/order/order.ts'
import type { RunningWorker } from '../../../worker/start-worker.ts'
import { type Net, netOf } from '../../connectors/sandbox/net-of.ts'
import { orderOf } from '../../domain/specification.ts'
import { openWorld } from '../harness.ts'
import { OrderUnderTest } from '../order-under-test.ts'
import type { World } from '../world.ts'
import type { DyingSurroundings } from './dying-suite.ts'
import type { Death, DyingSetting } from './dying-worker.ts'
import { type SteppingSetting, startSteppingWorker } from './stepping-worker.ts'

let numbers = 0

/** Orders on PostgreSQL with a worker in a process of its own, which kills itself with -9 at a step that is chosen, and one that takes over. */
export class DyingRound {
  readonly world: World
  private readonly surroundings: DyingSurroundings
  private dying: ChildProcess | undefined
  private living: RunningWorker | undefined
  private readonly orders: OrderUnderTest[] = []

  private constructor(world: World, surroundings: DyingSurroundings) {
    this.world = world
    this.surroundings = surroundings
  }

  static async begin(surroundings: DyingSurroundings): Promise<DyingRound> {
    const world = await openWorld()
    Object.assign(world.store, surroundings.store)
    return new DyingRound(world, surroundings)
  }

  get store() {
    return this.surroundings.store
  }

  async place(parts: Partial<Order> & { readonly total?: number } = {}): Promise<OrderUnderTest> {
    numbers += 1
    const order = orderOf({ placedBy: 'shop', ...parts, orderNo: `K-${process.pid}-${numbers}` })
    const { definition } = this.surroundings
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
    const placed = new OrderUnderTest(this.world, { definition: this.surroundings.definition, order }, '4s')
    this.orders.push(placed)
    return placed
  }

  /** In a process of its own. */
  async startWorker(dies: Death): Promise<void> {
    const { bundleFile, databaseUrl } = this.surroundings
    const setting: DyingSetting = { ...this.setting, bundleFile, databaseUrl, dies }
    this.dying = fork(join(import.meta.dirname, 'dying-worker.ts'), {
      env: { ...process.env, WORKER_SETTING: JSON.stringify(setting) },
    })
    await once(this.dying, 'message')
  }

  /** Another worker comes, which lives. */
  async goOn(): Promise<void> {
    const { code } = this.world.surroundings.bundle
    this.living = await startSteppingWorker(this.setting, { store: this.store, code }, (_, act) => act())
  }

  private get setting(): SteppingSetting {
    const { definition, sandbox } = this.surroundings
    const { surroundings, taskQueue } = this.world
    return { address: surroundings.address, taskQueue, sandboxUrl: sandbox.url, definition }
  }

  /** Whether it has, within this time. */
  async died(withinMs: number): Promise<boolean> {
    if (!isRunning(this.dying)) return true
    const ended = await Promise.race([
      once(this.dying, 'exit').then(() => true),
      new Promise<boolean>(resolve => setTimeout(resolve, withinMs, false)),
    ])
    return ended
  }

  /** What took effect for an order. */
  async ledgerOf(orderNo: string): Promise<Ledger> {
    return (await this.surroundings.sandbox.client.get(`/ledger?orderNo=${orderNo}`)).body as Ledger
  }

  /** What holds in the outside world for an order: amounts in minor units, quantities by sku. */
  async holds(orderNo: string): Promise<Net> {
    return netOf(await this.ledgerOf(orderNo))
  }

  async end(): Promise<void> {
    for (const { handle } of this.orders) await handle.terminate().catch(() => {})
    await this.living?.stop()
    if (!isRunning(this.dying)) return
    const ended = once(this.dying, 'exit')
    this.dying.kill('SIGKILL')
    await ended
  }
}

function isRunning(process: ChildProcess | undefined): process is ChildProcess {
  return process !== undefined && process.exitCode === null && process.signalCode === null
}
