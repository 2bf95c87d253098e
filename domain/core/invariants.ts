import type { CompiledDefinition, Step } from '../definition/compiled-definition.ts'
import { isPaused } from './clock/pause.ts'
import { isMerging } from './commands/merging.ts'
import { isSettled } from './effects/outstanding.ts'
import { isActive } from './order-status.ts'
import type { OrderState, StepState } from './state.ts'

/**
 * What holds of every order after every decision, whatever happened to it, as sentences that say what is broken; an
 * empty list: nothing. `definition` must be one that the no-limbo check would let pass.
 */
export function brokenInvariants(definition: CompiledDefinition, state: OrderState): string[] {
  return [...brokenSums(state), ...(state.closed === null ? limbo(definition, state) : unsettled(definition, state))]
}

/** The sums of DESIGN section 4: they hold after every single event. */
export function brokenSums(state: OrderState): string[] {
  const broken: string[] = []
  const atMost = (what: string, less: number, more: number) => {
    if (!(less <= more)) broken.push(`${what}: ${less} is more than ${more}`)
  }
  for (const { line, ordered, reserved, shipped, delivered, returned, cancelled } of state.lines) {
    const counts = [ordered, reserved, shipped, delivered, returned, cancelled]
    if (!counts.every(isCount)) broken.push(`line ${line} has a quantity that is no count: ${counts.join(', ')}`)
    const wanted = ordered - cancelled
    atMost(`line ${line}, reserved of wanted`, reserved, wanted)
    atMost(`line ${line}, shipped of reserved`, shipped, reserved)
    atMost(`line ${line}, delivered of shipped`, delivered, shipped)
    if (state.flow === 'return') atMost(`line ${line}, returned of wanted`, returned, wanted)
    else atMost(`line ${line}, returned of delivered`, returned, delivered)
  }
  for (const { sku, quantity } of state.order.returnOf?.ceilings ?? []) {
    const returned = state.lines.reduce((sum, line) => (line.sku === sku ? sum + line.returned : sum), 0)
    atMost(`${sku}, returned of what was bought`, returned, quantity)
  }
  const { authorisedMinor, capturedMinor, refundedMinor } = state.money
  const amounts = [authorisedMinor, capturedMinor, refundedMinor]
  if (!amounts.every(isCount)) broken.push(`an amount is no count of minor units: ${amounts.join(', ')}`)
  atMost('money, refunded of captured', refundedMinor, capturedMinor)
  atMost('money, captured of authorised', capturedMinor, authorisedMinor)
  return broken
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** Closed means settled. */
function unsettled(definition: CompiledDefinition, state: OrderState): string[] {
  const broken: string[] = []
  for (const part of ['calls', 'clocks', 'reviews', 'holds', 'notices'] as const) {
    const left = Object.keys(state[part])
    if (left.length > 0) broken.push(`closed with ${part}: ${left.join(', ')}`)
  }
  if (state.compensation !== null) broken.push('closed while it is being undone')
  if (state.earlyFacts.length > 0) broken.push('closed with facts that nobody has looked at')
  const completed = state.closed?.status === 'completed'
  for (const { id } of definition.steps) {
    const { state: phase, effect } = state.steps[id]!
    if (effect === 'unknown') broken.push(`closed, and what became of "${id}" is unknown`)
    if (completed && phase !== 'done' && phase !== 'skipped') broken.push(`completed, and "${id}" is ${phase}`)
    if (!completed && effect === 'done') broken.push(`${state.closed?.status}, and "${id}" has not been undone`)
  }
  if (completed && !isSettled(state)) broken.push('completed, and not every line has come to its end')
  return broken
}

/** Every wait has an owner, something that will end it, and a person who is told in the end. */
function limbo(definition: CompiledDefinition, state: OrderState): string[] {
  const broken: string[] = []
  for (const step of definition.steps) {
    const current = state.steps[step.id]!
    if (isActive(current) && current.owner === '') broken.push(`"${step.id}" has no owner`)
    const why = stuck(state, step, current)
    if (why !== undefined) broken.push(`"${step.id}" ${why}`)
  }
  for (const kind of ['review', 'hold'] as const) {
    for (const id of Object.keys(kind === 'review' ? state.reviews : state.holds)) {
      const clock = state.clocks[`${kind}:${id}`]
      if (!clock?.dueAt) broken.push(`${kind} ${id} is told to nobody any more`)
    }
  }
  for (const [subject, { dueAt, paused, checking }] of Object.entries(state.clocks)) {
    if (!subject.startsWith('step:') || checking) continue
    const step = subject.slice('step:'.length)
    const shouldPause = isPaused({ definition, state }, step)
    if (shouldPause !== (paused ?? false)) broken.push(`${subject}: its clock ${paused ? 'stands' : 'runs'}`)
    if (!paused && dueAt === null) broken.push(`${subject}: its ladder has come to an end`)
  }
  if (!willHappen(state)) broken.push('open, and nothing will ever happen to it')
  return broken
}

function willHappen(state: OrderState): boolean {
  if (state.successors?.phase === 'due' || isMerging(state)) return true
  for (const _ in state.calls) return true
  for (const subject in state.clocks) if (state.clocks[subject]?.dueAt !== null) return true
  return false
}

/** Why a step could not get on by itself. */
function stuck(state: OrderState, step: Step, current: StepState): string | undefined {
  if (current.undoFailed && !isInReview(state, step)) return 'could not be undone, and nobody has been asked'
  switch (current.state) {
    case 'active':
    case 'partial':
      if (step.kind === 'call' && current.state === 'active') {
        const runs = Object.values(state.calls).some(call => call.step === step.id && call.kind === 'do')
        return runs ? undefined : 'is active, and its call is not under way'
      }
      return state.clocks[`step:${step.id}`] === undefined ? 'waits without a clock' : undefined
    case 'failed':
      return isInReview(state, step) ? undefined : 'has failed, and nobody has been asked'
    case 'withdrawn':
      return state.compensation === null ? 'was withdrawn, and nothing is being undone' : undefined
    case 'waiting':
    case 'done':
    case 'skipped':
      return undefined
    default:
      return current.state satisfies never
  }
}

function isInReview(state: OrderState, step: Step): boolean {
  return Object.values(state.reviews).some(review => review.step === step.id)
}
