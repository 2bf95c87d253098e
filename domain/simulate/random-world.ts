import type { CallOutcome, LineQuantity } from '../call.ts'
import type { Command } from '../core/commands/command.ts'
import type { Event, EventOf } from '../core/events/event.ts'
import type { Caller, NoticeOutcome } from '../core/input.ts'
import type { PendingCall } from '../core/pending.ts'
import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition, WaitStep } from '../definition/compiled-definition.ts'
import type { Random } from './random.ts'
import type { Arrival, Reaction, World } from './virtual-driver.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** How often things go wrong in the made-up world: far more often than anywhere real. */
const odds = {
  callRefused: 0.02,
  callUnknown: 0.01,
  systemDown: 0.02,
  partialStock: 0.05,
  noticeFails: 0.03,
  absent: 0.2,
  rejects: 0.05,
  sendsBack: 0.03,
  factLost: 0.04,
  factWrong: 0.02,
  factDoubled: 0.03,
  paidInParts: 0.1,
  customerCancels: 0.03,
  held: 0.03,
} as const

/** Random delays, failures, partial stock, lost facts, absent people: the same for the same random numbers. */
export function randomWorld(definition: CompiledDefinition, random: Random): World {
  return {
    answer: (call, nowMs) => answer(random, call, nowMs),
    tell: (notice, nowMs) => ({
      atMs: nowMs + random.around(500),
      outcome: told(random, notice.target, notice.about === 'undelivered'),
    }),
    react: (event, state, nowMs) => reactions(definition, random, event, state, nowMs),
  }
}

function answer(random: Random, call: PendingCall, nowMs: number): { atMs: number; outcome: CallOutcome } {
  if (random.chance(odds.systemDown)) return { atMs: nowMs + random.around(2 * hour), outcome: success(random, call) }
  const atMs = nowMs + random.around(2000)
  if (random.chance(odds.callRefused)) {
    return { atMs, outcome: { ok: false, code: 'refused', message: 'refused', certainty: 'not_done' } }
  }
  if (random.chance(odds.callUnknown)) {
    return { atMs, outcome: { ok: false, code: 'lost', message: 'no telling', certainty: 'unknown' } }
  }
  return { atMs, outcome: success(random, call) }
}

function success(random: Random, call: PendingCall): CallOutcome {
  const { operation, input } = call.request
  if (call.id.endsWith('/check')) {
    return { ok: true, result: { parcels: random.chance(0.5) ? (input.parcels ?? []) : [] } }
  }
  if (operation !== 'inventory.reserve' || !random.chance(odds.partialStock)) return { ok: true, result: {} }
  const lines = (input.lines ?? []).map(line => ({ ...line, quantity: random.whole(0, line.quantity) }))
  if (lines.every(line => line.quantity === 0)) {
    return { ok: false, code: 'out_of_stock', message: 'nothing in stock', certainty: 'not_done' }
  }
  return { ok: true, result: { lines } }
}

function told(random: Random, target: string, last: boolean): NoticeOutcome {
  // At each level one channel delivers: the process owner's does.
  if (!last && random.chance(odds.noticeFails)) return { ok: false, reason: 'mailbox full' }
  return { ok: true, persons: [target.replace('role:', '')], channel: 'inbox' }
}

function reactions(
  definition: CompiledDefinition,
  random: Random,
  event: Event,
  state: OrderState,
  nowMs: number,
): Reaction[] {
  switch (event.type) {
    case 'order.received':
      return chanceEvents(definition, random, nowMs)
    case 'step.entered': {
      const step = definition.steps.find(({ id }) => id === event.data.step)
      if (step?.kind === 'task') return decideTask(random, event, step.after[0], nowMs)
      return step?.kind === 'wait' ? report(random, step, state, nowMs) : []
    }
    case 'step.partial':
      return random.chance(0.7) ? [fact(random, nowMs + random.around(2 * day), 'stock.reserved', {})] : []
    case 'review.opened':
      return decideReview(random, event, nowMs)
    case 'hold.placed':
      if (random.chance(odds.absent)) return []
      return [command(nowMs + random.around(8 * hour), { type: 'release', hold: event.data.hold })]
    default:
      return []
  }
}

