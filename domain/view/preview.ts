import type { CallOutcome } from '../call.ts'
import { withRulingCalendars } from '../core/clock/ruling-calendars.ts'
import { type Decision, transition } from '../core/decide.ts'
import type { CallInput, CallKind, Event } from '../core/events/event.ts'
import type { Caller, Input, Refusal } from '../core/input.ts'
import { orderStatus } from '../core/order-status.ts'
import { pending } from '../core/pending.ts'
import type { CallState, OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import type { Confirmation } from '../permission/permits.ts'
import type { Status } from '../status.ts'
import { type MoneyView, moneyView } from './order-content.ts'

/** What a command would lead to if it were given now. */
export interface Preview {
  readonly dryRun: true
  /** That the order is at: what is told is true of this seq. */
  readonly seq: number
  readonly status: Status
  /** Right after the command. */
  readonly statusAfter: Status
  /** Once every call under way has been withdrawn, every undo has come off and an amend has done everything anew. */
  readonly statusInTheEnd: Status
  /** Who must confirm it first; null: nobody. What is told is what comes of it then. */
  readonly confirm: Confirmation | null
  readonly events: readonly { readonly type: Event['type']; readonly data: Event['data'] }[]
  /** Calls that would start, in order. */
  readonly calls: readonly PreviewedCall[]
  /** Calls that would take something back, in order, as far as each comes off. */
  readonly undo: readonly PreviewedCall[]
  /** Calls under way that would no longer be wanted. */
  readonly withdrawn: readonly PreviewedCall[]
  readonly money: { readonly now: MoneyView; readonly inTheEnd: MoneyView }
}

export interface PreviewedCall {
  readonly step: string
  readonly operation: string
  readonly key: string
  readonly input: CallInput
}

/** Tries a command and changes nothing: `decide` is pure, so that this is what would happen. */
export function previewOf(
  definition: CompiledDefinition,
  state: OrderState,
  command: Omit<Extract<Input, { type: 'command' }>, 'type'>,
): Preview | Refusal {
  const asked = transition(definition, state, { type: 'command', ...command })
  if (!asked.ok) return asked
  const proposal = asked.events.find(event => event.type === 'proposal.made')
  const decision = proposal === undefined ? asked : (confirmed(definition, state, command) ?? asked)
  const undos = undone(definition, decision.state, command.at)
  const redone = command.command.type === 'amend' ? takenBack(state, decision.events) : []
  const settled = answered(definition, undos.state, command.at, call =>
    call.kind === 'do' && redone.includes(call.step) ? cameOff : undefined,
  )
  const after = [...decision.events, ...undos.events, ...settled.events]
  return {
    dryRun: true,
    seq: state.seq,
    status: statusOf(definition, state),
    statusAfter: statusOf(definition, decision.state),
    statusInTheEnd: statusOf(definition, settled.state),
    confirm: proposal?.data.confirm ?? null,
    events: decision.events.map(({ type, data }) => ({ type, data })),
    calls: started(after, 'do'),
    undo: started(after, 'undo'),
    withdrawn: decision.events.flatMap(event => {
      if (event.type !== 'call.cancelling') return []
      const { step, round, kind } = event.data
      const call = state.calls[`${step}/${round}/${kind}`]
      return call === undefined ? [] : [plain(call)]
    }),
    money: { now: moneyView(state), inTheEnd: moneyView(settled.state) },
  }
}

function statusOf(definition: CompiledDefinition, state: OrderState): Status {
  return orderStatus(withRulingCalendars(definition, state), state)
}

function started(events: readonly Event[], kind: CallKind): PreviewedCall[] {
  return events.flatMap(event => (event.type === 'call.started' && event.data.kind === kind ? [plain(event.data)] : []))
}

function plain({ step, operation, key, input }: PreviewedCall): PreviewedCall {
  return { step, operation, key, input }
}

/** As if the second person had agreed already. */
function confirmed(
  definition: CompiledDefinition,
  state: OrderState,
  { command, caller, at }: Parameters<typeof previewOf>[2],
): Extract<Decision, { ok: true }> | undefined {
  const alone = <T extends Pick<Caller, 'allowed'>>(one: T): T => ({
    ...one,
    allowed: one.allowed.map(({ confirm: _confirm, ...row }) => row),
  })
  const free = { ...alone(caller), ...(caller.standsInFor && { standsInFor: caller.standsInFor.map(alone) }) }
  const decision = transition(definition, state, { type: 'command', command, caller: free, at })
  return decision.ok ? decision : undefined
}

/** The steps that were done, and that an amend does anew. */
function takenBack(state: OrderState, events: readonly Event[]): readonly string[] {
  const steps = events.flatMap(event => (event.type === 'compensation.started' ? event.data.steps : []))
  return steps.filter(id => state.steps[id]?.state === 'done')
}

const cameOff: CallOutcome = { ok: true, result: {} }
const withdrawn: CallOutcome = { ok: false, code: 'withdrawn', message: 'not done', certainty: 'not_done' }

/** The order after its undos: what is withdrawn counts as not done, and every undo comes off. */
function undone(definition: CompiledDefinition, from: OrderState, at: string) {
  return answered(definition, from, at, (call, state) => {
    if (state.compensation === null) return
    if (call.kind === 'undo') return cameOff
    return call.cancelling === undefined ? undefined : withdrawn
  })
}

/** Further than any order has calls to take back. */
const mostAnswers = 1000

/** The order after calls have come back with these outcomes, one after the other. */
function answered(
  definition: CompiledDefinition,
  from: OrderState,
  at: string,
  outcomeOf: (call: CallState, state: OrderState) => CallOutcome | undefined,
): { state: OrderState; events: Event[] } {
  let state = from
  const events: Event[] = []
  for (let i = 0; i < mostAnswers; i++) {
    const answer = begunOf(definition, state) ?? resultOf(state, outcomeOf)
    if (answer === undefined) break
    const decision = transition(definition, state, { ...answer, at })
    if (!decision.ok) break
    state = decision.state
    events.push(...decision.events)
  }
  return { state, events }
}

function resultOf(state: OrderState, outcomeOf: (call: CallState, state: OrderState) => CallOutcome | undefined) {
  for (const call of Object.values(state.calls)) {
    const outcome = outcomeOf(call, state)
    const { step, round, kind } = call
    if (outcome !== undefined) return { type: 'result', call: { step, round, kind }, outcome } as const
  }
  return
}

function begunOf(definition: CompiledDefinition, state: OrderState) {
  const orders = pending(definition, state).begin.map(({ orderNo }) => orderNo)
  return orders.length === 0 ? undefined : ({ type: 'begun', orders } as const)
}
