import type { CallOutcome } from '../call.ts'
import type { Event, EventType } from '../core/events/event.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import type { Order } from '../order/order.ts'
import { type Arrival, drive, type World } from './virtual-driver.ts'

/**
 * The course of one order as data: what comes to it from outside, and how everything that it asks is answered. Played
 * by the virtual clock or against a real workflow it must leave the same journal.
 */
export interface Scenario {
  readonly name: string
  readonly order: Order
  /** When the order is placed, ISO 8601. */
  readonly startAt: string
  /** Commands, facts and cancellations, by milliseconds since the start; no two at the same time. */
  readonly arrivals: readonly { readonly afterMs: number; readonly arrival: ScriptedArrival }[]
  /**
   * How a call comes back, by `step/round/kind`, and the next time it is begun, ...; the last answer stands. A call
   * that is not named comes off as asked.
   */
  readonly answers: Readonly<Record<string, readonly ScriptedAnswer[]>>
  /** Owners, targets and persons that no notice reaches. */
  readonly unreachable: readonly string[]
  /** Milliseconds since the start after which the order is left as it is. */
  readonly untilMs: number
}

export type ScriptedArrival = Extract<Arrival, { readonly type: 'command' | 'fact' | 'cancellation' }>

/** Milliseconds since the call began; past its deadline, or a cancellation, its outcome is not known. */
export interface ScriptedAnswer {
  readonly afterMs: number
  readonly outcome: CallOutcome
}

/** How long whatever the script says nothing of takes. */
export const usualMs = 1000

/** An event without its times, which no two drivers have in common to the millisecond. */
export interface TimelessEvent {
  readonly seq: number
  readonly type: EventType
  readonly actor: string
  readonly reason?: string
  readonly command?: string
  readonly data: unknown
}

/** The journal that a scenario leaves under the virtual clock. */
export function journalOf(definition: CompiledDefinition, scenario: Scenario): TimelessEvent[] {
  const journal: TimelessEvent[] = []
  const startMs = Date.parse(scenario.startAt)
  drive(definition, scenario.order, scriptedWorld(scenario), {
    startMs,
    untilMs: startMs + scenario.untilMs,
    onTurn: ({ events }) => journal.push(...events.map(timeless)),
  })
  return journal
}

/** The same for the journal of a real order. */
export function timeless({ at: _at, data, ...event }: Event): TimelessEvent {
  return { ...event, data: withoutTimes(data) }
}

const times: readonly string[] = ['since', 'dueAt', 'giveUpAt', 'repeatedAt', 'claimedAt', 'usedMs', 'missed']

function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => !times.includes(key))
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutTimes(inner)]))
}

/** The world of a scenario: it does what is written, and nothing else. */
export function scriptedWorld(scenario: Scenario): World {
  const begun = new Map<string, number>()
  return {
    answer: (call, nowMs) => {
      const times = begun.get(call.id) ?? 0
      begun.set(call.id, times + 1)
      const answers = scenario.answers[call.id] ?? []
      const answer = answers[Math.min(times, answers.length - 1)] ?? comesOff
      return { atMs: nowMs + answer.afterMs, outcome: answer.outcome }
    },
    tell: ({ target }, nowMs) => ({
      atMs: nowMs + usualMs,
      outcome: scenario.unreachable.includes(target)
        ? { ok: false, reason: 'unreachable' }
        : { ok: true, persons: [target], channel: 'inbox' },
    }),
    react: (event, _state, nowMs) => {
      if (event.type !== 'order.received') return []
      return scenario.arrivals.map(({ afterMs, arrival }) => ({ atMs: nowMs + afterMs, act: () => arrival }))
    },
  }
}

const comesOff: ScriptedAnswer = { afterMs: usualMs, outcome: { ok: true, result: {} } }
