import assert from 'node:assert/strict'
import { run } from '../../../cli/commands/release.ts'
import { Release } from '../../worker/release.ts'
import { openWorld } from '../../workflows/harness.ts'
import { shop } from '../../workflows/processes.ts'
import { held } from '../../workflows/scripted-connectors.ts'

/** The lines that it prints, and how it ends. */
async function nolimbo(release: Release, ...args: readonly string[]) {
  const lines: string[] = []
  const before = process.env.TEMPORAL_ADDRESS
  process.env.TEMPORAL_ADDRESS = release.world.surroundings.address
  try {
    const code = await run(args, {
      place: release.place,
      print: line => lines.push(line),
      printError: line => lines.push(line),
    })
    return { code, text: lines.join('\n') }
  } finally {
    if (before === undefined) delete process.env.TEMPORAL_ADDRESS
    else process.env.TEMPORAL_ADDRESS = before
  }
}

describe('nolimbo release', function () {
  this.timeout(90_000)

  it('[I] lists versions, makes one current, moves what is idle, names what goes later, and takes it back', async () => {
    const world = await openWorld()
    try {
      const release = new Release(world)
      assert.deepEqual(await nolimbo(release, '--move'), { code: 2, text: 'no version is current yet' })
      await release.releases('one')
      const idle = await release.waiting()
      const payment = held()
      const busy = await world.place(shop, { before: order => order.script('payment.authorise', payment.answer) })
      await payment.begun
      await release.startWorker('two')
      await release.untilListed('one', 2)
      await release.untilKnown('two')

      const list = await nolimbo(release)
      assert.match(list.text, /^version +is +open +workers\n/)
      assert.match(list.text, /^one +current +2 +1 +new orders go to it$/m)
      assert.match(list.text, /^two +not released +0 +\? /m)

      const plan = await nolimbo(release, 'two', '--dry-run')
      assert.deepEqual(plan, { code: 0, text: 'two would be current; now: one\n2 open on one would be told' })
      assert.match((await nolimbo(release)).text, /^one +current /m, 'nothing was done')

      const done = await nolimbo(release, 'two', '--wait', '3')
      assert.equal(done.code, 0)
      assert.match(done.text, /^two is current; before: one$/m)
      assert.match(done.text, /^1 moved to two, 0 ended meanwhile, 1 go later, 0 stay$/m)
      assert.match(done.text, new RegExp(`^  order/main/${busy.orderNo}  one: payment\\.authorise is under way`, 'm'))
      assert.equal(await release.versionOf(idle), 'two')

      payment.release()
      await release.untilListed('one', 0)
      assert.match((await nolimbo(release)).text, /^one +(empty|drained) +0 +1 /m)

      const back = await nolimbo(release, 'one')
      assert.equal(back.code, 0)
      assert.match(back.text, /^2 moved to one, 0 ended meanwhile, 0 go later, 0 stay$/m)
      assert.deepEqual(await Promise.all([idle, busy].map(order => release.versionOf(order))), ['one', 'one'])
    } finally {
      await world.stopWorker()
    }
  })

  it('[U] refuses what it does not know', async () => {
    const where = { place: { deploymentName: 'x', taskQueue: 'x' }, print: () => {}, printError: () => {} }
    for (const args of [['--all'], ['a', 'b'], ['a', '--move'], ['--dry-run'], ['a', '--wait', 'long']]) {
      assert.equal(await run(args, where), 2, args.join(' '))
    }
  })
})