/** What befalls an order whatever step it is at. */
function chanceEvents(definition: CompiledDefinition, random: Random, nowMs: number): Reaction[] {
  const some: Reaction[] = []
  if (random.chance(odds.customerCancels))
    some.push(fact(random, nowMs + random.around(2 * day), 'customer.cancelled', {}))
  const [type] = Object.keys(definition.holds)
  if (type !== undefined && random.chance(odds.held)) {
    some.push(command(nowMs + random.around(day), { type: 'hold', hold: type }))
  }
  return some
}

function decideTask(
  random: Random,
  { data }: EventOf<'step.entered'>,
  before: string | undefined,
  nowMs: number,
): Reaction[] {
  if (random.chance(odds.absent)) return []
  const atMs = nowMs + random.around(5 * hour)
  if (random.chance(odds.rejects)) return [command(atMs, { type: 'reject', step: data.step })]
  if (before !== undefined && random.chance(odds.sendsBack))
    return [command(atMs, { type: 'send_back', step: data.step, to: before })]
  return [command(atMs, { type: 'approve', step: data.step })]
}

function decideReview(random: Random, { data }: EventOf<'review.opened'>, nowMs: number): Reaction[] {
  if (random.chance(odds.absent)) return []
  const atMs = nowMs + random.around(day)
  const step = data.step === undefined ? {} : { step: data.step }
  const first: Command =
    data.step === undefined
      ? { type: 'release', hold: data.review }
      : random.chance(0.7)
        ? { type: 'retry', ...step }
        : { type: 'cancel' }
  // Where that does not do, there is another way.
  return [command(atMs, first), command(atMs + random.around(day), { type: 'cancel' })]
}

/** What the outside world reports at a wait: most of the time, all of it, once. */
function report(random: Random, step: WaitStep, state: OrderState, nowMs: number): Reaction[] {
  if (random.chance(odds.factLost)) return []
  const open = Object.entries(state.parcels).filter(([, parcel]) => parcel.state === 'shipped')
  if (step.fact === 'shipment.delivered' && open.length > 0) {
    return open.map(([parcel]) => fact(random, nowMs + random.around(2 * day), step.fact, { parcel }))
  }
  const wrong: LineQuantity[] = [{ line: 1, sku: state.lines[0]?.sku ?? '', quantity: 1_000_000 }]
  const parts = step.fact === 'payment.received' && random.chance(odds.paidInParts)
  const reported = fact(random, nowMs + random.around(2 * day), step.fact, {})
  return [
    ...(random.chance(odds.factWrong) ? [fact(random, nowMs + random.around(hour), step.fact, { lines: wrong })] : []),
    ...(parts ? [fact(random, nowMs + random.around(day), step.fact, { amountMinor: random.whole(1, 100_000) })] : []),
    reported,
    ...(random.chance(odds.factDoubled) ? [{ ...reported, atMs: reported.atMs + random.around(hour) }] : []),
  ]
}

function fact(
  random: Random,
  atMs: number,
  type: string,
  data: { readonly parcel?: string; readonly lines?: LineQuantity[]; readonly amountMinor?: number },
): Reaction {
  const id = `${type}-${random.whole(0, 1e9)}`
  const arrival: Arrival = {
    type: 'fact',
    fact: { id, source: 'world', type, claimedAt: new Date(atMs).toISOString(), ...data },
  }
  return { atMs, act: () => arrival }
}

/** Somebody who may do anything: who may do what is not what a simulation is about. */
export const permitted: Caller = {
  actor: 'somebody',
  roles: ['ops-manager', 'order-desk', 'finance'],
  organisation: 'main',
  matrixVersion: 'simulated',
  allowed: [{ statuses: 'open' }],
}

function command(atMs: number, asked: Command): Reaction {
  return { atMs, act: () => ({ type: 'command', command: asked, caller: permitted }) }
}
