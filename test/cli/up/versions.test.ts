import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { releaseHere } from '../../../cli/up/versions.ts'
import { codeOf, Release } from '../../worker/release.ts'
import { openWorld } from '../../workflows/harness.ts'
import { eventually } from '../../workflows/order-under-test.ts'
import { shop } from '../../workflows/processes.ts'
import { held } from '../../workflows/scripted-connectors.ts'

/** `npm start` with other code than the time before: nobody else has the workers of the code before. */
describe('a start with new code', function () {
  this.timeout(90_000)
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nolimbo-versions-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('[I] runs the earlier code beside it until its orders have moved, and forgets it then', async () => {
    const world = await openWorld()
    const release = new Release(world)
    const lines: string[] = []
    const start = async (buildId: string) => {
      const version = await release.startWorker(buildId)
      const access = { address: world.surroundings.address }
      const started = await releaseHere({
        access,
        namespace: 'default',
        taskQueue: world.taskQueue,
        dataFolder: folder,
        version,
        code: codeOf(world, buildId),
        startWorker: (earlier, itsCode) => {
          assert.match(itsCode, new RegExp(`^// ${earlier.buildId}\\n`))
          return world.startWorker({ version: earlier, bundle: { code: itsCode } })
        },
        say: (part, what) => void lines.push(`${part} ${what}`),
      })
      return async () => {
        await started.stop()
        await world.stopWorker()
      }
    }
    try {
      const stopOne = await start('one')
      const idle = await release.waiting()
      const payment = held()
      const busy = await world.place(shop, { before: order => order.script('payment.authorise', payment.answer) })
      await payment.begun
      await release.untilListed('one', 2)
      await stopOne()

      const stopTwo = await start('two')
      assert.ok(lines.includes('Version one runs too: 2 open'), lines.join('\n'))
      const moved = async () =>
        (await Promise.all([idle, busy].map(order => release.versionOf(order)))).every(is => is === 'two') || undefined
      payment.release()
      assert.ok(await eventually(30_000, moved), 'both have moved')
      await busy.until('step.completed', { step: 'capture' })
      await release.untilListed('one', 0)
      await stopTwo()

      const stopThree = await start('three')
      assert.ok(!existsSync(join(folder, 'versions', 'one.js')))
      assert.deepEqual(readdirSync(join(folder, 'versions')).sort(), ['three.js', 'two.js'])
      await stopThree()
    } finally {
      await world.stopWorker()
    }
  })
})
