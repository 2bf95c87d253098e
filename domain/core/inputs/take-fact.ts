import type { Step, WaitStep } from '../../definition/compiled-definition.ts'
import type { Fact, FactAction } from '../../fact.ts'
import { complete, completeWait } from '../advance.ts'
import { cancelOrder } from '../compensate.ts'
import { factEffect } from '../fact-effect.ts'
import { outstandingLines } from '../outstanding.ts'
import { raise } from '../people.ts'
import { openReview } from '../review.ts'
import { emit, stepState, type Turn } from '../turn.ts'

/** An outside system has reported something. The same fact again changes nothing. */
export function takeFact(turn: Turn, fact: Fact): void {
  if (turn.state.closed !== null || isKnown(turn, fact)) return
  const waiting = turn.definition.steps.filter(
    (step): step is WaitStep => step.kind === 'wait' && step.fact === fact.type,
  )
  const active = waiting.find(step => stepState(turn, step.id).state === 'active')
  if (active !== undefined) return applyReported(turn, fact, active)
  const partial = fact.type === 'stock.reserved' ? partialStep(turn) : undefined
  if (partial !== undefined) return applyReported(turn, fact, partial)
  if (turn.state.compensation === null && waiting.some(step => stepState(turn, step.id).state === 'waiting')) {
    emit(turn, 'fact.received', { fact, handling: 'early' })
    return
  }
  const past = waiting[0]
  if (past !== undefined) return applyReported(turn, fact, past)
  followRule(turn, fact)
}

export function isKnown(turn: Turn, fact: Fact): boolean {
  return turn.state.factIds.includes(`${fact.source}/${fact.id}`)
}

function partialStep(turn: Turn): Step | undefined {
  return turn.definition.steps.find(step => turn.state.steps[step.id]?.state === 'partial')
}

/** Books a fact at the step that waits (or waited) for it. */
export function applyReported(turn: Turn, fact: Fact, step: Step): void {
  if (isKnown(turn, fact)) return
  const booked = factEffect(turn.definition, turn.state, fact)
  if (!booked.ok) return contradict(turn, fact, step.id, step.owner, booked.problem)
  const { effect } = booked
  const current = stepState(turn, step.id)
  const open = current.state === 'active' || current.state === 'partial'
  emit(turn, 'fact.received', {
    fact,
    handling: open ? 'taken' : 'recorded',
    step: step.id,
    ...(effect === undefined ? {} : { effect }),
  })
  if (!open && effect?.effect === 'pay' && turn.state.compensation === null) {
    raise(turn, {
      kind: 'mismatch',
      step: step.id,
      owner: step.owner,
      evidence: { fact, problem: 'paid more than once' },
    })
  }
  if (step.kind === 'wait') completeWait(turn, step)
  else if (current.state === 'partial' && outstandingLines(turn.definition, turn.state, 'reserve').length === 0) {
    complete(turn, step, 'fact')
  }
}

function contradict(turn: Turn, fact: Fact, step: string | undefined, owner: string, problem: string): void {
  emit(turn, 'fact.received', { fact, handling: 'contradicts', ...(step === undefined ? {} : { step }) })
  raise(turn, { kind: 'mismatch', ...(step === undefined ? {} : { step }), owner, evidence: { fact, problem } })
}

/** No step waits for it: what the definition says under `on:`, of the step that is active first. */
function followRule(turn: Turn, fact: Fact): void {
  const action = ruleFor(turn, fact.type)
  if (action === 'ignore') {
    emit(turn, 'fact.received', { fact, handling: 'ignored' })
    return
  }
  if (fact.type === 'payment.received') {
    return contradict(turn, fact, undefined, turn.definition.owner, 'no step of this process waits for money')
  }
  const booked = factEffect(turn.definition, turn.state, fact)
  if (!booked.ok) return contradict(turn, fact, undefined, turn.definition.owner, booked.problem)
  const handling = action === 'record' ? 'recorded' : action
  emit(turn, 'fact.received', { fact, handling, ...(booked.effect === undefined ? {} : { effect: booked.effect }) })
  const message = `${fact.source} reports ${fact.type}${fact.note === undefined ? '' : `: ${fact.note}`}`
  if (action === 'cancel' && turn.state.compensation?.goal.kind !== 'close') cancelOrder(turn, message)
  if (action === 'review') openReview(turn, { code: fact.type, message, scope: 'order' })
}

function ruleFor(turn: Turn, type: string): FactAction {
  const active = turn.definition.steps.find(step => stepState(turn, step.id).state === 'active' && type in step.on)
  return (active?.on ?? turn.definition.on)[type] ?? 'record'
}
