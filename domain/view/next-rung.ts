import { subjectOf } from '../core/clock/ladder.ts'
import type { Clock } from '../core/events/event.ts'
import type { CallState, OrderState } from '../core/state.ts'
import { stepNamed } from '../core/turn.ts'
import type { CompiledDefinition, Fallback, Rung } from '../definition/compiled-definition.ts'

/** What the clock will do next. `target` is as the definition names it; who that is today is resolved when it fires. */
export interface NextRung {
  readonly action: Rung['action'] | 'give_up'
  readonly target?: string
  readonly fallback?: Fallback
  /** The same rung once more. */
  readonly repeat?: true
  /** Past the calendar's horizon: holidays that nobody knows yet may move it. */
  readonly provisional?: true
  /** A hold or a review has stopped this clock. */
  readonly paused?: true
}

export interface Deadline {
  readonly dueAt: string | null
  readonly nextRung: NextRung | null
}

export const noDeadline: Deadline = { dueAt: null, nextRung: null }

/** When a subject's ladder (`step:<id>`, `review:<id>`, `hold:<id>`) fires next, and what it then does. */
export function ladderDeadline(definition: CompiledDefinition, state: OrderState, subject: string): Deadline {
  const clock = state.clocks[subject]
  if (clock === undefined) return noDeadline
  return { dueAt: clock.dueAt, nextRung: nextRung(subjectOf(definition, state, subject).ladder, clock) }
}

function nextRung(ladder: readonly Rung[], clock: Clock): NextRung | null {
  const repeat = clock.next === 'repeat'
  const rung = clock.next === 'none' ? undefined : ladder[repeat ? clock.rung - 1 : clock.rung]
  if (rung === undefined) return null
  return {
    action: rung.action,
    ...(rung.action === 'fallback' ? { fallback: rung.fallback } : { target: rung.target }),
    ...(repeat ? { repeat: true } : {}),
    ...(clock.provisional ? { provisional: true } : {}),
    ...(clock.paused ? { paused: true } : {}),
  }
}

/** When a call has had its time. A call that is no longer wanted has no deadline left: its outcome is awaited. */
export function callDeadline(definition: CompiledDefinition, call: CallState): Deadline {
  if (call.cancelling !== undefined) return noDeadline
  const step = stepNamed(definition, call.step)
  const fallback: Fallback = call.kind === 'do' && step?.kind === 'call' ? step.onFailure : 'review'
  return { dueAt: call.giveUpAt, nextRung: { action: 'give_up', ...(call.kind === 'check' ? {} : { fallback }) } }
}

/** A step's next deadline: of its ladder, of its call in flight, or of the review it is in. */
export function stepDeadline(definition: CompiledDefinition, state: OrderState, step: string): Deadline {
  const own = ladderDeadline(definition, state, `step:${step}`)
  if (own.nextRung !== null) return own
  const call = Object.values(state.calls).find(other => other.step === step && other.cancelling === undefined)
  if (call !== undefined) return callDeadline(definition, call)
  const review = Object.entries(state.reviews).find(([, other]) => other.step === step)
  return review === undefined ? noDeadline : ladderDeadline(definition, state, `review:${review[0]}`)
}
