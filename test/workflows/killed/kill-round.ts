import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { WorkerDeploymentVersion } from '@temporalio/common'
import type { LedgerEntry } from '../../../connectors/sandbox/ledger.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import type { JournalEvent } from '../../../store/journal.ts'
import { makeCurrent } from '../../../worker/versions/deployment.ts'
import { TestSandbox } from '../../connectors/sandbox/test-sandbox.ts'
import { openWorld } from '../harness.ts'
import { eventually, type OrderUnderTest } from '../order-under-test.ts'
import { dear } from '../processes.ts'
import type { World } from '../world.ts'
import { readJournals } from './journal-file.ts'
import type { WorkerSetting } from './worker-program.ts'

/** So that a worker that is dead is not waited for longer than need be. */
const taskTimeout = '4s'
/** Of more that begin together a busy machine might not do the first tasks within that time. */
const atOnce = 6
/** What the server may still hear of a process that is dead. */
const lastWordsMs = 500

export interface RoundOptions {
  /** Its first worker has a version of it, "old", which is current. */
  readonly deployment?: string
  /** How wrong the clock of its workers is. */
  readonly clockOffMs?: number
}

/** Orders that wait for their approval, with a worker in a process of its own and the sandbox as their outside world. */
export class KillRound {
  readonly world: World
  readonly sandbox: TestSandbox
  orders: readonly OrderUnderTest[] = []
  private readonly folder: string
  private readonly setting: WorkerSetting
  private readonly clockOffMs: number | undefined
  private readonly workers = new Map<string | undefined, ChildProcess>()

  private constructor(world: World, sandbox: TestSandbox, folder: string, clockOffMs?: number) {
    this.clockOffMs = clockOffMs
    this.world = world
    this.sandbox = sandbox
    this.folder = folder
    this.setting = {
      address: world.surroundings.address,
      taskQueue: world.taskQueue,
      bundleFile: join(folder, 'bundle.js'),
      journalFile: join(folder, 'journal'),
      sandboxUrl: sandbox.url,
    }
  }

  static async begin(
    process: CompiledDefinition,
    orders: number,
    { deployment, clockOffMs }: RoundOptions = {},
  ): Promise<KillRound> {
    const [world, sandbox, folder] = await Promise.all([
      openWorld(),
      TestSandbox.start(),
      mkdtemp(join(tmpdir(), 'killed-')),
    ])
    const round = new KillRound(world, sandbox, folder, clockOffMs)
    await writeFile(round.setting.bundleFile, world.surroundings.bundle.code)
    const version = deployment === undefined ? undefined : { deploymentName: deployment, buildId: 'old' }
    await round.startWorker(version)
    if (version !== undefined) await makeCurrent(world.client, version, 'always')
    try {
      while (round.orders.length < orders) await round.place(process, Math.min(atOnce, orders - round.orders.length))
    } catch (error) {
      await round.end()
      throw error
    }
    return round
  }

  private async place(process: CompiledDefinition, count: number): Promise<void> {
    const placing = Array.from({ length: count }, () => this.world.place(process, { order: dear, taskTimeout }))
    this.orders = [...this.orders, ...(await Promise.all(placing))]
    await this.untilJournalled('notice.delivered')
  }

  /** One of each version at a time. */
  async startWorker(version?: WorkerDeploymentVersion): Promise<void> {
    const setting: WorkerSetting = { ...this.setting, ...(version && { version }) }
    const worker = fork(join(import.meta.dirname, 'worker-program.ts'), {
      env: {
        ...process.env,
        WORKER_SETTING: JSON.stringify(setting),
        ...(this.clockOffMs === undefined ? {} : { CLOCK_OFF_MS: `${this.clockOffMs}` }),
      },
      execArgv:
        this.clockOffMs === undefined
          ? []
          : ['--import', pathToFileURL(join(import.meta.dirname, 'clock-off.ts')).href],
    })
    this.workers.set(version?.buildId, worker)
    await once(worker, 'message')
  }

  /** With -9. Afterwards nothing of it is under way any more. */
  async killWorker(buildId?: string): Promise<void> {
    const worker = this.workers.get(buildId)
    if (worker === undefined) return
    const ended = once(worker, 'exit')
    worker.kill('SIGKILL')
    await ended
    this.workers.delete(buildId)
    await sleep(lastWordsMs)
  }

  async end(): Promise<void> {
    // Nothing may still be asked of an order when the connection is closed.
    for (const { handle } of this.orders) await handle.terminate().catch(() => {})
    await Promise.all([...this.workers.keys()].map(buildId => this.killWorker(buildId)))
    await this.sandbox.stop()
    await rm(this.folder, { recursive: true })
  }

  journalOf(order: OrderUnderTest): readonly JournalEvent[] {
    return readJournals(this.setting.journalFile).get(order.orderNo) ?? []
  }

  /** What took effect for an order, by kind. */
  async effectsOf({ orderNo }: OrderUnderTest): Promise<Readonly<Record<string, number>>> {
    const { body } = await this.sandbox.client.get(`/ledger?orderNo=${orderNo}`)
    const lists = Object.entries(body as Record<string, readonly LedgerEntry[]>)
    return Object.fromEntries(lists.flatMap(([kind, list]) => (list.length > 0 ? [[kind, list.length]] : [])))
  }

  private async untilJournalled(type: string): Promise<void> {
    const all = await eventually(40_000, async () => {
      const journals = readJournals(this.setting.journalFile)
      const have = this.orders.every(({ orderNo }) => journals.get(orderNo)?.some(event => event.type === type))
      return have || undefined
    })
    if (!all) throw new Error(`not every order has a ${type}`)
  }
}
