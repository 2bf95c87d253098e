import type { Step } from '../../definition/compiled-definition.ts'
import { resolveExceptions } from '../clock/people.ts'
import type { EventData } from '../events/event.ts'
import { emit, stepState, type Turn } from '../turn.ts'
import { takeEarlyFacts } from './begin-step.ts'
import { closeReviews } from './review.ts'

/** Goes on without a step that is under way and has done nothing in the world. */
export function passOver(turn: Turn, step: Step, why: Pick<EventData<'step.skipped'>, 'because' | 'values'>): void {
  emit(turn, 'step.skipped', { step: step.id, round: stepState(turn, step.id).round, ...why })
  takeEarlyFacts(turn, step)
  for (const call of Object.values(turn.state.calls)) {
    if (call.step !== step.id || call.cancelling !== undefined) continue
    emit(turn, 'call.cancelling', { step: step.id, round: call.round, kind: call.kind, because: 'withdrawn' })
  }
  closeReviews(turn, 'skipped', review => review.step === step.id)
  resolveExceptions(turn, step.id)
}
