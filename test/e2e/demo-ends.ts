import assert from 'node:assert/strict'
import { type Client, Connection, Client as TemporalClient } from '@temporalio/client'
import { workflowIdOf } from '../../workflows/messages.ts'
import type { RunningNolimbo } from './running-nolimbo.ts'
import { type JournalEvent, journal, ledger, until } from './shop.ts'

/** Of the demo process's approval: what the clock does, and how long after its beginning. */
const approvalLadder = [
  ['remind', 3],
  ['escalate', 6],
  ['transfer', 9],
  ['fallback', 15],
] as const

/** A busy machine is late; a clock that runs ahead is wrong. */
const tolerance = { earlyMs: 50, lateMs: 8_000 }

/** Order numbers of one kind, from what the demo printed. */
export function demoOrders(nolimbo: RunningNolimbo, kind: string): readonly string[] {
  const found = nolimbo.lines.flatMap(line => new RegExp(`^demo: (${kind}-\\S+)`).exec(line)?.[1] ?? [])
  return [...new Set(found)]
}

export async function assertDemoEnds(nolimbo: RunningNolimbo): Promise<void> {
  await nolimbo.untilSaid(/^demo: done/, 80_000)
  const summary = nolimbo.lines.slice(nolimbo.lines.indexOf('demo: how they ended'))
  assert.deepEqual(
    summary.slice(1, 4).map(line => line.replace(/ +/g, ' ')),
    ['demo: 12 completed', 'demo: 4 cancelled', 'demo: 4 with a person, who keeps being told'],
  )
}

/** Nobody did anything: mei was reminded, ling told and given it, and at last it was cancelled; nothing had been done. */
export async function assertClockAlone(nolimbo: RunningNolimbo): Promise<void> {
  const effectsOf = await ledger(nolimbo)
  const forgotten = demoOrders(nolimbo, 'forgotten')
  assert.equal(forgotten.length, 4)
  for (const orderNo of forgotten) {
    const events = await journal(nolimbo, orderNo)
    const begun = Date.parse(events.find(event => event.type === 'step.entered')!.at)
    const fired = events.filter(event => event.type === 'rung.fired')
    assert.deepEqual(
      fired.map(event => event.data.action),
      approvalLadder.map(([action]) => action),
    )
    fired.forEach((event, index) => {
      const lateMs = Date.parse(event.at) - begun - approvalLadder[index]![1] * 1000
      assert.ok(lateMs > -tolerance.earlyMs && lateMs < tolerance.lateMs, `${event.data.action} ${lateMs} ms late`)
      assert.equal(event.actor, 'clock')
    })
    assert.deepEqual(toldPersons(events), ['mei', 'mei', 'ling', 'ling'])
    assert.ok(events.some(event => event.type === 'step.transferred' && event.data.to === 'ling'))
    assert.deepEqual(events.at(-1)!.data, { status: 'cancelled' })
    assert.deepEqual(effectsOf(orderNo), {})
  }
}

function toldPersons(events: readonly JournalEvent[]): readonly string[] {
  return events.filter(event => event.type === 'notice.delivered').flatMap(event => event.data.persons)
}

/** Whoever has a review is told, and the level above again and again. */
export async function assertKeepsTelling(nolimbo: RunningNolimbo): Promise<void> {
  const [orderNo = ''] = demoOrders(nolimbo, 'nostock')
  const repeats = async () => {
    const events = await journal(nolimbo, orderNo)
    assert.equal(toldPersons(events)[0], 'he')
    return events.filter(event => event.type === 'rung.fired' && event.data.repeat > 0).length
  }
  await until(`${orderNo} is told of twice more`, 30_000, async () => (await repeats()) >= 2)
}

/** An operator who has nothing but the Temporal Web UI finds what is stuck, with whom, since when, and why. */
export async function assertVisibleInTemporal(nolimbo: RunningNolimbo): Promise<void> {
  const connection = await Connection.connect({ address: nolimbo.temporalAddress })
  const client: Client = new TemporalClient({ connection })
  const stuck = demoOrders(nolimbo, 'nostock').map(orderNo => workflowIdOf('main', orderNo))
  const query = `OrderStatus="manual_review" AND OrderOwner="role:order-desk" AND OrderDueAt > "2026-01-01T00:00:00Z"`
  await until('Temporal lists what is stuck', 10_000, async () => {
    const found = new Set<string>()
    for await (const { workflowId } of client.workflow.list({ query })) found.add(workflowId)
    return stuck.every(workflowId => found.has(workflowId))
  })
  const { currentDetails } = await client.workflow
    .getHandle(stuck[0]!)
    .query<{ currentDetails: string }>('__temporal_workflow_metadata')
  assert.match(currentDetails, /in stock/)
  await connection.close()
}
