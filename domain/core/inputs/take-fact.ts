import type { Step, WaitStep } from '../../definition/compiled-definition.ts'
import type { Fact, FactAction } from '../../fact.ts'
import { raise } from '../clock/people.ts'
import { contradiction } from '../clock/raised-evidence.ts'
import { refuse } from '../commands/refuse.ts'
import { cancelOrder, isClosing } from '../effects/compensate.ts'
import { beginRoundIfUndone } from '../effects/early-fact.ts'
import { type FactEffect, factEffect } from '../effects/fact-effect.ts'
import { evidenceOfCall } from '../effects/fact-evidence.ts'
import { outstandingLines, overpaidMinor } from '../effects/outstanding.ts'
import type { Refusal } from '../input.ts'
import { isActive } from '../order-status.ts'
import type { StepPhase } from '../state.ts'
import { complete, completeWait } from '../steps/complete-step.ts'
import { openReview } from '../steps/review.ts'
import { emit, stepState, type Turn } from '../turn.ts'

/** An outside system has reported something. The same fact again changes nothing. */
export function takeFact(turn: Turn, fact: Fact): Refusal | undefined {
  if (isKnown(turn, fact)) return
  if (turn.state.closed !== null) {
    return refuse(
      'closed',
      `the order is closed: ${turn.state.closed.status}; what is reported of it now needs a person`,
    )
  }
  const waiting = turn.definition.steps.filter(
    (step): step is WaitStep => step.kind === 'wait' && step.fact === fact.type,
  )
  const entered = waiting.filter(step => stepState(turn, step.id).startedSeq > 0)
  const open = inPhase(turn, entered, 'active') ?? inPhase(turn, entered, 'failed') ?? partialStep(turn, fact)
  if (open !== undefined) applyReported(turn, fact, open)
  else if (waiting.some(step => isStillToCome(turn, step))) emit(turn, 'fact.received', { fact, handling: 'early' })
  else if (waiting[0] !== undefined) applyReported(turn, fact, waiting[0])
  else followRule(turn, fact)
  return
}

function isKnown(turn: Turn, fact: Fact): boolean {
  return turn.state.factIds.includes(`${fact.source}/${fact.id}`)
}

function inPhase(turn: Turn, steps: readonly Step[], phase: StepPhase): Step | undefined {
  return steps.find(step => stepState(turn, step.id).state === phase)
}

/** The rest of a reservation that came back partly. */
function partialStep(turn: Turn, fact: Fact): Step | undefined {
  return fact.type === 'stock.reserved' ? inPhase(turn, turn.definition.steps, 'partial') : undefined
}

/** It will be entered (again): it has not been yet, or is being undone and has had its effect taken back already. */
function isStillToCome(turn: Turn, step: Step): boolean {
  const { compensation } = turn.state
  if (compensation?.goal.kind === 'close') return false
  const { state, effect, startedSeq } = stepState(turn, step.id)
  if (state === 'failed') return startedSeq === 0
  return state === 'waiting' || (compensation !== null && effect === 'undone')
}

/** Books a fact at the step that waits (or waited) for it. */
export function applyReported(turn: Turn, fact: Fact, step: Step): void {
  if (isKnown(turn, fact)) return
  const booked = factEffect(turn.definition, turn.state, fact)
  if (!booked.ok) return contradict(turn, fact, step, booked.problem)
  const { effect } = booked
  if (effect !== undefined) beginRoundIfUndone(turn, step.id)
  emit(turn, 'fact.received', {
    fact,
    handling: isActive(turn.state.steps[step.id]) ? 'taken' : 'recorded',
    step: step.id,
    ...(effect === undefined ? {} : { effect }),
  })
  const overpaid = effect?.effect === 'pay' ? overpaidMinor(turn.state) : 0
  // Of an order that is being cancelled everything goes back anyway.
  if (overpaid > 0 && turn.state.compensation === null) {
    const problem = `${overpaid} minor units more than the order costs`
    raise(turn, { kind: 'mismatch', step: step.id, owner: step.owner, evidence: contradiction(fact, problem) })
  }
  if (step.kind === 'wait') completeWait(turn, step)
  else if (outstandingLines(turn.definition, turn.state, 'reserve').length === 0) complete(turn, step, 'fact')
}

function contradict(turn: Turn, fact: Fact, step: Step | undefined, problem: string): void {
  const where = step === undefined ? {} : { step: step.id }
  emit(turn, 'fact.received', { fact, handling: 'contradicts', ...where })
  raise(turn, {
    kind: 'mismatch',
    ...where,
    owner: step?.owner ?? turn.definition.owner,
    evidence: contradiction(fact, problem),
  })
}

/** No step waits for it: what `on:` says of it, first that of the steps under way. */
function followRule(turn: Turn, fact: Fact): void {
  const action = ruleFor(turn, fact.type)
  if (action === 'ignore') {
    emit(turn, 'fact.received', { fact, handling: 'ignored' })
    return
  }
  const booked = effectWithoutStep(turn, fact)
  // What an order that is being cancelled anyway need not be asked about.
  const isMoot = booked.ok && isClosing(turn.state)
  if (booked.ok) {
    const handling = action === 'record' || isMoot ? 'recorded' : action
    emit(turn, 'fact.received', { fact, handling, ...(booked.effect === undefined ? {} : { effect: booked.effect }) })
  } else contradict(turn, fact, undefined, booked.problem)
  const message = `${fact.source} reports ${fact.type}${fact.note === undefined ? '' : `: ${fact.note}`}`
  if (action === 'review' && !isMoot) openReview(turn, { code: fact.type, message, scope: 'order' })
  if (action === 'cancel' && booked.ok) cancelOrder(turn, message)
}

/** Money that no step waits for could not be given back by any: it is not booked, a person must look. */
function effectWithoutStep(turn: Turn, fact: Fact): FactEffect {
  if (fact.type === 'payment.received') return { ok: false, problem: 'no step of this process waits for money' }
  return evidenceOfCall(turn.definition, turn.state, fact) ?? factEffect(turn.definition, turn.state, fact)
}

function ruleFor(turn: Turn, type: string): FactAction {
  const own = turn.definition.steps.find(step => isActive(turn.state.steps[step.id]) && type in step.on)
  return (own ?? turn.definition).on[type] ?? 'record'
}
