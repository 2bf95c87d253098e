import { type CallOutcome, neverBegun } from '../call.ts'
import { transition } from '../core/decide.ts'
import type { Event } from '../core/events/event.ts'
import type { Input, NoticeOutcome } from '../core/input.ts'
import { type PendingCall, type PendingNotice, pending } from '../core/pending.ts'
import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import type { Order } from '../order/order.ts'

/** An input without its time, which is when the driver comes to it. */
export type Arrival = Input extends infer I ? (I extends Input ? Omit<I, 'at'> : never) : never

/** Everything around an order. Times are milliseconds of virtual time, and never lie in the past. */
export interface World {
  /** When a call that begins now comes back, and how. */
  answer(call: PendingCall, nowMs: number): { readonly atMs: number; readonly outcome: CallOutcome }
  /** When it is known what became of a notice. */
  tell(notice: PendingNotice, nowMs: number): { readonly atMs: number; readonly outcome: NoticeOutcome }
  /** What people and outside systems will do because of what has just happened; they may look when they get to it. */
  react(event: Event, state: OrderState, nowMs: number): readonly Reaction[]
}

export interface Reaction {
  readonly atMs: number
  /** Undefined: the moment has passed. */
  readonly act: (state: OrderState) => Arrival | undefined
}

export interface DriveOptions {
  readonly startMs: number
  /** Virtual time after which the order is left as it is. */
  readonly untilMs: number
  /** An outage: what falls due meanwhile happens when it is over, in its order. */
  readonly away?: { readonly fromMs: number; readonly untilMs: number }
  /** Called after each input that was taken, in order. */
  readonly onTurn?: (turn: {
    readonly input: Input
    readonly events: readonly Event[]
    readonly state: OrderState
  }) => void
}

/** A cancelled call's attempt is not broken off: it ends by itself, within its connector's time. */
const attemptMs = 10_000
/** A notice is answered within a minute, whatever happens. */
const noticeMs = 60_000

interface Waiting {
  atMs: number
  act: (state: OrderState) => Arrival | undefined
}

/**
 * Drives one order without Temporal, under a virtual clock: the same reconciling as the workflow's shell. It starts the
 * calls and notices that `pending` wants, lets the world answer, and jumps from one deadline to the next.
 * @returns its state at the end: closed, or as it stood at `untilMs`
 */
export function drive(definition: CompiledDefinition, order: Order, world: World, options: DriveOptions): OrderState {
  const queue: Waiting[] = []
  const calls = new Map<string, Waiting>()
  const notices = new Set<string>()
  let nowMs = options.startMs

  const take = (before: OrderState | null, arrival: Arrival): OrderState | null => {
    const input = { ...arrival, at: new Date(nowMs).toISOString() } as Input
    const decision = transition(definition, before, input)
    if (!decision.ok) return before
    options.onTurn?.({ input, events: decision.events, state: decision.state })
    for (const event of decision.events) queue.push(...world.react(event, decision.state, nowMs))
    return decision.state
  }

  let state = take(null, { type: 'start', order })!
  for (;;) {
    const work = pending(definition, state)
    if (work.closed) return state
    const unbegun = work.calls.find(call => call.cancel && !calls.has(call.id))
    if (unbegun !== undefined) {
      state = take(state, result(unbegun, neverBegun)) ?? state
      continue
    }
    if (work.begin.length > 0) {
      state = take(state, { type: 'begun', orders: work.begin.map(order => order.orderNo) }) ?? state
      continue
    }
    for (const call of work.calls) begin(call)
    for (const notice of work.notices) {
      if (notices.has(notice.id)) continue
      notices.add(notice.id)
      const { atMs, outcome } = world.tell(notice, nowMs)
      const inTime = atMs <= nowMs + noticeMs
      const answer: NoticeOutcome = inTime ? outcome : { ok: false, reason: 'no_answer' }
      queue.push({
        atMs: inTime ? atMs : nowMs + noticeMs,
        act: () => ({ type: 'notice', notice: notice.id, outcome: answer }),
      })
    }
    const next = soonest(queue)
    const deadlineMs = work.deadline === null ? Number.POSITIVE_INFINITY : Date.parse(work.deadline)
    const nextMs = awake(Math.max(nowMs, Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, deadlineMs)), options.away)
    if (nextMs > options.untilMs) return state
    nowMs = nextMs
    if (next !== undefined && next.atMs <= deadlineMs) {
      queue.splice(queue.indexOf(next), 1)
      const arrival = next.act(state)
      if (arrival !== undefined) state = take(state, arrival) ?? state
    } else state = take(state, { type: 'clock' }) ?? state
  }

  function begin(call: PendingCall): void {
    const running = calls.get(call.id)
    if (running !== undefined) {
      if (call.cancel && running.atMs > nowMs + attemptMs) {
        running.atMs = nowMs + attemptMs
        running.act = () => result(call, unknown('cancelled', 'cancelled before it came back'))
      }
      return
    }
    const { atMs, outcome } = world.answer(call, nowMs)
    const giveUpMs = Date.parse(call.giveUpAt)
    const inTime = atMs <= giveUpMs
    const answer = inTime ? outcome : unknown('timeout', 'no answer in time')
    const waiting = { atMs: inTime ? atMs : giveUpMs, act: () => result(call, answer) }
    calls.set(call.id, waiting)
    queue.push(waiting)
  }

  function result(call: PendingCall, outcome: CallOutcome): Arrival {
    calls.delete(call.id)
    const { step, round } = call.request
    return { type: 'result', call: { step, round, kind: kindOf(call.id) }, outcome }
  }
}

function awake(ms: number, away: DriveOptions['away']): number {
  return away !== undefined && ms >= away.fromMs && ms < away.untilMs ? away.untilMs : ms
}

function unknown(code: string, message: string): CallOutcome {
  return { ok: false, code, message, certainty: 'unknown' }
}

function kindOf(callId: string): 'do' | 'undo' | 'check' {
  return callId.slice(callId.lastIndexOf('/') + 1) as 'do' | 'undo' | 'check'
}

/** The first of those that are soonest: what was arranged earlier comes earlier. */
function soonest(queue: readonly Waiting[]): Waiting | undefined {
  let first: Waiting | undefined
  for (const waiting of queue) if (first === undefined || waiting.atMs < first.atMs) first = waiting
  return first
}
