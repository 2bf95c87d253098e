import { countUnanswered } from '../clock/unanswered.ts'
import { withContent } from '../commands/amended-order.ts'
import { applyEffect, cancelLines } from '../effects/effect.ts'
import type { Event, EventOf } from '../events/event.ts'
import { type OrderState, withClock, without } from '../state.ts'
import { evolveCall } from './evolve-call.ts'
import { evolveMerge } from './evolve-merge.ts'
import { overridden } from './evolve-override.ts'
import { migrated } from './evolve-process.ts'
import { evolveStep } from './evolve-step.ts'

/** The state after an event. Needs no definition: everything it uses is in the event. */
export function evolve(state: OrderState | null, event: Event): OrderState {
  if (event.type === 'order.received') return received(event)
  if (state === null) throw new TypeError(`the first event of an order is order.received, not ${event.type}`)
  const changedState = changed(state, event)
  // What has changed is a copy of our own already: one for each event is enough.
  const after: { -readonly [K in keyof OrderState]: OrderState[K] } =
    changedState === state ? { ...state } : changedState
  after.seq = event.seq
  after.at = event.at
  const unanswered = countUnanswered(state, after, event)
  if (unanswered !== state.unanswered) after.unanswered = unanswered
  if (event.command !== undefined) {
    after.commands = [...after.commands.slice(-99), { id: event.command, seq: event.seq }]
  }
  return after
}

function changed(state: OrderState, event: Exclude<Event, EventOf<'order.received'>>): OrderState {
  switch (event.type) {
    case 'order.amended':
      return withContent(state, event.data.after)
    case 'order.closed':
      return {
        ...state,
        closed: { status: event.data.status, at: event.at, ...(event.data.into && { into: event.data.into }) },
        clocks: {},
        notices: {},
        reviews: {},
        holds: {},
        ...(state.proposals && { proposals: {} }),
      }
    case 'step.entered':
    case 'step.completed':
    case 'step.rejected':
    case 'step.skipped':
    case 'step.partial':
    case 'step.failed':
    case 'step.withdrawn':
    case 'step.retried':
    case 'step.reopened':
    case 'step.reset':
    case 'step.transferred':
    case 'step.claimed':
      return evolveStep(state, event)
    case 'call.started':
    case 'call.succeeded':
    case 'call.failed':
    case 'call.cancelling':
      return evolveCall(state, event)
    case 'rung.fired':
    case 'clock.checking':
    case 'clock.paused':
    case 'clock.postponed':
    case 'clock.resumed':
      return withClock(state, event.data.subject, event.data.clock)
    case 'calendar.changed': {
      const { calendar, snapshot, clocks } = event.data
      const changed: OrderState = { ...state, calendars: { ...state.calendars, [calendar]: snapshot } }
      return clocks.reduce((after, { subject, clock }) => withClock(after, subject, clock), changed)
    }
    case 'process.changed':
      return migrated(state, event)
    case 'notice.requested': {
      const { notice, ...data } = event.data
      return {
        ...state,
        notices: { ...state.notices, [notice]: { ...data, at: event.at, seq: event.seq } },
        counted: { ...state.counted, notices: state.counted.notices + 1 },
      }
    }
    case 'notice.delivered':
    case 'notice.failed':
      return { ...state, notices: without(state.notices, event.data.notice) }
    case 'review.opened': {
      const { review, clock, ...data } = event.data
      const opened = {
        ...state,
        reviews: { ...state.reviews, [review]: { ...data, openedAt: event.at } },
        counted: { ...state.counted, reviews: state.counted.reviews + 1 },
      }
      return withClock(opened, `review:${review}`, clock)
    }
    case 'review.closed':
      return withClock(
        { ...state, reviews: without(state.reviews, event.data.review) },
        `review:${event.data.review}`,
        null,
      )
    case 'review.transferred':
    case 'review.claimed': {
      const { review: id, from, to } = event.data
      const review = state.reviews[id]
      if (review === undefined) return state
      const { pool: _pool, ...rest } = review
      const pool = event.type === 'review.claimed' ? { pool: from } : {}
      return { ...state, reviews: { ...state.reviews, [id]: { ...rest, owner: to, ...pool } } }
    }
    case 'deputy.acted':
    case 'order.restored':
      return state
    case 'hold.placed': {
      const { hold, type, owner, clock } = event.data
      const reason = event.reason === undefined ? {} : { reason: event.reason }
      const placed = {
        ...state,
        holds: { ...state.holds, [hold]: { type, owner, by: event.actor, at: event.at, ...reason } },
        counted: { ...state.counted, holds: state.counted.holds + 1 },
      }
      return withClock(placed, `hold:${hold}`, clock)
    }
    case 'hold.released':
      return withClock({ ...state, holds: without(state.holds, event.data.hold) }, `hold:${event.data.hold}`, null)
    case 'compensation.started': {
      const reason = event.reason === undefined ? {} : { reason: event.reason }
      const { successors: _given_up, ...rest } = state
      const { goal } = event.data
      const makesWay = goal.kind === 'close' && (goal.status === 'split' || goal.status === 'merged')
      const from = makesWay ? state : rest
      return { ...from, compensation: { ...event.data, by: event.actor, ...reason } }
    }
    case 'compensation.ended':
      return { ...state, compensation: null }
    case 'fact.received': {
      const { fact, handling, effect, step } = event.data
      const seen = {
        ...state,
        factIds: [...state.factIds, `${fact.source}/${fact.id}`],
        earlyFacts: handling === 'early' ? [...state.earlyFacts, fact] : state.earlyFacts,
      }
      return effect === undefined ? seen : worldDid(applyEffect(seen, effect), step, effect)
    }
    case 'fact.applied': {
      const { source, id, effect, step } = event.data
      const earlyFacts = state.earlyFacts.filter(fact => fact.source !== source || fact.id !== id)
      const applied = { ...state, earlyFacts }
      return effect === undefined ? applied : worldDid(applyEffect(applied, effect), step, effect)
    }
    case 'proposal.made': {
      const { proposal, ...data } = event.data
      const made = { ...data, by: event.actor, at: event.at, confirmedBy: [] }
      return { ...state, proposals: { ...state.proposals, [proposal]: made } }
    }
    case 'proposal.confirmed': {
      const { proposal: id, level, levels } = event.data
      const proposal = state.proposals?.[id]
      if (proposal === undefined || level === levels) return withoutProposal(state, id)
      const agreed = { ...proposal, confirmedBy: [...proposal.confirmedBy, event.actor] }
      return { ...state, proposals: { ...state.proposals, [id]: agreed } }
    }
    case 'proposal.declined':
    case 'proposal.lapsed':
    case 'proposal.stale':
      return withoutProposal(state, event.data.proposal)
    case 'split.decided':
      return { ...state, successors: { phase: 'undoing', parts: event.data.parts, since: event.at } }
    case 'successors.due':
      return state.successors === undefined
        ? state
        : { ...state, successors: { ...state.successors, phase: 'due', since: event.at } }
    case 'successors.begun':
      return state.successors === undefined
        ? state
        : { ...state, successors: { ...state.successors, phase: 'begun', orders: event.data.orders } }
    case 'merge.asked':
    case 'merge.agreed':
    case 'merge.member':
    case 'merge.decided':
    case 'merge.ready':
    case 'merge.begun':
    case 'merge.released':
    case 'merge.overdue':
      return evolveMerge(state, event)
    case 'override.made':
      return overridden(state, event)
    case 'lines.cancelled':
      return cancelLines(state, event.data.lines)
    case 'exception.raised': {
      const { exception, ...data } = event.data
      const open = state.exceptions[exception]
      return {
        ...state,
        exceptions: {
          ...state.exceptions,
          [exception]: { ...data, openedAt: open?.openedAt ?? event.at, count: (open?.count ?? 0) + 1 },
        },
        counted: { ...state.counted, exceptions: state.counted.exceptions + (open === undefined ? 1 : 0) },
      }
    }
    case 'exception.resolved':
      return { ...state, exceptions: without(state.exceptions, event.data.exception) }
    default:
      return event satisfies never
  }
}

