import fc from 'fast-check'
import type { CallOutcome, CallResult } from '../../../domain/call.ts'
import { withRulingCalendars } from '../../../domain/core/clock/ruling-calendars.ts'
import { type Command, overrideStatuses } from '../../../domain/core/commands/command.ts'
import { type MergeAnswer, type MergeMessage, pendingMessages } from '../../../domain/core/commands/merging.ts'
import type { Input } from '../../../domain/core/input.ts'
import { pending } from '../../../domain/core/pending.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { standardFacts } from '../../../domain/fact.ts'
import { changesOf, variantOf } from './random-changes.ts'

/* Anything that can come to an order, sensible or not, chosen against the state it finds. */

const commands = [
  'approve',
  'reject',
  'send_back',
  'transfer',
  'claim',
  'retry',
  'hold',
  'release',
  'cancel',
  'recompute_deadlines',
  'confirm',
  'decline',
  'skip',
  'void',
  'rollback',
  'override',
  'split',
  'merge',
] as const
const quantities = [1, 1, 2, 3, 1_000_000_000, 0, -1]

const happening = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant('result' as const) },
    { weight: 3, arbitrary: fc.constantFrom('command' as const, 'fact' as const) },
    { weight: 4, arbitrary: fc.constantFrom('notice' as const, 'clock' as const, 'begun' as const, 'merge' as const) },
    { weight: 1, arbitrary: fc.constantFrom('amend' as const, 'amend' as const, 'migrate' as const) },
  ),
  waitMs: fc.constantFrom(0, 0, 0, 0, 1000, 600_000, 3_600_000, 40 * 3_600_000),
  toDeadline: fc.boolean(),
  which: fc.nat(20),
  other: fc.nat(20),
  amount: fc.option(fc.constantFrom(0, 1, 500, 1500, 1_000_000, 2 ** 52), { nil: undefined }),
  quantity: fc.constantFrom(...quantities),
  named: fc.boolean(),
})

export type RandomHappening = typeof happening extends fc.Arbitrary<infer T> ? T : never
export const randomHappenings = fc.array(happening, { maxLength: 40, size: 'max' })

const everyone = {
  actor: 'zhao',
  roles: ['process-owner'],
  organisation: 'main',
  matrixVersion: 't',
  allowed: [{ statuses: 'open' as const }],
}

const second = { roles: ['process-owner'], within: '4h', levels: 1 }
const asked = [{ roles: ['process-owner'], statuses: 'open' as const, confirm: second }]

/** Sometimes a second person must confirm, and sometimes it is one. */
function callerFor(one: RandomHappening) {
  if (one.other % 3 === 0) return { ...everyone, allowed: asked }
  const proposable = {
    skip: asked,
    void: asked,
    rollback: asked,
    override: asked,
    amend: asked,
    cancel: asked,
    approve: asked,
  }
  return { ...everyone, actor: one.other % 3 === 1 ? 'ling' : 'zhao', proposable }
}

