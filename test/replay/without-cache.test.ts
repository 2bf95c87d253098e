import assert from 'node:assert/strict'
import { openWorld } from '../workflows/harness.ts'
import type { World } from '../workflows/world.ts'
import { scenarios } from './scenarios.ts'

describe('orders that no worker keeps in memory', function () {
  this.timeout(180_000)
  let world: World

  before(async () => {
    world = await openWorld()
    await world.startWorker({ cachedOrders: 0 })
  })
  after(() => world.stopWorker())

  it('[R] come to the same end on every path, each of their tasks a replay of all before it', async () => {
    const played = await Promise.all(
      Object.entries(scenarios).map(async ([name, { play }]) => {
        const order = await play(world)
        await order.closed()
        const histories = (await order.historiesOfRuns()).flat()
        const tasks = histories.filter(event => event.workflowTaskCompletedEventAttributes).length
        assert.ok(tasks > 3, name)
        return histories.flatMap(event => {
          const { cause, failure } = event.workflowTaskFailedEventAttributes ?? {}
          // A message that comes while a run is being ended makes the server ask again: that is no fault.
          return failure?.message && failure.message !== 'UnhandledCommand'
            ? [`${name}: ${cause} ${failure.message}`]
            : []
        })
      }),
    )
    assert.deepEqual(played.flat(), [])
  })
})
