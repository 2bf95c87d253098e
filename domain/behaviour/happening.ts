import type { CallOutcome } from '../call.ts'
import type { Command } from '../core/commands/command.ts'
import type { CallKind } from '../core/events/event.ts'
import type { Caller, Input } from '../core/input.ts'
import { nearestDeadline } from '../core/pending.ts'
import type { OrderState } from '../core/state.ts'
import { standardFacts } from '../fact.ts'
import { newerCalendar, newerShowcase } from './showcase.ts'

/**
 * Something that may come to an order, as the input that it then is. Undefined where it cannot come: no call is in
 * flight, nothing is due.
 */
export type Happening = (state: OrderState) => Input | undefined

export const groups = ['commands', 'facts', 'calls', 'clock and people'] as const
export type Group = (typeof groups)[number]

const commands: readonly Command[] = [
  { type: 'approve' },
  { type: 'reject' },
  { type: 'send_back', to: 'approval' },
  { type: 'claim' },
  { type: 'transfer', to: 'ling', reason: 'on leave' },
  { type: 'retry' },
  { type: 'hold', hold: 'customer' },
  { type: 'release' },
  { type: 'cancel' },
  { type: 'recompute_deadlines', calendars: { always: newerCalendar } },
  { type: 'confirm', proposal: 'p1' },
  { type: 'decline', proposal: 'p1' },
  { type: 'skip', reason: 'not needed' },
  { type: 'void', reason: 'placed by mistake' },
  { type: 'amend', changes: { lines: [{ line: 1, quantity: 3 }] } },
  { type: 'migrate', version: 2, definition: newerShowcase },
  { type: 'rollback', to: 'approval', reason: 'wrong stock' },
  { type: 'split', parts: [{ lines: [{ line: 1, quantity: 1 }] }, { lines: [{ line: 1, quantity: 1 }] }] },
  { type: 'merge', orders: ['S-2'] },
  { type: 'override', status: 'delivered', evidence: 'signed paper', reason: 'the carrier is silent' },
]

const caller: Caller = {
  actor: 'ling',
  roles: ['ops-manager'],
  organisation: 'main',
  matrixVersion: 'showcase/1',
  allowed: [{ statuses: 'open' }],
}

const outcomes: Readonly<Record<string, CallOutcome>> = {
  succeeds: { ok: true, result: {} },
  'succeeds in part': { ok: true, result: { lines: [{ line: 1, sku: 'A', quantity: 1 }] } },
  fails: { ok: false, code: 'declined', message: 'declined', certainty: 'not_done' },
  'ends without an outcome': { ok: false, code: 'timeout', message: 'no answer', certainty: 'unknown' },
}

/** Every input of the table, by its group and name. */
export const happenings: Readonly<Record<Group, Readonly<Record<string, Happening>>>> = {
  commands: Object.fromEntries(
    commands.map(command => [command.type, ({ at }) => ({ type: 'command', at, command, caller })]),
  ),
  facts: Object.fromEntries(
    standardFacts.map(type => [
      type,
      ({ at, seq }) => ({ type: 'fact', at, fact: { id: `${seq}`, source: 'world', type, claimedAt: at } }),
    ]),
  ),
  calls: {
    'do succeeds': state => result(state, 'do', 'succeeds'),
    'do succeeds in part': state => result(state, 'do', 'succeeds in part'),
    'do fails': state => result(state, 'do', 'fails'),
    'do ends without an outcome': state => result(state, 'do', 'ends without an outcome'),
    'undo succeeds': state => result(state, 'undo', 'succeeds'),
    'undo fails': state => result(state, 'undo', 'fails'),
  },
  'clock and people': {
    'the next deadline': state => dueNext(state),
    'a notice is delivered': state => notice(state, true),
    'a notice fails': state => notice(state, false),
    'Temporal asks to cancel': ({ at }) => ({ type: 'cancellation', at }),
  },
}

export function happeningNamed(name: string): Happening {
  for (const group of groups) {
    const found = happenings[group][name]
    if (found !== undefined) return found
  }
  throw new RangeError(`nothing that happens is called "${name}"`)
}

function result(state: OrderState, kind: CallKind, outcome: string): Input | undefined {
  const call = Object.values(state.calls).find(other => other.kind === kind)
  if (call === undefined) return undefined
  return {
    type: 'result',
    at: state.at,
    call: { step: call.step, round: call.round, kind },
    outcome: outcomes[outcome]!,
  }
}

/** Of a ladder or of a call in flight. */
function dueNext(state: OrderState): Input | undefined {
  const ladder = state.closed === null ? nearestDeadline(state) : null
  const calls = Object.values(state.calls).flatMap(call => (call.cancelling === undefined ? call.giveUpAt : []))
  const at = [...calls, ...(ladder === null ? [] : [ladder])].sort()[0]
  return at === undefined ? undefined : { type: 'clock', at }
}

function notice(state: OrderState, delivered: boolean): Input | undefined {
  const [id] = Object.keys(state.notices)
  if (id === undefined) return undefined
  const outcome = delivered
    ? ({ ok: true, persons: ['ling'], channel: 'inbox' } as const)
    : ({ ok: false, reason: 'no_answer' } as const)
  return { type: 'notice', at: state.at, notice: id, outcome }
}
