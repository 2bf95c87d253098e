import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Worker } from '@temporalio/worker'
import { compileExceptionRules, exceptionRulesSchema } from '../../domain/exception/exception-rules-schema.ts'
import { temporalOrderClient } from '../../order-client/temporal-order-client.ts'
import { exceptionClockIdOf } from '../../workflows/messages.ts'
import { loadCalendar } from '../domain/calendar/calendars.ts'
import { people } from '../domain/definitions.ts'
import { openWorld } from './harness.ts'
import type { World } from './world.ts'

/** Second-long rungs, by the wall clock. */
const quick = compileExceptionRules(
  exceptionRulesSchema.parse({
    usual: {
      owner: 'zhao',
      calendar: 'wall-clock',
      acknowledged: '2s',
      ladder: [
        { after: '1s', remind: 'owner' },
        { after: '2s', escalate: 'manager', every: '1s' },
      ],
    },
    kinds: { mismatch: { acknowledged: '1h' } },
  }),
  { 'wall-clock': loadCalendar('wall-clock') },
)

describe('the clock of an organisation’s exceptions', function () {
  this.timeout(60_000)
  let world: World
  const organisation = `clock-${randomUUID().slice(0, 8)}`
  const id = exceptionClockIdOf(organisation)

  before(async () => {
    world = await openWorld()
    world.exceptions = quick
    const directory = { people: people.people.map(person => ({ ...person, organisation })) }
    world.directory = () => directory
    // No run is kept in memory: each task replays all before it.
    await world.startWorker({ cachedOrders: 0 })
  })
  after(async () => {
    await world.client.workflow.getHandle(id).terminate()
    await world.stopWorker()
  })

  const wake = () => temporalOrderClient(world.client, world.taskQueue).wakeExceptionClock(organisation)
  const raise = async (name: string, kind: 'mismatch' | 'rule') => {
    const openedAt = new Date().toISOString()
    const evidence = { expected: 'peace', seen: 'war', since: openedAt }
    const exception = { organisation, id: name, orderNo: null, kind, severity: 'error', step: null, evidence } as const
    await world.store.raiseException({ ...exception, owner: 'role:finance', openedAt })
    await wake()
  }
  const told = async (name: string) =>
    (await world.store.exceptionHistory(organisation, name)).filter(({ type }) => type === 'told')
  const until = async (name: string, times: number) => {
    for (;;) {
      const so = await told(name)
      if (so.length >= times) return so
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  const said = () => ({ by: 'fang', at: new Date().toISOString(), note: null })

  it('[I] climbs while nobody acknowledges one, also where the worker goes away meanwhile, and then stops', async () => {
    await raise('climbs', 'mismatch')
    const [first] = await until('climbs', 1)
    await world.stopWorker()
    await new Promise(resolve => setTimeout(resolve, 1_500))
    await world.startWorker({ cachedOrders: 0 })
    const entries = await until('climbs', 4)
    const to = (entry: (typeof entries)[number]) => [entry.data.action, entry.data.persons, entry.data.missed ?? 0]
    assert.deepEqual([first!.data.action, first!.data.persons], ['remind', ['fang']])
    assert.deepEqual(entries.slice(0, 2).map(to), [
      ['remind', ['fang'], 0],
      ['escalate', ['ling'], 0],
    ])
    assert.ok(entries.slice(2, 4).every(({ data }) => data.action === 'escalate'))
    await world.store.acknowledgeException(organisation, 'climbs', said())
    const before = (await told('climbs')).length
    await new Promise(resolve => setTimeout(resolve, 2_500))
    assert.equal((await told('climbs')).length, before, 'somebody looks into it')
    const inbox = async (person: string) =>
      (await world.store.listNotices({ organisation, person, limit: 50 })).items.map(notice => notice.id)
    assert.deepEqual(await inbox('fang'), ['exception/climbs/1/1.0'])
    const lings = await inbox('ling')
    assert.equal(new Set(lings).size, lings.length)
    assert.ok(lings.includes('exception/climbs/1/2.0') && lings.includes('exception/climbs/1/2.1'))
  })

  it('[I] begins anew when an acknowledgement has lapsed, and ends with the exception', async () => {
    await raise('lapses', 'rule')
    await until('lapses', 1)
    await world.store.acknowledgeException(organisation, 'lapses', said())
    await wake()
    const [, again] = await until('lapses', 2)
    assert.equal(again!.data.action, 'remind')
    const types = (await world.store.exceptionHistory(organisation, 'lapses')).map(({ type }) => type)
    assert.deepEqual(types.slice(0, 5), ['raised', 'told', 'acknowledged', 'lapsed', 'told'])
    await world.store.resolveException(organisation, 'lapses', { ...said(), outcome: 'fixed' })
    const before = (await told('lapses')).length
    await new Promise(resolve => setTimeout(resolve, 2_500))
    assert.equal((await told('lapses')).length, before)
  })

  it('[R] goes the same way when it is replayed', async () => {
    const history = await world.client.workflow.getHandle(id).fetchHistory()
    assert.ok(history.events!.some(event => event.activityTaskCompletedEventAttributes))
    await Worker.runReplayHistory({ workflowBundle: world.surroundings.bundle }, history, id)
  })
})
