import type { CallState, OrderState, StepState } from '../core/state.ts'
import { callId } from '../core/state.ts'
import { stepNamed } from '../core/turn.ts'
import type { CompiledDefinition, Step } from '../definition/compiled-definition.ts'
import { callDeadline, type Deadline, ladderDeadline } from './next-rung.ts'

/** One thing that an order waits for. */
export interface Waiting extends Deadline {
  readonly what:
    | 'decision'
    | 'call'
    | 'outcome'
    | 'undo'
    | 'answer'
    | 'fact'
    | 'rest'
    | 'review'
    | 'hold'
    | 'successors'
    | 'merge'
  /** The subject of its ladder, or the call: `step:<id>`, `review:<id>`, `hold:<id>`, `call:<step>/<round>/<kind>`. */
  readonly subject: string
  readonly step: string | null
  /** Who must move it on: a person or a role; of a call, who looks after it. */
  readonly whom: string
  readonly since: string
  /** The operation, the fact, the review's message, the hold's type. */
  readonly about: string
}

/** Everything the order waits for, what the clock will act on first at the front. Empty only if it is closed. */
export function waitingFor(definition: CompiledDefinition, state: OrderState): Waiting[] {
  if (state.closed !== null) return []
  return [
    ...definition.steps.flatMap(step => ofStep(definition, state, step)),
    ...callsInOrder(definition, state).map(call => ofCall(definition, state, call)),
    ...successorsOf(definition, state),
    ...mergeOf(definition, state),
    ...Object.entries(state.reviews).map(([id, review]) => ({
      what: 'review' as const,
      subject: `review:${id}`,
      step: review.step ?? null,
      whom: review.owner,
      since: review.openedAt,
      about: review.message,
      ...ladderDeadline(definition, state, `review:${id}`),
    })),
    ...Object.entries(state.holds).map(([id, hold]) => ({
      what: 'hold' as const,
      subject: `hold:${id}`,
      step: null,
      whom: hold.owner,
      since: hold.at,
      about: hold.type,
      ...ladderDeadline(definition, state, `hold:${id}`),
    })),
  ].sort(byDeadline)
}

/** By itself it goes on for as long as it takes: only the store or Temporal can keep it from being done. */
function successorsOf(definition: CompiledDefinition, { successors }: OrderState): Waiting[] {
  if (successors?.phase !== 'due') return []
  const about = successors.parts.map(({ orderNo }) => orderNo).join(', ')
  const { since } = successors
  return [{ what: 'successors', subject: 'successors', step: null, whom: definition.owner, since, about, ...undated }]
}

/** Of a lead those whose answer it waits for, of a member its lead. */
function mergeOf(definition: CompiledDefinition, { merging, at }: OrderState): Waiting[] {
  if (merging === undefined || merging.phase === 'releasing' || merging.phase === 'begun') return []
  const others = merging.role === 'member' ? [merging.lead] : Object.keys(merging.members)
  const about = others.join(', ')
  const until = { dueAt: merging.lapsesAt, nextRung: null }
  return [{ what: 'merge', subject: 'merge', step: null, whom: definition.owner, since: at, about, ...until }]
}

const undated: Deadline = { dueAt: null, nextRung: null }

/** In the definition's order: a state that was stored has its keys in another order. */
export function callsInOrder(definition: CompiledDefinition, state: OrderState): CallState[] {
  const position = ({ step }: CallState) => definition.steps.findIndex(({ id }) => id === step)
  return Object.values(state.calls).sort((a, b) => position(a) - position(b))
}

function byDeadline(a: Waiting, b: Waiting): number {
  const [first, second] = [a.dueAt ?? '~', b.dueAt ?? '~']
  return first < second ? -1 : first > second ? 1 : 0
}

function ofStep(definition: CompiledDefinition, state: OrderState, step: Step): Waiting[] {
  const current = state.steps[step.id]
  const seen = current === undefined ? undefined : waitOf(step, current)
  if (current === undefined || seen === undefined) return []
  const subject = `step:${step.id}`
  return [
    {
      ...seen,
      subject,
      step: step.id,
      whom: current.owner,
      since: current.enteredAt ?? state.openedAt,
      ...ladderDeadline(definition, state, subject),
    },
  ]
}

/** A call that is active waits for its call, a failed step for its review. */
function waitOf(step: Step, current: StepState): Pick<Waiting, 'what' | 'about'> | undefined {
  if (current.state === 'partial') return { what: 'rest', about: step.kind === 'call' ? step.do : step.id }
  if (current.state !== 'active' || step.kind === 'call') return
  return step.kind === 'task' ? { what: 'decision', about: step.id } : { what: 'fact', about: step.fact }
}

function ofCall(definition: CompiledDefinition, state: OrderState, call: CallState): Waiting {
  const owner = state.steps[call.step]?.owner ?? stepNamed(definition, call.step)?.owner ?? definition.owner
  return {
    what: whatOf(call),
    subject: `call:${callId(call)}`,
    step: call.step,
    whom: owner,
    since: call.startedAt,
    about: call.operation,
    ...callDeadline(definition, call),
  }
}

function whatOf({ kind, cancelling }: CallState): 'call' | 'outcome' | 'undo' | 'answer' {
  if (cancelling !== undefined) return 'outcome'
  switch (kind) {
    case 'do':
      return 'call'
    case 'undo':
      return 'undo'
    case 'check':
      return 'answer'
    default:
      return kind satisfies never
  }
}
