import type { Ledger } from '../../connectors/sandbox/ledger.ts'
import { type Net, netOf } from '../connectors/sandbox/net-of.ts'
import { sandboxConnectors } from '../connectors/sandbox/sandbox-connectors.ts'
import { TestSandbox } from '../connectors/sandbox/test-sandbox.ts'
import { openWorld } from './harness.ts'
import type { World } from './world.ts'

/** Orders on a real server that call the sandbox, whose ledger says what really happened. */
export interface SandboxWorld {
  readonly world: World
  /** What took effect for an order. */
  readonly ledgerOf: (orderNo: string) => Promise<Ledger>
  /** What of it holds. */
  readonly holds: (orderNo: string) => Promise<Net>
}

/** For the suite that asks, with one worker that runs from its first test to its last. */
export function sandboxWorldOfSuite(): () => SandboxWorld {
  let world: World
  let sandbox: TestSandbox
  before('start a worker and the sandbox', async function () {
    this.timeout(60_000)
    sandbox = await TestSandbox.start()
    world = await openWorld()
    await world.startWorker({}, { connectors: sandboxConnectors(sandbox.url) })
  })
  after('stop the worker and the sandbox', async function () {
    this.timeout(20_000)
    await world.stopWorker()
    await sandbox.stop()
  })
  const ledgerOf = async (orderNo: string) => (await sandbox.client.get(`/ledger?orderNo=${orderNo}`)).body as Ledger
  return () => ({ world, ledgerOf, holds: async orderNo => netOf(await ledgerOf(orderNo)) })
}
