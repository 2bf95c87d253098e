import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Event, EventOf } from '../../../domain/core/events/event.ts'
import { evolve } from '../../../domain/core/evolve/evolve.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { resolve } from '../../../domain/directory.ts'
import type { Order } from '../../../domain/order/order.ts'
import { madeUpOrder } from '../../../domain/simulate/made-up-order.ts'
import { Random } from '../../../domain/simulate/random.ts'
import { randomWorld } from '../../../domain/simulate/random-world.ts'
import { drive, type World } from '../../../domain/simulate/virtual-driver.ts'
import { definitionFrom, people, processNamed } from '../definitions.ts'
import { orderOf } from '../specification.ts'

const minute = 60_000
const hour = 60 * minute
const shanghai = (time: string) => Date.parse(`2026-${time}:00+08:00`)

/** Nobody does anything; notices reach whom they mean in today's directory. */
const nobody: World = {
  answer: (_, nowMs) => ({ atMs: nowMs + 1000, outcome: { ok: true, result: {} } }),
  tell: ({ target, owner }, nowMs) => {
    const persons = resolve(people, 'main', target, owner).map(({ id }) => id)
    return { atMs: nowMs + 1000, outcome: { ok: true, persons, channel: 'inbox' } }
  },
  react: () => [],
}

/** An event of an order, with the state before it. */
interface Seen {
  readonly event: Event
  readonly before: OrderState | null
}

interface Outage {
  readonly fromMs: number
  readonly untilMs: number
}

function play(definition: CompiledDefinition, order: Order, world: World, startMs: number, away: Outage): Seen[] {
  const seen: Seen[] = []
  let state: OrderState | null = null
  drive(definition, order, world, {
    startMs,
    untilMs: away.untilMs + 7 * 24 * hour,
    away,
    onTurn: ({ events }) => {
      for (const event of events) {
        seen.push({ event, before: state })
        state = evolve(state, event)
      }
    },
  })
  return seen
}

/** What befalls an order that catches up: within two minutes everything has been asked and told. */
const catchingUp = (seen: readonly Seen[], { untilMs }: Outage) =>
  seen.filter(({ event: { at } }) => Date.parse(at) >= untilMs && Date.parse(at) < untilMs + 120_000)

const ofType = <T extends Event['type']>(seen: readonly Seen[], type: T) =>
  seen.filter((one): one is Seen & { event: EventOf<T> } => one.event.type === type)

/** How long after it had been due a rung fired. */
const lateMs = ({ event, before }: Seen & { event: EventOf<'rung.fired'> }) =>
  Date.parse(event.at) - Date.parse(before?.clocks[event.data.subject]?.dueAt ?? event.at)

/** A fallback by which the clock decides, instead of asking a person. */
const decides = ({ event }: { event: EventOf<'rung.fired'> }) =>
  event.data.fallback !== undefined && event.data.fallback !== 'review'

const aroundTheClock = definitionFrom(`
process: around-the-clock
flow: none
holds:
  customer: { owner: role:order-desk, release: [role:order-desk], ladder: [{ after: 6h, remind: owner, every: 3h }, { after: 30h, fallback: release }] }
steps:
  - id: look
    kind: task
    status: pending_approval
    owner: role:sales-supervisor
    ladder: [{ after: 2h, remind: owner, every: 2h }, { after: 8h, escalate: manager, every: 4h }, { after: 2d, fallback: cancel }]
  - id: post
    kind: call
    status: pending_stock
    after: [look]
    do: erp.post
    undo: erp.reverse
    owner: role:warehouse
    retry: { giveUpAfter: 30m }
    onFailure: cancel
`)

const weekend = { fromMs: shanghai('03-06T17:00'), untilMs: shanghai('03-09T09:00') }

