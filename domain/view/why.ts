import { workingBetween } from '../calendar/working-time.ts'
import { subjectOf } from '../core/clock/ladder.ts'
import type { CallKind, Event } from '../core/events/event.ts'
import type { OpenException, OrderState, Review } from '../core/state.ts'
import type { CompiledDefinition, Title } from '../definition/compiled-definition.ts'
import type { Matrix } from '../permission/permission.ts'
import { type EntryCondition, entryConditions } from './entry-conditions.ts'
import { meaningOf } from './meaning.ts'
import type { NextRung } from './next-rung.ts'
import { type ReviewEvidence, reviewEvidence } from './review-evidence.ts'
import { callsInOrder, type Waiting, waitingFor } from './waiting.ts'
import { type PersonRoles, type WhoCan, whoCan } from './who-can.ts'
import { attemptTexts, whyText } from './why-text.ts'

/** Why an order is where it is: the body of `GET /api/orders/{orderNo}/why`. */
export interface Why {
  /** In English. */
  readonly text: string
  readonly textZh: string
  readonly waitingFor: readonly Waiting[]
  /** Since when it has not moved: the oldest thing that it waits for; of a closed order, when it was closed. */
  readonly since: string
  /** What the clock will do first if nobody does anything; null if it has nothing to do. */
  readonly next: Next | null
  readonly attempts: readonly CallAttempt[]
  readonly conditions: readonly EntryCondition[]
  /** What a person must look into, and what shows it. */
  readonly reviews: readonly (Pick<Review, 'step' | 'code' | 'message' | 'owner'> & ReviewEvidence & { id: string })[]
  readonly exceptions: readonly (OpenException & { readonly id: string })[]
  /** Who can do what, and what it would mean. */
  readonly can: readonly (WhoCan & { readonly means?: Title })[]
}

export interface Next extends NextRung {
  readonly at: string
  readonly subject: string
  readonly step: string | null
  /** Until then; of a call, wall time. Less than nothing: it is late. */
  readonly inMs: number
  readonly inWorkingMs: number
  /** How long a working day is, for who writes it out. */
  readonly workingDayMs: number
}

/** A call in flight. How often it was tried, and what went wrong last, only Temporal knows. */
export interface CallAttempt {
  readonly step: string
  readonly kind: CallKind
  readonly operation: string
  readonly key: string
  readonly since: string
  readonly giveUpAt: string
  /** No longer wanted; only its outcome is awaited. */
  readonly cancelling: boolean
  readonly attempt?: number
  readonly lastError?: string
}

export interface WhyOptions {
  readonly matrix: Matrix
  readonly at: string
  /** The persons that the order names (owners, who placed it), with their roles of today. */
  readonly people: readonly PersonRoles[]
  /** With it, entry conditions have the values with which they were decided. */
  readonly journal?: readonly Event[]
}

export function why(definition: CompiledDefinition, state: OrderState, options: WhyOptions): Why {
  const waiting = waitingFor(definition, state)
  const next = nextOf(definition, state, waiting, options.at)
  const text = whyText(definition, state, waiting, next)
  const since = waiting.map(one => one.since).sort()[0] ?? state.closed?.at ?? state.at
  return {
    text: text.en,
    textZh: text.zh,
    waitingFor: waiting,
    since,
    next,
    attempts: callsInOrder(definition, state).map(
      ({ step, kind, operation, key, startedAt, giveUpAt, cancelling }) => ({
        step,
        kind,
        operation,
        key,
        since: startedAt,
        giveUpAt,
        cancelling: cancelling !== undefined,
      }),
    ),
    conditions: entryConditions(definition, state, options.journal),
    reviews: Object.entries(state.reviews).map(([id, review]) => {
      const { step, code, message, owner } = review
      return { id, ...(step !== undefined && { step }), code, message, owner, ...reviewEvidence(state, review) }
    }),
    exceptions: Object.entries(state.exceptions).map(([id, exception]) => ({ id, ...exception })),
    can: whoCan(definition, state, options).map(one => {
      const means = meaningOf(definition, one)
      return { ...one, ...(means && { means }) }
    }),
  }
}

/** The same with what Temporal knows of the calls in flight, in words too. */
export function withAttempts(reasons: Why, attempts: readonly CallAttempt[]): Why {
  const told = attemptTexts(attempts)
  return {
    ...reasons,
    attempts,
    text: [reasons.text, ...told.map(({ en }) => en)].join(' '),
    textZh: [reasons.textZh, ...told.map(({ zh }) => zh)].join(''),
  }
}

function nextOf(
  definition: CompiledDefinition,
  state: OrderState,
  waiting: readonly Waiting[],
  now: string,
): Next | null {
  const first = waiting.find(one => one.dueAt !== null && one.nextRung !== null)
  if (first?.dueAt == null || first.nextRung === null) return null
  const { subject, step, dueAt } = first
  const [fromMs, toMs] = [Date.parse(now), Date.parse(dueAt)]
  const inMs = toMs - fromMs
  const calendar = subject.startsWith('call:') ? undefined : subjectOf(definition, state, subject).calendar
  const working = calendar === undefined ? inMs : workingBetween(calendar, fromMs, toMs)
  const workingDayMs = calendar?.dayMs ?? 86_400_000
  return { at: dueAt, subject, step, ...first.nextRung, inMs, inWorkingMs: working, workingDayMs }
}
