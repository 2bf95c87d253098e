import type { CallOutcome } from '../../call.ts'
import { pauseClock, subjectOf } from '../clock/ladder.ts'
import { isPaused } from '../clock/pause.ts'
import type { CallState } from '../state.ts'
import { checkInput } from '../steps/call-input.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'
import { fire } from './take-clock.ts'
import { applyReported } from './take-fact.ts'

/** How long a look-up may take before its rung fires without it. */
const checkTimeoutMs = 60_000

/** Asks the outside system before a rung fires: a lost callback is not a lost delivery. */
export function beginCheck(turn: Turn, id: string, operation: string): void {
  const { round } = stepState(turn, id)
  const { order } = turn.state
  const subject = `step:${id}`
  emit(turn, 'call.started', {
    step: id,
    round,
    kind: 'check',
    operation,
    key: `${order.organisation}/${order.orderNo}/${id}/${round}`,
    giveUpAt: new Date(Date.parse(turn.at) + checkTimeoutMs).toISOString(),
    input: checkInput(turn.state),
  })
  const clock = turn.state.clocks[subject]
  if (clock !== undefined) emit(turn, 'clock.checking', { subject, clock: { ...clock, checking: true } })
}

/** The answer counts as the fact that the step waits for; where there is none, the rung fires now. */
export function checkAnswered(turn: Turn, call: CallState, outcome: CallOutcome): void {
  const { step: id, round } = call
  if (outcome.ok) emit(turn, 'call.succeeded', { step: id, round, kind: 'check', effect: { effect: 'none' } })
  else
    emit(turn, 'call.failed', {
      step: id,
      round,
      kind: 'check',
      code: outcome.code,
      message: outcome.message,
      certainty: 'not_done',
    })
  const step = stepNamed(turn.definition, id)
  if (step === undefined || step.kind !== 'wait') return
  if (outcome.ok && stepState(turn, id).state !== 'done') {
    for (const parcel of outcome.result.parcels ?? []) {
      const fact = {
        id: `${call.key}/${parcel.id}`,
        source: call.operation,
        type: step.fact,
        claimedAt: turn.at,
        parcel: parcel.id,
      }
      applyReported(turn, fact, step)
    }
  }
  if (stepState(turn, id).round === round) fireAfterCheck(turn, id)
}

/** Fires the rung that a check kept back, unless a hold or a review has stopped the step meanwhile. */
export function fireAfterCheck(turn: Turn, id: string): void {
  const subject = `step:${id}`
  const clock = turn.state.clocks[subject]
  if (clock === undefined || !clock.checking) return
  const { checking: _checking, ...checked } = clock
  const found = subjectOf(turn.definition, turn.state, subject)
  if (isPaused(turn, id)) {
    const stopped = pauseClock(found.ladder, found.calendar, checked, turn.at)
    emit(turn, 'clock.paused', { subject, clock: stopped })
  } else fire(turn, subject, found, checked)
}