function withoutProposal(state: OrderState, id: string): OrderState {
  return { ...state, proposals: without(state.proposals ?? {}, id) }
}

/** What a fact reports at a step that waited for it is that step's effect: its undo takes back the sum. */
function worldDid(
  state: OrderState,
  step: string | undefined,
  effect: NonNullable<EventOf<'fact.applied'>['data']['effect']>,
): OrderState {
  const current = step === undefined ? undefined : state.steps[step]
  if (step === undefined || current === undefined) return state
  const before = current.effect === 'done' ? current.did : undefined
  const did = {
    effect: effect.effect,
    ...(effect.amountMinor === undefined ? {} : { amountMinor: effect.amountMinor + (before?.amountMinor ?? 0) }),
    ...(effect.lines === undefined ? {} : { lines: [...(before?.lines ?? []), ...effect.lines] }),
  }
  return { ...state, steps: { ...state.steps, [step]: { ...current, effect: 'done', did } } }
}

function received(event: EventOf<'order.received'>): OrderState {
  const { order, process, flow, steps } = event.data
  const money = order.returnOf?.refundableMinor ?? 0
  return {
    schemaVersion: 1,
    order,
    process,
    flow,
    seq: event.seq,
    at: event.at,
    openedAt: event.at,
    closed: null,
    steps: Object.fromEntries(
      steps.map(({ id, owner }) => [id, { state: 'waiting', round: 1, owner, startedSeq: 0, effect: 'none' }]),
    ),
    lines: order.lines.map(({ line, sku, quantity }) => ({
      line,
      sku,
      ordered: quantity,
      reserved: 0,
      shipped: 0,
      delivered: 0,
      returned: 0,
      cancelled: 0,
    })),
    parcels: {},
    money: { authorisedMinor: money, capturedMinor: money, refundedMinor: 0 },
    calls: {},
    clocks: {},
    reviews: {},
    holds: {},
    notices: {},
    unanswered: {},
    exceptions: {},
    compensation: null,
    earlyFacts: [],
    factIds: [],
    commands: event.command === undefined ? [] : [{ id: event.command, seq: event.seq }],
    counted: { reviews: 0, holds: 0, notices: 0, exceptions: 0 },
  }
}
