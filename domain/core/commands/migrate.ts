import { sameCalendar } from '../../calendar/same-calendar.ts'
import type { CompiledDefinition, Step } from '../../definition/compiled-definition.ts'
import { beginClock, recomputed, subjectOf } from '../clock/ladder.ts'
import { tell } from '../clock/people.ts'
import { withRulingCalendars } from '../clock/ruling-calendars.ts'
import type { EventData } from '../events/event.ts'
import type { Refusal } from '../input.ts'
import { isActive } from '../order-status.ts'
import type { OrderState } from '../state.ts'
import { emit, stepNamed, type Turn } from '../turn.ts'
import { refuse } from './refuse.ts'

type Changed = EventData<'process.changed'>

/** Moves the order to another version of its process. What was decided stays decided; what is to come follows the new one. */
export function migrate(turn: Turn, next: CompiledDefinition): Refusal | undefined {
  const { definition, state } = turn
  if (state.compensation !== null) return refuse('not_applicable', 'the order is being undone')
  if (textOf({ ...definition, version: 0 }) === textOf({ ...next, version: 0 })) {
    return refuse('not_applicable', 'nothing of the order would change: the versions say the same', 'version')
  }
  const run = Object.values(state.calls).find(({ kind }) => definition.runs && kind === 'do')
  if (run !== undefined) {
    return refuse('call_in_flight', `"${run.step}" is in a run, which does further calls by the version before`)
  }
  const misfit = misfitOf(definition, state, next)
  if (misfit !== undefined) return refuse('not_applicable', misfit, 'version')
  const owners = ownersOf(definition, state, next)
  emit(turn, 'process.changed', {
    from: state.process.version,
    to: next.version,
    definition: next,
    added: next.steps.filter(({ id }) => state.steps[id] === undefined).map(({ id, owner }) => ({ id, owner })),
    removed: Object.keys(state.steps).filter(id => stepNamed(next, id) === undefined),
    changed: changesOf(definition, next),
    rules: differingKeys(definition, next).filter(key => !['version', 'steps', 'calendars'].includes(key)),
    owners,
    clocks: clocksOf(turn, next),
  })
  turn.definition = withRulingCalendars(turn.definition, turn.state)
  for (const { step, to } of owners) {
    if (!isActive(turn.state.steps[step]) || turn.state.steps[step]?.state === 'failed') continue
    tell(turn, { subject: `step:${step}`, target: 'owner', owner: to, about: 'entered' })
  }
  return
}

/** What of the order would have no place in the other version; undefined: nothing. */
function misfitOf(definition: CompiledDefinition, state: OrderState, next: CompiledDefinition): string | undefined {
  if (next.flow !== definition.flow) return `its goods flow otherwise: ${next.flow} instead of ${definition.flow}`
  for (const step of definition.steps) {
    const misfit = isBegun(state, step) ? misfitOfStep(state, step, stepNamed(next, step.id)) : undefined
    if (misfit !== undefined) return `"${step.id}" has been begun, and ${misfit}`
  }
  const held = Object.values(state.holds).find(({ type }) => next.holds[type] === undefined)
  if (held !== undefined) return `it is held ("${held.type}"), and version ${next.version} knows no such hold`
  const early = state.earlyFacts.find(
    ({ type }) => !next.steps.some(step => step.kind === 'wait' && step.fact === type),
  )
  return early && `${early.type} has been reported and waits for its step, which version ${next.version} does not have`
}

/** Under way, done, or with something to be undone: passed over is as if it had never been. */
function isBegun(state: OrderState, { id }: Step): boolean {
  const { state: phase, effect } = state.steps[id]!
  if (phase !== 'waiting' && phase !== 'skipped') return true
  return effect !== 'none' || Object.values(state.calls).some(call => call.step === id)
}

function misfitOfStep(state: OrderState, step: Step, other: Step | undefined): string | undefined {
  if (other === undefined) return 'the version does not have it'
  if (other.kind !== step.kind) return `is a ${other.kind} there, not a ${step.kind}`
  const asks = (one: Step) => (one.kind === 'call' ? one.do : one.kind === 'wait' ? one.fact : '')
  if (asks(other) !== asks(step)) return `is ${asks(other)} there, not ${asks(step)}`
  const undoOf = (one: Step) => (one.kind === 'task' ? undefined : one.undo)
  if (undoOf(other) !== undoOf(step)) return `is undone by ${undoOf(other) ?? 'nothing'} there`
  if (other.irreversible !== step.irreversible) return `is ${other.irreversible ? '' : 'not '}irreversible there`
  const isPartial = state.steps[step.id]?.state === 'partial'
  return isPartial && other.kind === 'call' && !other.partial ? 'cannot come off in part there' : undefined
}

/** Who was named by the version before; whoever was handed a step, or has claimed it, keeps it. */
function ownersOf({ steps }: CompiledDefinition, state: OrderState, next: CompiledDefinition): Changed['owners'] {
  return steps.flatMap(({ id, owner }) => {
    const to = stepNamed(next, id)?.owner ?? owner
    return to !== owner && state.steps[id]?.owner === owner ? [{ step: id, from: owner, to }] : []
  })
}

function changesOf(definition: CompiledDefinition, next: CompiledDefinition): Changed['changed'] {
  return definition.steps.flatMap(step => {
    const other = stepNamed(next, step.id)
    const what = other === undefined ? [] : differingKeys(step, other)
    return what.length === 0 ? [] : [{ step: step.id, what }]
  })
}

function differingKeys(one: object, other: object): string[] {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
  const heldAt = (from: object, key: string) => textOf((from as Record<string, unknown>)[key])
  return keys.filter(key => heldAt(one, key) !== heldAt(other, key))
}

/**
 * A ladder that differs begins anew: its rungs are others, and people get the time that the version gives them. One
 * that stays goes on from where it stands, by the calendar that is now its own.
 */
function clocksOf({ definition, state, at }: Turn, next: CompiledDefinition): Changed['clocks'] {
  return Object.entries(state.clocks).flatMap(([subject, before]) => {
    const old = subjectOf(definition, state, subject)
    const found = subjectOf(next, state, subject)
    const { dueAt: dueBefore } = before
    if (textOf(old.ladder) !== textOf(found.ladder)) {
      return [{ subject, dueBefore, clock: beginClock(found.ladder, found.calendar, at) }]
    }
    if (dueBefore === null || before.checking || sameCalendar(old.calendar, found.calendar)) return []
    const clock = recomputed(found.ladder, found.calendar, before)
    return clock.dueAt === dueBefore ? [] : [{ subject, dueBefore, clock }]
  })
}

/** The same whatever order a database has given the keys in. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const entries = Object.entries(value).filter(([, held]) => held !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, held]) => `${key}:${textOf(held)}`)
    .join()}}`
}
