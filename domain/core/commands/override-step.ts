import type { CallStep, Step } from '../../definition/compiled-definition.ts'
import { effectOf } from '../../operation.ts'
import { resolveExceptions } from '../clock/people.ts'
import { doEffect } from '../effects/result-effect.ts'
import { undoEffect } from '../effects/undo-effect.ts'
import type { Refusal } from '../input.ts'
import { doInput } from '../steps/call-input.ts'
import { complete } from '../steps/complete-step.ts'
import { closeReviews } from '../steps/review.ts'
import { emit, stepState, type Turn } from '../turn.ts'
import type { Override } from './override.ts'
import { refuse } from './refuse.ts'

type StepOverride = 'done' | 'not_done' | 'undone' | 'kept'

/** What a person knows of a step whose call has not told it. */
export function overrideStep(
  turn: Turn,
  command: Override,
  status: StepOverride,
  amountMinor: number | undefined,
): Refusal | undefined {
  const fitting = turn.definition.steps.filter(step => fits(turn, step, status))
  const step = fitting.find(({ id }) => command.step === undefined || id === command.step)
  if (step === undefined) return refuse('not_applicable', `no such step waits for being ${words[status]}`, 'step')
  if (command.step === undefined && fitting.length > 1) {
    return refuse('not_applicable', `say which step: ${fitting.map(({ id }) => id).join(' or ')}`, 'step')
  }
  if (Object.values(turn.state.calls).some(call => call.step === step.id && call.kind !== 'check')) {
    return refuse('not_applicable', `what became of the last call of "${step.id}" is not known yet`)
  }
  const current = stepState(turn, step.id)
  const made = { status, evidence: command.evidence, step: step.id, round: current.round }
  switch (status) {
    case 'done':
      return done(turn, step as CallStep, made, {
        ...command.data,
        ...(amountMinor === undefined ? {} : { amountMinor }),
      })
    case 'not_done':
      emit(turn, 'override.made', { ...made, mark: 'none' })
      return
    case 'undone': {
      const undo = step.kind === 'task' ? undefined : step.undo
      const effect = undo === undefined ? undefined : undoEffect(effectOf(undo), current, turn.state)
      emit(turn, 'override.made', { ...made, mark: 'undone', ...(effect === undefined ? {} : { effect }) })
      return settled(turn, step)
    }
    case 'kept':
      emit(turn, 'override.made', { ...made, mark: 'kept' })
      return settled(turn, step)
    default:
      return status satisfies never
  }
}

const words = { done: 'done', not_done: 'not done', undone: 'undone', kept: 'kept' } as const

function fits(turn: Turn, step: Step, status: StepOverride): boolean {
  const { state, effect, undoFailed } = stepState(turn, step.id)
  switch (status) {
    case 'done':
      return step.kind === 'call' && state === 'failed' && effect !== 'done' && turn.state.compensation === null
    case 'not_done':
      return step.kind === 'call' && state === 'failed' && effect === 'unknown' && !undoFailed
    case 'undone':
    case 'kept':
      return undoFailed === true
    default:
      return status satisfies never
  }
}

function done(
  turn: Turn,
  step: CallStep,
  made: { status: string; evidence: string; step: string; round: number },
  data: { readonly amountMinor?: number; readonly lines?: readonly { line?: number; sku: string; quantity: number }[] },
): Refusal | undefined {
  const input = doInput(turn.definition, turn.state, step)
  const call = { ...made, kind: 'do' as const, operation: step.do, key: '', startedAt: '', giveUpAt: '', input }
  const lines = data.lines?.map(({ line, sku, quantity }) => ({
    line: line ?? turn.state.lines.find(other => other.sku === sku)?.line ?? 0,
    sku,
    quantity,
  }))
  const result = {
    ...(data.amountMinor === undefined ? {} : { amountMinor: data.amountMinor }),
    ...(lines === undefined ? {} : { lines }),
  }
  const { effect, problem, short } = doEffect(step.effect, call, result, turn.state)
  if (problem !== undefined) return refuse('not_applicable', problem, 'data')
  if (short !== undefined) return refuse('not_applicable', `not all of "${step.id}" would be done`, 'data.lines')
  emit(turn, 'override.made', { ...made, mark: 'done', effect })
  complete(turn, step, 'override')
  return
}

function settled(turn: Turn, step: Step): undefined {
  closeReviews(turn, 'override', review => review.step === step.id && review.code === 'undo_failed')
  resolveExceptions(turn, step.id)
}
