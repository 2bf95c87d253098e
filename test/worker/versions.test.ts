import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { buildIdOf, schemaVersionOf } from '../../worker/versions/build-id.ts'
import { deploymentOf, makeCurrent } from '../../worker/versions/deployment.ts'
import { tooOldToMove } from '../../worker/versions/server-version.ts'
import { pollers, standing } from '../../worker/versions/workflows-on.ts'
import { bulkWorkflow, bulkWorkflowIdOf, newVersionSignal } from '../../workflows/messages.ts'
import { openWorld } from '../workflows/harness.ts'
import { KillRound } from '../workflows/killed/kill-round.ts'
import { eventually, type OrderUnderTest } from '../workflows/order-under-test.ts'
import { shop } from '../workflows/processes.ts'
import { held } from '../workflows/scripted-connectors.ts'
import { sideBySide } from '../workflows/side-by-side.ts'
import { Release } from './release.ts'

const patienceMs = 40_000

const inRelease = (test: (release: Release) => Promise<void>) => async (): Promise<void> => {
  const world = await openWorld()
  try {
    await test(new Release(world))
  } finally {
    await world.stopWorker()
  }
}

async function goesThrough(order: OrderUnderTest): Promise<void> {
  assert.ok((await order.does('mei', 'approve')).ok)
  await order.until('step.completed', { step: 'capture' })
  assert.ok((await order.reports('shipment.delivered')).ok)
  assert.equal(await order.closed(), 'completed')
  const seqs = (await order.journal()).map(({ seq }) => seq)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  )
}

