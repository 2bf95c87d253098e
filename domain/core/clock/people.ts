import type { ExceptionKind } from '../../exception/kind.ts'
import type { EventData } from '../events/event.ts'
import { emit, type Turn } from '../turn.ts'
import { levelAbove } from './unanswered.ts'

/* Telling people, and raising what is abnormal. */

/**
 * Asks for a notice. `target` is `owner`, `manager`, `process-owner`, a person or a role; who that is today is
 * resolved when it is sent. After three without an answer the ladder's go one level up.
 */
export function tell(turn: Turn, notice: Omit<EventData<'notice.requested'>, 'notice' | 'level'>): void {
  const target =
    notice.target === 'owner' ? notice.owner : notice.target === 'process-owner' ? turn.definition.owner : notice.target
  const { subject, owner, about } = notice
  const level = isOfLadder(about) ? levelAbove(turn.state, subject, target, owner) : 0
  const id = `n${turn.state.counted.notices + 1}`
  emit(turn, 'notice.requested', { ...notice, notice: id, target, ...(level > 0 && { level }) })
}

function isOfLadder(about: EventData<'notice.requested'>['about']): boolean {
  return about === 'remind' || about === 'escalate' || about === 'transfer'
}

/** What was expected and what was seen, in words, and whatever else shows it; since now unless it says since when. */
type RaisedEvidence = { expected: string; seen: string; since?: string; [more: string]: unknown }

/** Raises an exception; one that is open for the same cause is counted, not raised again. */
export function raise(
  turn: Turn,
  exception: { kind: ExceptionKind; step?: string; owner: string; evidence: RaisedEvidence },
): void {
  const open = Object.entries(turn.state.exceptions).find(
    ([, other]) => other.kind === exception.kind && other.step === exception.step,
  )
  // Seen once more, it has been so since it was first seen.
  const since = open?.[1].evidence.since ?? turn.at
  emit(turn, 'exception.raised', {
    ...exception,
    evidence: { since, ...exception.evidence },
    exception: open?.[0] ?? `x${turn.state.counted.exceptions + 1}`,
  })
}

/** What was wrong with a step is over once it has moved on. */
export function resolveExceptions(turn: Turn, step: string): void {
  for (const [id, exception] of Object.entries(turn.state.exceptions)) {
    if (exception.step !== step || !endsWithStep(exception.kind)) continue
    emit(turn, 'exception.resolved', { exception: id, outcome: 'fixed' })
  }
}

function endsWithStep(kind: EventData<'exception.raised'>['kind']): boolean {
  return kind === 'overdue' || kind === 'failed' || kind === 'undelivered'
}