describe('a weekend without workers', () => {
  for (const definition of [aroundTheClock, processNamed('sales')]) {
    it(`[U] cancels none of 200 orders of ${definition.id}, and tells each person once of each`, () => {
      const told = new Map<string, number>()
      for (let index = 0; index < 200; index += 1) {
        const order = orderOf({ total: 20_000, orderNo: `SO-${index}` })
        // Placed over three days: each is on another rung when the lights go out.
        const startMs = weekend.fromMs - Math.floor(((index + 1) / 200) * 72 * hour)
        const seen = play(definition, order, nobody, startMs, weekend)
        const burst = catchingUp(seen, weekend)
        assert.deepEqual(
          burst.filter(({ event: { type } }) => type === 'compensation.started' || type === 'order.closed'),
          [],
        )
        for (const { event, before } of ofType(burst, 'notice.delivered')) {
          const { subject } = before!.notices[event.data.notice]!
          for (const person of event.data.persons) {
            const what = `${person} of ${order.orderNo} ${subject}`
            told.set(what, (told.get(what) ?? 0) + 1)
          }
        }
      }
      assert.deepEqual(
        [...told].filter(([, count]) => count > 1),
        [],
      )
      assert.ok(told.size > 10, `${told.size}`)
    })
  }

  it('[U] makes one of all repeats that were missed, and says how many they were', () => {
    const startMs = weekend.fromMs - 3 * hour
    const [first, ...others] = ofType(play(aroundTheClock, orderOf({}), nobody, startMs, weekend), 'rung.fired').filter(
      ({ event }) => Date.parse(event.at) >= weekend.fromMs,
    )
    assert.equal(first?.event.at, new Date(weekend.untilMs).toISOString())
    // Every two hours since an hour after the lights went out: 32 in 64 hours, and the next rung fires instead of them.
    assert.deepEqual([first?.event.data.action, first?.event.data.missed], ['escalate', 32])
    assert.ok(others.every(({ event }) => event.data.missed === undefined))
  })

  it('[U] postpones the fallback once: who should decide has its time again, and then it comes', () => {
    // The last rung before the fallback was long ago.
    const startMs = weekend.fromMs - 40 * hour
    const seen = play(aroundTheClock, orderOf({}), nobody, startMs, weekend)
    const postponed = ofType(seen, 'clock.postponed')
    assert.equal(postponed.length, 1)
    const again = weekend.untilMs + 40 * hour
    assert.ok(Math.abs(Date.parse(seen.find(({ event }) => event.type === 'order.closed')!.event.at) - again) < 60_000)
  })

  it('[U] tells the owner alone, and once, where a reminder and a fallback were due', () => {
    const reminded = definitionFrom(`
flow: none
steps:
  - { id: look, kind: task, status: pending_payment, owner: role:finance, ladder: [{ after: 2h, escalate: manager, every: 4h }, { after: 1d, fallback: cancel }] }
`)
    const burst = catchingUp(play(reminded, orderOf({}), nobody, weekend.fromMs - 12 * hour, weekend), weekend)
    assert.deepEqual(
      burst.map(({ event }) => event.type),
      ['clock.postponed', 'notice.requested', 'notice.delivered'],
    )
    assert.deepEqual(ofType(burst, 'notice.delivered')[0]?.event.data.persons, ['fang'])
  })
})

describe('an outage of any length', () => {
  const definitions = [aroundTheClock, ...['sales', 'cod', 'express', 'purchase', 'return'].map(processNamed)]
  const outage = fc.record({
    definition: fc.constantFrom(...definitions),
    absent: fc.boolean(),
    seed: fc.integer({ min: 1, max: 1e6 }),
    afterMs: fc.integer({ min: 0, max: 10 * 24 * hour }),
    lengthMs: fc.oneof(fc.integer({ min: 180_000, max: 4 * hour }), fc.integer({ min: hour, max: 30 * 24 * hour })),
  })

  it('[U] lets the clock decide nothing that people had no time for, and tells nobody twice', () => {
    let [late, postponed] = [0, 0]
    fc.assert(
      fc.property(outage, ({ definition, absent, seed, afterMs, lengthMs }) => {
        const random = new Random(seed)
        const startMs = shanghai('03-02T09:00')
        const away = { fromMs: startMs + afterMs, untilMs: startMs + afterMs + lengthMs }
        const world: World = absent ? nobody : { ...randomWorld(definition, random), tell: nobody.tell }
        const seen = play(definition, madeUpOrder(definition, random, seed), world, startMs, away)
        const fired = ofType(seen, 'rung.fired')
        late += fired.filter(one => lateMs(one) > hour).length
        postponed += ofType(seen, 'clock.postponed').length
        assert.deepEqual(
          fired.filter(one => decides(one) && lateMs(one) > 2 * minute),
          [],
        )
        const burst = ofType(catchingUp(seen, away), 'rung.fired').map(({ event }) => event.data.subject)
        assert.equal(new Set(burst).size, burst.length, `${burst}`)
      }),
      { numRuns: 600 },
    )
    assert.ok(late > 10 && postponed > 0, `${late} late, ${postponed} postponed`)
  })
})