describe('a new version of the code', function () {
  this.timeout(180_000)

  it('[U] has a name by its content: the same code the same name, other code another one', () => {
    const one = buildIdOf({ code: 'decide()\n//# sourceMappingURL=here' })
    assert.match(one, /^\d+\.\d+\.\d+-s\d+-[0-9a-f]{12}$/)
    assert.equal(buildIdOf({ code: 'decide()\n//# sourceMappingURL=elsewhere' }), one)
    assert.notEqual(buildIdOf({ code: 'decide(2)\n//# sourceMappingURL=here' }), one)
    assert.equal(schemaVersionOf(one), 1)
    assert.equal(schemaVersionOf('blue'), undefined)
  })

  it('[U] needs a server that can move orders', () => {
    assert.match(tooOldToMove('1.29.1') ?? '', /1\.29\.1; orders can be moved from 1\.30 on/)
    for (const version of ['1.30.2', '1.32.0', '2.0.0', 'cloud']) assert.equal(tooOldToMove(version), undefined)
  })

  sideBySide({
    '[I] leaves orders where they were begun, and takes the new ones': inRelease(async release => {
      await release.releases('one')
      const old = await release.waiting()
      const stays = await release.waiting()
      await release.releases('two')
      const fresh = await release.waiting()
      assert.deepEqual(await Promise.all([old, stays, fresh].map(order => release.versionOf(order))), [
        'one',
        'one',
        'two',
      ])
      await goesThrough(old)
      await goesThrough(fresh)
      assert.equal(await release.versionOf(stays), 'one')
      await release.untilListed('one', 1)
      const polling = await pollers(release.world.client, release.place)
      assert.deepEqual([polling.get('one'), polling.get('two')], [1, 1])
      const { current, versions } = await deploymentOf(release.world.client, release.deploymentName)
      assert.deepEqual([current, versions.map(({ buildId }) => buildId)], ['two', ['two', 'one']])
    }),

    '[I] gets orders that are idle at once, and one in the middle of a call when that has come off': inRelease(
      async release => {
        await release.releases('one')
        const idle = await release.waiting()
        const dueAt = (await idle.state()).clocks['step:approval']?.dueAt
        const payment = held()
        const busy = await release.world.place(shop, {
          before: placed => placed.script('payment.authorise', payment.answer),
        })
        await payment.begun
        await release.releases('two')
        await release.untilListed('one', 2)
        const { moved, ended, later, kept } = await release.moves('two', 2_000)
        assert.deepEqual({ moved, ended, kept }, { moved: 1, ended: 0, kept: 0 })
        assert.deepEqual(
          later.map(({ workflowId, buildId }) => [workflowId, buildId]),
          [[busy.handle.workflowId, 'one']],
        )
        assert.match(later[0]!.why, /payment\.authorise is under way, attempt 1/)
        assert.equal(await release.versionOf(idle), 'two')
        assert.equal((await idle.state()).clocks['step:approval']?.dueAt, dueAt)
        payment.release()
        const went = await eventually(patienceMs, async () => (await release.versionOf(busy)) === 'two' || undefined)
        assert.ok(went, 'it goes by itself')
        await busy.until('step.completed', { step: 'capture' })
        assert.equal(busy.attempts('payment.authorise').length, 1)
        await release.untilListed('one', 0)
        const again = await release.moves('two')
        assert.deepEqual(again, { moved: 0, ended: 0, later: [], kept: 0 })
        assert.equal((await idle.historiesOfRuns()).length, 2)
        await goesThrough(idle)
      },
    ),

    '[I] gets a bulk between two slices, which goes on there': inRelease(async release => {
      const { store, client, taskQueue } = release.world
      await release.releases('one')
      const key = { organisation: 'main', id: `b-${randomUUID()}` }
      const asked = { requestHash: 'x', actor: 'mei', roles: null, service: false, filter: null, dryRun: false }
      await store.insertBulk(
        { ...key, ...asked, command: { type: 'approve' }, perSecond: 1, createdAt: new Date().toISOString() },
        Array.from({ length: 200 }, (_, index) => `T-404-${index}`),
      )
      const left = async () => (await store.countBulk(key)).find(({ outcome }) => outcome === null)?.count ?? 0
      const workflowId = bulkWorkflowIdOf(key.organisation, key.id)
      await client.workflow.start(bulkWorkflow, { workflowId, taskQueue, args: [{ ...key, sliceMs: 1_000 }] })
      await release.releases('two')
      await client.workflow.getHandle(workflowId).signal(newVersionSignal, { buildId: 'two' })
      const went = await eventually(patienceMs, async () => {
        const is = await standing(client, workflowId)
        return (is.is === 'open' && is.buildId === 'two') || undefined
      })
      assert.ok(went, 'it stays with its version')
      const before = await left()
      assert.ok(await eventually(patienceMs, async () => (await left()) < before || undefined), 'it does not go on')
      await store.cancelBulk(key, 'mei', new Date().toISOString())
      await client.workflow.getHandle(workflowId).result()
    }),

    '[I] takes over the orders that workers without a version have begun': inRelease(async release => {
      await release.world.startWorker()
      const order = await release.waiting()
      await order.quietHistory()
      await release.world.stopWorker()
      await release.releases('one')
      await release.untilListed(null, 1)
      assert.equal((await release.moves('one')).moved, 1)
      assert.equal(await release.versionOf(order), 'one')
      await goesThrough(order)
    }),

    '[I] can be taken back: orders go back to the code before': inRelease(async release => {
      await release.releases('one')
      await release.releases('two')
      const order = await release.waiting()
      assert.equal(await release.versionOf(order), 'two')
      await release.makeCurrent('one')
      assert.equal(await release.versionOf(await release.waiting()), 'one')
      await release.untilListed('two', 1)
      assert.equal((await release.moves('one')).moved, 1)
      assert.equal(await release.versionOf(order), 'one')
      await goesThrough(order)
    }),

    '[I] is made current by its first worker, and by a later one only if told': inRelease(async release => {
      const { client } = release.world
      const one = await release.startWorker('one')
      assert.equal(await makeCurrent(client, one, 'if-none'), 'one')
      const two = await release.startWorker('two')
      assert.equal(await makeCurrent(client, two, 'if-none'), 'one')
      assert.equal(await makeCurrent(client, two, 'always'), 'two')
    }),

    '[I] keeps an order from code that cannot read its state': inRelease(async release => {
      const [before, after] = ['0.9.0-s1-0123456789ab', '1.0.0-s2-0123456789ab']
      await release.releases(before)
      await release.releases(after)
      const order = await release.waiting()
      await release.makeCurrent(before)
      await release.untilListed(after, 1)
      assert.deepEqual(await release.moves(before), { moved: 0, ended: 0, later: [], kept: 1 })
      await goesThrough(order)
    }),

    '[I] loses and doubles nothing when workers are killed in the middle of the move': async () => {
      const deploymentName = 'release-killed'
      const round = await KillRound.begin(shop, 4, { deployment: deploymentName })
      try {
        const release = new Release(round.world, deploymentName)
        await round.startWorker({ deploymentName, buildId: 'new' })
        await release.makeCurrent('new')
        await release.untilListed('old', 4)
        const moving = release.moves('new', 30_000)
        await round.killWorker('old')
        await round.killWorker('new')
        await Promise.all(['old', 'new'].map(buildId => round.startWorker({ deploymentName, buildId })))
        const { moved, later } = await moving
        assert.deepEqual({ moved, later }, { moved: 4, later: [] })
        for (const order of round.orders) {
          assert.equal(await release.versionOf(order), 'new')
          assert.ok((await order.does('mei', 'approve')).ok)
        }
        for (const order of round.orders) {
          await order.untilState('in transit', ({ steps }) => steps.capture?.state === 'done')
          assert.ok((await order.reports('shipment.delivered')).ok)
          assert.equal(await order.closed(), 'completed')
          assert.deepEqual(await round.effectsOf(order), {
            authorisations: 1,
            reservations: 1,
            parcels: 1,
            captures: 1,
          })
          const seqs = round.journalOf(order).map(({ seq }) => seq)
          assert.deepEqual(
            seqs,
            seqs.map((_, index) => index + 1),
          )
        }
      } finally {
        await round.end()
      }
    },
  })
})
