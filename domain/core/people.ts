import type { EventData } from './event.ts'
import { emit, type Turn } from './turn.ts'

/* Telling people, and raising what is abnormal. */

/**
 * Asks for a notice. `target` is `owner`, `manager`, `process-owner`, a person or a role; who that is today is
 * resolved when it is sent.
 */
export function tell(turn: Turn, notice: Omit<EventData<'notice.requested'>, 'notice'>): void {
  const target =
    notice.target === 'owner' ? notice.owner : notice.target === 'process-owner' ? turn.definition.owner : notice.target
  emit(turn, 'notice.requested', { ...notice, notice: `n${turn.state.counted.notices + 1}`, target })
}

/** Raises an exception; one that is open for the same cause is counted, not raised again. */
export function raise(
  turn: Turn,
  exception: {
    kind: EventData<'exception.raised'>['kind']
    step?: string
    owner: string
    evidence: Record<string, unknown>
  },
): void {
  const open = Object.entries(turn.state.exceptions).find(
    ([, other]) => other.kind === exception.kind && other.step === exception.step,
  )
  emit(turn, 'exception.raised', { ...exception, exception: open?.[0] ?? `x${turn.state.counted.exceptions + 1}` })
}

/** What was wrong with a step is over once it has moved on. */
export function resolveExceptions(turn: Turn, step: string): void {
  for (const [id, exception] of Object.entries(turn.state.exceptions)) {
    if (exception.step !== step || (exception.kind !== 'overdue' && exception.kind !== 'failed')) continue
    emit(turn, 'exception.resolved', { exception: id, outcome: 'fixed' })
  }
}
