import type { CallStep, Step } from '../../definition/compiled-definition.ts'
import { evaluate, explain } from '../../expression/expression.ts'
import { beginClock } from '../clock/ladder.ts'
import { tell } from '../clock/people.ts'
import { applyEarly } from '../effects/early-fact.ts'
import { expressionContext } from '../order-context.ts'
import { emit, stepState, type Turn } from '../turn.ts'
import { doInput, nothingToDo } from './call-input.ts'
import { complete, completeWait } from './complete-step.ts'
import { failToReview } from './review.ts'

/** A step whose time has come: passed over, if its condition does not hold. */
export function enterStep(turn: Turn, step: Step): void {
  const { round } = stepState(turn, step.id)
  if (step.when !== undefined) {
    const context = expressionContext(turn.state)
    const due = evaluate(step.when, context)
    if (!due.ok) {
      failToReview(turn, step, 'condition_failed', `its entry condition cannot be evaluated: ${due.reason}`)
      return
    }
    if (!due.value) {
      const { values } = explain(step.when, context)
      emit(turn, 'step.skipped', { step: step.id, round, because: 'condition', values })
      // What it would have waited for has come all the same.
      takeEarlyFacts(turn, step)
      return
    }
  }
  beginStep(turn, step)
}

/** Begins a step whose time has come: again, too, when a person retries it. */
export function beginStep(turn: Turn, step: Step): void {
  const { round, owner, effect } = stepState(turn, step.id)
  const calendar = turn.definition.calendars[step.calendar]!
  switch (step.kind) {
    case 'task':
      emit(turn, 'step.entered', { step: step.id, round, owner, clock: beginClock(step.ladder, calendar, turn.at) })
      tell(turn, { subject: `step:${step.id}`, target: 'owner', owner, about: 'entered' })
      return
    case 'call': {
      const input = doInput(turn.definition, turn.state, step)
      if (nothingToDo(input, step)) {
        if (effect === 'unknown') return failToReview(turn, step, 'unknown_outcome', 'it is not known what was done')
        emit(turn, 'step.skipped', { step: step.id, round, because: 'condition', values: { outstanding: '0' } })
        return
      }
      emit(turn, 'step.entered', { step: step.id, round, owner, clock: null })
      // What could not be taken back in the round before is not done twice.
      if (effect === 'kept' && step.effect === 'none') complete(turn, step, 'call')
      else beginCall(turn, step, input)
      return
    }
    case 'wait':
      emit(turn, 'step.entered', { step: step.id, round, owner, clock: beginClock(step.ladder, calendar, turn.at) })
      takeEarlyFacts(turn, step)
      completeWait(turn, step)
      return
    default:
      step satisfies never
  }
}

export function takeEarlyFacts(turn: Turn, step: Step): void {
  if (step.kind !== 'wait') return
  for (const fact of turn.state.earlyFacts) if (fact.type === step.fact) applyEarly(turn, fact, step)
}

function beginCall(turn: Turn, step: CallStep, input: ReturnType<typeof doInput>): void {
  const { round } = stepState(turn, step.id)
  const { order } = turn.state
  emit(turn, 'call.started', {
    step: step.id,
    round,
    kind: 'do',
    operation: step.do,
    key: `${order.organisation}/${order.orderNo}/${step.id}/${round}`,
    giveUpAt: new Date(Date.parse(turn.at) + step.retry.giveUpAfterMs).toISOString(),
    input,
  })
}
