import assert from 'node:assert/strict'
import type { WorkerDeploymentVersion } from '@temporalio/common'
import { deploymentOf, makeCurrent } from '../../worker/versions/deployment.ts'
import { moveOrders } from '../../worker/versions/move-orders.ts'
import { countOpen, standing } from '../../worker/versions/workflows-on.ts'
import { eventually, type OrderUnderTest } from '../workflows/order-under-test.ts'
import { dear, shop } from '../workflows/processes.ts'
import type { World } from '../workflows/world.ts'

const patienceMs = 40_000

/** Today's code, but for a comment. It comes first: what follows the code is taken for a part of its source map. */
export function codeOf({ surroundings }: World, buildId: string): string {
  return `// ${buildId}\n${surroundings.bundle.code}`
}

/** A world whose deployment is its own. */
export class Release {
  readonly world: World
  readonly deploymentName: string

  constructor(world: World, deploymentName = `release-${world.taskQueue}`) {
    this.world = world
    this.deploymentName = deploymentName
  }

  /** A worker whose code differs from another version's by a comment. */
  async startWorker(buildId: string): Promise<WorkerDeploymentVersion> {
    const version = { deploymentName: this.deploymentName, buildId }
    await this.world.startWorker({ version, bundle: { code: codeOf(this.world, buildId) } })
    return version
  }

  async makeCurrent(buildId: string): Promise<void> {
    await makeCurrent(this.world.client, { deploymentName: this.deploymentName, buildId }, 'always')
  }

  async releases(buildId: string): Promise<void> {
    await this.startWorker(buildId)
    await this.makeCurrent(buildId)
  }

  async waiting(): Promise<OrderUnderTest> {
    const order = await this.world.place(shop, { order: dear })
    await order.until('notice.delivered')
    return order
  }

  async versionOf({ handle }: OrderUnderTest): Promise<string | null | 'ended'> {
    const is = await standing(this.world.client, handle.workflowId)
    return is.is === 'ended' ? 'ended' : is.buildId
  }

  /** Once the server's list, which lags behind, shows so many open on a version. */
  async untilListed(buildId: string | null, count: number): Promise<void> {
    let found = -1
    const { client } = this.world
    const listed = await eventually(patienceMs, async () => {
      found = await countOpen(client, this.place, buildId)
      return found === count || undefined
    })
    assert.ok(listed, `${found} instead of ${count} are listed on ${buildId}`)
  }

  /** Once the server knows of its workers. */
  async untilKnown(buildId: string): Promise<void> {
    const known = await eventually(patienceMs, async () => {
      const { versions } = await deploymentOf(this.world.client, this.deploymentName)
      return versions.some(version => version.buildId === buildId) || undefined
    })
    assert.ok(known, `${buildId} is not known`)
  }

  get place() {
    return { deploymentName: this.deploymentName, taskQueue: this.world.taskQueue }
  }

  moves(buildId: string, withinMs = patienceMs) {
    return moveOrders(this.world.client, { ...this.place, buildId, patienceMs: withinMs })
  }
}
