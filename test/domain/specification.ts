import assert from 'node:assert/strict'
import type { CallResult, Certainty } from '../../domain/call.ts'
import { withRulingCalendars } from '../../domain/core/clock/ruling-calendars.ts'
import type { Command } from '../../domain/core/commands/command.ts'
import { transition } from '../../domain/core/decide.ts'
import type { CallKind, Event, EventType } from '../../domain/core/events/event.ts'
import { evolve } from '../../domain/core/evolve/evolve.ts'
import type { Input, NoticeOutcome, Refusal, RefusalCode } from '../../domain/core/input.ts'
import { brokenInvariants } from '../../domain/core/invariants.ts'
import { orderStatus } from '../../domain/core/order-status.ts'
import { pending } from '../../domain/core/pending.ts'
import type { OrderState } from '../../domain/core/state.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { parseDuration, wallMs } from '../../domain/duration.ts'
import type { Fact } from '../../domain/fact.ts'
import type { Order } from '../../domain/order/order.ts'
import { callerOf } from '../../domain/permission/caller.ts'
import type { Status } from '../../domain/status.ts'
import { definitionFrom, matrix, people } from './definitions.ts'

/* Given an order's history, when something happens, then exactly these events: specs of the core that read as such. */

/** Something that happens to an order, at the time it has come to. */
export type Happening = (order: OrderCase) => void

/** An event by its type alone, or with some of its data. */
export type Expected = EventType | readonly [EventType, Readonly<Record<string, unknown>>]

/** A Monday morning in Shanghai, when the office opens. */
export const mondayMorning = '2026-03-02T01:00:00.000Z'

/** An order to which all this has happened, `placed` first. */
export function given(definition: CompiledDefinition | string, ...happenings: readonly Happening[]): OrderCase {
  const order = new OrderCase(typeof definition === 'string' ? definitionFrom(definition) : definition)
  order.when(...happenings).thenNotRefused()
  return order
}

export class OrderCase {
  readonly definition: CompiledDefinition
  readonly journal: Event[] = []
  at: string = mondayMorning
  private current: OrderState | null = null
  private latest: readonly Event[] = []
  private refusal: Refusal | undefined

  constructor(definition: CompiledDefinition) {
    this.definition = definition
  }

  get refused(): Refusal | undefined {
    return this.refusal
  }

  get state(): OrderState {
    assert.ok(this.current, 'place the order first')
    return this.current
  }

  when(...happenings: readonly Happening[]): this {
    this.latest = []
    this.refusal = undefined
    for (const happening of happenings) happening(this)
    return this
  }

  thenNotRefused(): void {
    assert.equal(this.refusal, undefined, `refused: ${this.refusal?.message}`)
  }

  /** These events, in this order, and no others. */
  thenExactly(...expected: readonly Expected[]): this {
    this.thenNotRefused()
    const types = expected.map(one => (typeof one === 'string' ? one : one[0]))
    assert.deepEqual(
      this.latest.map(event => event.type),
      types,
    )
    expected.forEach((one, index) => {
      if (typeof one !== 'string') assertHolds(this.latest[index]!.data, one[1], types[index]!)
    })
    return this
  }

  /** Among the events there is this one. */
  thenAmongOthers(...expected: readonly Expected[]): this {
    for (const one of expected) {
      const [type, data] = typeof one === 'string' ? [one, {}] : one
      const found = this.latest.filter(event => event.type === type)
      assert.ok(found.length > 0, `no ${type} among ${this.latest.map(event => event.type).join(', ')}`)
      const fits = found.some(event => holds(event.data, data))
      if (!fits) assertHolds(found[0]!.data, data, type)
    }
    return this
  }

  thenRefused(code: RefusalCode, field?: string): this {
    assert.deepEqual({ code: this.refusal?.code, field: this.refusal?.field }, { code, field })
    assert.deepEqual(this.latest, [])
    return this
  }

  /** Who did it. */
  by(type: EventType): string | undefined {
    return this.latest.find(event => event.type === type)?.actor
  }

  thenStatus(status: Status): this {
    assert.equal(orderStatus(withRulingCalendars(this.definition, this.state), this.state), status)
    return this
  }

  take(input: Input): void {
    const before = this.current
    const frozen = JSON.stringify(before)
    const decision = transition(this.definition, before, input)
    assert.equal(JSON.stringify(before), frozen, 'a decision changes nothing that it was given')
    if (!decision.ok) {
      this.refusal = decision
      return
    }
    const folded = decision.events.reduce<OrderState | null>(evolve, before)
    assert.deepEqual(JSON.parse(JSON.stringify(folded)), decision.state, 'the journal folds to the state')
    assert.deepEqual(brokenInvariants(withRulingCalendars(this.definition, decision.state), decision.state), [])
    this.current = decision.state
    this.journal.push(...decision.events)
    this.latest = [...this.latest, ...decision.events]
  }
}

function holds(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected)
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected) && expected.length !== (actual as unknown[]).length) return false
  return Object.entries(expected).every(([key, value]) => holds((actual as Record<string, unknown>)[key], value))
}

function assertHolds(actual: unknown, expected: unknown, what: string): void {
  if (!holds(actual, expected)) assert.deepEqual(actual, expected, what)
}

