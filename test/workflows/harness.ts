import { Client, Connection } from '@temporalio/client'
import { afterAllFiles } from '../all-files.ts'
import { memoryStore } from '../new-store.ts'
import { devServer } from '../temporal.ts'
import { workflowBundle } from '../workflow-bundle.ts'
import { type Surroundings, World } from './world.ts'

/* One server, one store and one bundle for all suites of a mocha process; a world, with its worker, for each suite. */

let shared: Promise<Surroundings> | undefined

async function surround(): Promise<Surroundings> {
  const [{ address, namespace }, store, bundle] = await Promise.all([devServer(), memoryStore(), workflowBundle()])
  return {
    address,
    client: new Client({ connection: await Connection.connect({ address }), namespace }),
    store,
    bundle,
  }
}

/** For a test that starts and stops workers itself. */
export async function openWorld(): Promise<World> {
  shared ??= surround()
  return new World(await shared)
}

/** A world for the suite that asks, with one worker that runs from its first test to its last. */
export function worldOfSuite(): () => World {
  let world: World
  before('start a worker', async function () {
    this.timeout(60_000)
    world = await openWorld()
    await world.startWorker()
  })
  after('stop the worker', async function () {
    this.timeout(20_000)
    await world.stopWorker()
  })
  return () => world
}

afterAllFiles('close what the suites of workflows share', async () => {
  const surroundings = await shared
  await surroundings?.client.connection.close()
  await surroundings?.store.close()
})