/** What it is when it comes, at this time or at the next deadline. */
export function inputOf(definition: CompiledDefinition, state: OrderState, from: string, one: RandomHappening): Input {
  const due = one.kind === 'clock' && one.toDeadline ? nextDue(definition, state) : undefined
  const at = due !== undefined && due > from ? due : new Date(Date.parse(from) + one.waitMs).toISOString()
  switch (one.kind) {
    case 'command':
      return { type: 'command', at, command: commandOf(definition, state, one), caller: callerFor(one) }
    case 'amend':
      return { type: 'command', at, command: { type: 'amend', changes: changesOf(state, one) }, caller: callerFor(one) }
    case 'migrate': {
      const next = variantOf(withRulingCalendars(definition, state), state.process.version + 1, one)
      const command = { type: 'migrate' as const, version: next.version, definition: next }
      return { type: 'command', at, command, caller: callerFor(one) }
    }
    case 'fact':
      return { type: 'fact', at, fact: factOf(state, at, one) }
    case 'result': {
      const calls = Object.values(state.calls)
      const { step, round, kind } = pick(calls, one.which) ?? {
        step: definition.steps[0]!.id,
        round: 1,
        kind: 'do' as const,
      }
      return { type: 'result', at, call: { step, round, kind }, outcome: outcomeOf(state, one) }
    }
    case 'notice': {
      const notice = pick(Object.keys(state.notices), one.which) ?? 'n99'
      const outcome = one.named
        ? {
            ok: true as const,
            persons: one.other % 5 === 0 ? [] : ['fang'],
            channel: 'inbox',
            ...(one.which % 3 === 0 && { top: true }),
            ...(one.which % 4 === 0 && { standIns: [{ person: 'fang', insteadOf: 'wu', because: 'absent' as const }] }),
          }
        : { ok: false as const, reason: 'nobody' }
      return { type: 'notice', at, notice, outcome }
    }
    case 'merge': {
      const [wanted] = pendingMessages(state)
      if (wanted !== undefined)
        return { type: 'member', at, orderNo: wanted.orderNo, kind: wanted.message.kind, answer: answerOf(one) }
      return { type: 'merge', at, message: messageOf(state, one, at) }
    }
    case 'begun':
      return { type: 'begun', at, orders: pending(definition, state).begin.map(({ orderNo }) => orderNo) }
    case 'clock':
      return one.which === 0 && one.other < 4 ? { type: 'cancellation', at } : { type: 'clock', at }
    default:
      return one.kind satisfies never
  }
}

/** When something is next due: of a ladder, or a call that has had its time. */
export function nextDue(definition: CompiledDefinition, state: OrderState): string | undefined {
  const { calls, deadline } = pending(definition, state)
  const giveUps = calls.flatMap(call => (call.cancel ? [] : call.giveUpAt))
  return [...giveUps, ...(deadline === null ? [] : [deadline])].sort()[0]
}

export function pick<T>(list: readonly T[], index: number): T | undefined {
  return list[index % Math.max(1, list.length)]
}

function commandOf(definition: CompiledDefinition, state: OrderState, one: RandomHappening): Command {
  // Mostly what is rare in itself would end every run.
  const type = one.which > 16 ? 'approve' : commands[one.which % commands.length]!
  const step = pick(definition.steps, one.other)!.id
  const id = one.quantity > 2 ? { id: `c${one.which % 3}` } : {}
  const where = one.named ? { step } : {}
  switch (type) {
    case 'send_back':
      return { type, ...id, ...where, to: pick(definition.steps, one.which)!.id }
    case 'transfer':
      return { type, ...id, ...where, to: 'role:warehouse', reason: 'on leave' }
    case 'hold':
      return one.other < 6 ? { type, ...id, hold: one.other % 2 === 0 ? 'all' : 'some' } : { type: 'approve', ...where }
    case 'release': {
      const names = [
        ...Object.keys(state.holds).map(hold => `hold:${hold}`),
        ...Object.keys(state.reviews).map(r => `review:${r}`),
      ]
      const hold = one.named ? pick(names, one.other) : undefined
      return { type, ...id, ...(hold === undefined ? {} : { hold }) }
    }
    case 'recompute_deadlines': {
      // The next days are free, as it turns out, or the holidays that were known are none.
      const calendar = definition.calendars[definition.calendar]!
      const today = Math.floor(Date.parse(state.at) / 86_400_000)
      const special = Array.from({ length: one.other % 3 }, (_, index) => [today + index + (one.which % 3)])
      return { type, ...id, calendars: { [calendar.id]: { ...calendar, special } } }
    }
    case 'cancel':
    case 'void':
      return one.other < 4 ? { type, ...id, reason: 'wrong' } : { type: 'retry', ...where }
    case 'confirm':
    case 'decline':
      return { type, ...id, proposal: pick(Object.keys(state.proposals ?? {}), one.other) ?? 'p1' }
    case 'skip':
      return { type, ...id, ...where, reason: 'not needed' }
    case 'rollback':
      return { type, ...id, to: step, reason: 'wrong' }
    case 'merge':
      return { type, ...id, orders: ['SO-2', 'SO-3'].slice(one.other % 2) }
    case 'split': {
      // One of each line apart, and the rest: mostly it adds up.
      const left = state.lines.map(({ line, ordered, cancelled }) => ({ line, quantity: ordered - cancelled }))
      const apart = left.map(({ line }) => ({ line, quantity: 1 }))
      const rest = left.map(({ line, quantity }) => ({ line, quantity: quantity - 1 + (one.other === 9 ? 1 : 0) }))
      return { type, ...id, parts: [{ lines: apart }, { lines: rest.filter(({ quantity }) => quantity > 0) }] }
    }
    case 'override':
      return overrideOf(state, one, { ...id, ...where })
    default:
      return { type, ...id, ...where }
  }
}