/** An order of two lines, 15 CNY in all, unless said otherwise. */
export function orderOf(parts: Partial<Order> & { readonly total?: number } = {}): Order {
  const { total, ...rest } = parts
  const line = (line: number, sku: string, quantity: number, unitPriceMinor: number) => ({
    line,
    sku,
    quantity,
    unitPriceMinor,
  })
  return {
    organisation: 'main',
    orderNo: 'SO-1',
    customer: { id: 'c1', name: 'Ada' },
    currency: 'CNY',
    exponent: 2,
    lines: total === undefined ? [line(1, 'A', 2, 500), line(2, 'B', 1, 500)] : [line(1, 'A', 1, total * 100)],
    charges: [],
    attributes: {},
    placedBy: 'sun',
    ...rest,
  }
}

export const placed =
  (parts: Parameters<typeof orderOf>[0] = {}): Happening =>
  order =>
    order.take({ type: 'start', at: order.at, order: orderOf(parts) })

/** A person of `processes/people.yaml` gives a command, with today's rows of the standard matrix. */
export const does =
  (who: string, type: Command['type'], parts: Readonly<Record<string, unknown>> = {}): Happening =>
  order => {
    const person = people.people.find(({ id }) => id === who)
    const identity = { actor: who, roles: person?.roles ?? [], organisation: person?.organisation ?? 'elsewhere' }
    const command = { type, ...parts } as Command
    const input = { type: 'command', command, caller: callerOf(matrix, identity, type) } as const
    order.take({ ...input, at: order.at })
  }

let factCount = 0

export const reports =
  (type: string, parts: Partial<Fact> = {}): Happening =>
  order => {
    factCount += 1
    const fact = { id: `f${factCount}`, source: 'test', type, claimedAt: order.at, ...parts }
    order.take({ type: 'fact', at: order.at, fact })
  }

/** The call of a step in flight comes back: as asked, unless said otherwise. */
export const succeeds = (step: string, result: CallResult = {}): Happening => answer(step, 'do', { ok: true, result })
export const undoSucceeds = (step: string, result: CallResult = {}): Happening =>
  answer(step, 'undo', { ok: true, result })
export const checkSays = (step: string, result: CallResult): Happening => answer(step, 'check', { ok: true, result })
export const fails = (step: string, certainty: Certainty = 'not_done'): Happening =>
  answer(step, 'do', { ok: false, code: 'declined', message: 'declined', certainty })
export const undoFails = (step: string, certainty: Certainty = 'not_done'): Happening =>
  answer(step, 'undo', { ok: false, code: 'refused', message: 'refused', certainty })
export const checkFails = (step: string): Happening =>
  answer(step, 'check', { ok: false, code: 'away', message: 'away', certainty: 'unknown' })

function answer(step: string, kind: CallKind, outcome: Extract<Input, { type: 'result' }>['outcome']): Happening {
  return order => {
    const call = Object.values(order.state.calls).find(call => call.step === step && call.kind === kind)
    assert.ok(call, `no ${kind} of "${step}" is in flight`)
    order.take({ type: 'result', at: order.at, call: { step, round: call.round, kind }, outcome })
  }
}

/** Every open notice is answered. */
export const told =
  (...persons: readonly string[]): Happening =>
  order =>
    answerNotices(order, { ok: true, persons: persons.length > 0 ? persons : ['someone'], channel: 'inbox' })
export const nobodyTold: Happening = order => answerNotices(order, { ok: false, reason: 'no_answer' })

function answerNotices(order: OrderCase, outcome: NoticeOutcome): void {
  for (const notice of Object.keys(order.state.notices)) order.take({ type: 'notice', at: order.at, notice, outcome })
}

/** Time goes by, and nothing wakes the order. */
export const passes =
  (duration: string): Happening =>
  order => {
    const parsed = parseDuration(duration)
    assert.ok(parsed)
    order.at = new Date(Date.parse(order.at) + wallMs(parsed)).toISOString()
  }

export const clock: Happening = order => {
  order.take({ type: 'clock', at: order.at })
}

/** Time goes on to the next thing the clock has to do, which it then does. */
export const deadline: Happening = order => {
  const work = pending(order.definition, order.state)
  const calls = work.calls.flatMap(call => (call.cancel ? [] : call.giveUpAt))
  const due = [...calls, ...(work.deadline === null ? [] : [work.deadline])].sort()[0]
  assert.ok(due, 'nothing is due')
  if (due > order.at) order.at = due
  order.take({ type: 'clock', at: order.at })
}

/** The same, n times, each notice being answered before. */
export const deadlines =
  (times: number): Happening =>
  order => {
    for (let i = 0; i < times; i++) {
      told()(order)
      deadline(order)
    }
  }

/** The orders that come in its place are begun, under their own numbers or these. */
export const begun =
  (...orders: readonly string[]): Happening =>
  order => {
    const { begin } = pending(order.definition, order.state)
    assert.ok(begin.length > 0, 'no order is to be begun')
    const numbers = orders.length > 0 ? orders : begin.map(({ orderNo }) => orderNo)
    order.take({ type: 'begun', at: order.at, orders: numbers })
  }

export const temporalCancels: Happening = order => {
  order.take({ type: 'cancellation', at: order.at })
}
