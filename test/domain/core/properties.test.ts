import assert from 'node:assert/strict'
import fc from 'fast-check'
import { recomputed, subjectOf } from '../../../domain/core/clock/ladder.ts'
import { withRulingCalendars } from '../../../domain/core/clock/ruling-calendars.ts'
import { decide, transition } from '../../../domain/core/decide.ts'
import type { Event } from '../../../domain/core/events/event.ts'
import { evolve } from '../../../domain/core/evolve/evolve.ts'
import type { Input } from '../../../domain/core/input.ts'
import { brokenInvariants, brokenSums } from '../../../domain/core/invariants.ts'
import { pending } from '../../../domain/core/pending.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { draws } from '../../draws.ts'
import { mondayMorning, orderOf } from '../specification.ts'
import { randomDefinition } from './random-definition.ts'
import { inputOf, nextDue, type RandomHappening, randomHappenings } from './random-happenings.ts'

/** Longer than any ladder of the random definitions, in wall time, over a weekend or the Spring Festival. */
const longestSilenceMs = 21 * 86_400_000

class Run {
  readonly definition: CompiledDefinition
  state: OrderState
  at = mondayMorning
  readonly journal: Event[] = []
  toldAt: string = mondayMorning

  constructor(definition: CompiledDefinition, returns: boolean) {
    this.definition = definition
    const ceilings = [
      { sku: 'A', quantity: 2 },
      { sku: 'B', quantity: 1 },
    ]
    const order = orderOf(returns ? { returnOf: { orderNo: 'SO-0', ceilings, refundableMinor: 1500 } } : {})
    const started = transition(definition, null, { type: 'start', at: this.at, order })
    assert.ok(started.ok)
    this.journal.push(...started.events)
    this.state = started.state
    this.judge(started.events, null)
  }

  take(input: Input): void {
    this.at = input.at
    const before = JSON.stringify(this.state)
    const decision = transition(this.definition, this.state, input)
    assert.equal(JSON.stringify(this.state), before, 'a decision changed what it was given')
    if (!decision.ok) return
    const previous = this.state
    this.state = decision.state
    this.journal.push(...decision.events)
    if (input.type === 'notice' && decision.events[0]?.type === 'notice.delivered') this.toldAt = this.at
    if (input.type === 'command' && decision.events.length === 0) {
      assert.ok(
        previous.commands.some(({ id }) => id === input.command.id),
        `${input.command.type} did nothing`,
      )
    }
    this.judge(decision.events, previous)
  }

  private judge(events: readonly Event[], before: OrderState | null): void {
    let state = before
    for (const event of events) {
      state = evolve(state, event)
      assert.deepEqual(brokenSums(state), [], `after ${event.type}`)
    }
    assert.deepEqual(brokenInvariants(withRulingCalendars(this.definition, this.state), this.state), [])
    assertCountedRight(this.definition, this.state)
  }
}

/** Every ladder that climbs is due when its calendar, the one that rules the order now, says so. */
function assertCountedRight(definition: CompiledDefinition, state: OrderState): void {
  const ruling = withRulingCalendars(definition, state)
  for (const [name, clock] of Object.entries(state.clocks)) {
    if (clock.paused || clock.checking) continue
    const { ladder, calendar } = subjectOf(ruling, state, name)
    assert.deepEqual(recomputed(ladder, calendar, clock), clock, name)
  }
}

function runOf(definition: CompiledDefinition, happenings: readonly RandomHappening[]): Run {
  const run = new Run(definition, definition.flow === 'return')
  for (const one of happenings) run.take(inputOf(definition, run.state, run.at, one))
  return run
}

const anyRun = [randomDefinition, randomHappenings] as const

describe('whatever happens to an order of whatever process', () => {
  it('[U] the core never throws, and its invariants hold after every event', () => {
    fc.assert(
      fc.property(...anyRun, (definition, happenings) => void runOf(definition, happenings)),
      { numRuns: draws(750) },
    )
  })

  it('[U] its journal folds to its state, also after a journey through JSON', () => {
    fc.assert(
      fc.property(...anyRun, (definition, happenings) => {
        const run = runOf(definition, happenings)
        const stored = JSON.parse(JSON.stringify(run.journal)) as Event[]
        assert.deepEqual(stored.reduce<OrderState | null>(evolve, null), run.state)
        assert.ok(stored.every((event, index) => event.seq === index + 1))
      }),
      { numRuns: draws(300) },
    )
  })

  it('[U] the same input decides the same', () => {
    fc.assert(
      fc.property(...anyRun, (definition, happenings) => {
        const run = new Run(definition, false)
        for (const one of happenings) {
          const input = inputOf(definition, run.state, run.at, one)
          const copied = JSON.parse(JSON.stringify(run.state)) as OrderState
          assert.deepEqual(decide(definition, copied, input), decide(definition, run.state, input))
          run.take(input)
        }
      }),
      { numRuns: draws(100) },
    )
  })

  it('[U] when nobody does anything any more, the clock ends it or keeps telling a person', () => {
    fc.assert(
      fc.property(...anyRun, (definition, happenings) => {
        const run = runOf(definition, happenings)
        run.toldAt = run.at
        for (let i = 0; i < 60 && run.state.closed === null; i++) neglect(run)
      }),
      { numRuns: draws(200) },
    )
  })
})

/** Calls fail without an outcome, notices are delivered, nobody acts: on to whatever the clock does next. */
function neglect(run: Run): void {
  for (const { request, id, cancel } of pending(run.definition, run.state).calls) {
    if (!cancel) continue
    const kind = id.slice(id.lastIndexOf('/') + 1) as 'do' | 'undo' | 'check'
    const outcome = { ok: false, code: 'timeout', message: 'no answer', certainty: 'unknown' } as const
    run.take({ type: 'result', at: run.at, call: { step: request.step, round: request.round, kind }, outcome })
  }
  for (const notice of Object.keys(run.state.notices)) {
    run.take({ type: 'notice', at: run.at, notice, outcome: { ok: true, persons: ['zhao'], channel: 'inbox' } })
  }
  const begin = pending(run.definition, run.state).begin.map(({ orderNo }) => orderNo)
  if (begin.length > 0) return run.take({ type: 'begun', at: run.at, orders: begin })
  const next = nextDue(run.definition, run.state)
  if (next === undefined) return
  const silenceMs = Date.parse(next) - Date.parse(run.toldAt)
  assert.ok(silenceMs <= longestSilenceMs, `silent for ${silenceMs / 86_400_000} days`)
  run.take({ type: 'clock', at: later(next, run.at) })
}

function later(one: string, other: string): string {
  return [one, other].sort()[1]!
}