function answerOf(one: RandomHappening): MergeAnswer {
  if (one.other < 2) return { ok: false, code: 'not_applicable', message: 'no' }
  const share = { lines: [{ sku: 'C', quantity: 1, unitPriceMinor: 100 }], charges: [] }
  return { ok: true, isReady: one.named, share }
}

function messageOf(state: OrderState, one: RandomHappening, at: string): MergeMessage {
  const merge = state.merging?.merge ?? 'SO-9/1'
  const lapsesAt = new Date(Date.parse(at) + 600_000).toISOString()
  const which = { customerId: 'c1', currency: 'CNY', process: state.process.id }
  const messages: readonly MergeMessage[] = [
    { kind: 'ask', merge, lead: 'SO-9', into: 'SO-9-1', ...which, lapsesAt, caller: everyone },
    { kind: 'go', merge },
    { kind: 'go', merge },
    { kind: 'close', merge, into: 'SO-9-1' },
    { kind: 'release', merge },
  ]
  return state.merging === undefined ? messages[0]! : pick(messages, one.other)!
}

function overrideOf(state: OrderState, one: RandomHappening, more: { id?: string; step?: string }): Command {
  const { parcel, lines, amountMinor } = factOf(state, '', one)
  const data = {
    ...(parcel === undefined ? {} : { parcel }),
    ...(lines === undefined ? {} : { lines }),
    ...(amountMinor === undefined ? {} : { amount: `${Math.floor(amountMinor / 100)}.${one.other % 10}` }),
  }
  const status = pick(overrideStatuses, one.which + one.other)!
  return {
    type: 'override',
    ...more,
    status,
    evidence: 'seen',
    reason: 'wrong',
    ...(one.other % 3 === 0 ? { data } : {}),
  }
}

function factOf(state: OrderState, at: string, one: RandomHappening) {
  const parcel = one.named ? (pick(Object.keys(state.parcels), one.other) ?? 'P9') : undefined
  const line = pick(state.lines, one.other)!
  const lines =
    one.quantity === 2 ? undefined : [{ sku: one.other === 7 ? 'no-such' : line.sku, quantity: one.quantity }]
  return {
    id: `f${one.which}`,
    source: 'random',
    type: pick(standardFacts, one.which + one.other)!,
    claimedAt: at,
    ...(parcel === undefined ? {} : { parcel }),
    ...(lines === undefined ? {} : { lines }),
    ...(one.amount === undefined ? {} : { amountMinor: one.amount }),
  }
}

function outcomeOf(state: OrderState, one: RandomHappening): CallOutcome {
  if (one.other < 4) return { ok: false, code: 'x', message: 'x', certainty: one.named ? 'unknown' : 'not_done' }
  if (one.other < 14) return { ok: true, result: {} }
  const line = pick(state.lines, one.which)!
  const lines = [{ line: line.line, sku: line.sku, quantity: one.quantity }]
  const result: CallResult = {
    ...(one.amount === undefined ? {} : { amountMinor: one.other === 15 ? -1 : one.amount - 0.5 * (one.other % 2) }),
    ...(one.named ? { lines } : {}),
    ...(one.other > 16
      ? {
          parcels: [
            { id: `P${one.which % 3}`, lines },
            { id: 'P8', lines: [] },
          ],
        }
      : {}),
  }
  return { ok: true, result }
}
