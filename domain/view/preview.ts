import { transition } from '../core/decide.ts'
import type { CallInput, CallKind, Event } from '../core/event.ts'
import type { Input, Refusal } from '../core/input.ts'
import { orderStatus } from '../core/order-status.ts'
import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
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
  /** Once every call under way has been withdrawn and every undo has come off. */
  readonly statusInTheEnd: Status
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
  const decision = transition(definition, state, { type: 'command', ...command })
  if (!decision.ok) return decision
  const settled = undone(definition, decision.state, command.at)
  return {
    dryRun: true,
    seq: state.seq,
    status: orderStatus(definition, state),
    statusAfter: orderStatus(definition, decision.state),
    statusInTheEnd: orderStatus(definition, settled.state),
    events: decision.events.map(({ type, data }) => ({ type, data })),
    calls: started([...decision.events, ...settled.events], 'do'),
    undo: started([...decision.events, ...settled.events], 'undo'),
    withdrawn: decision.events.flatMap(event => {
      if (event.type !== 'call.cancelling') return []
      const { step, round, kind } = event.data
      const call = state.calls[`${step}/${round}/${kind}`]
      return call === undefined ? [] : [plain(call)]
    }),
    money: { now: moneyView(state), inTheEnd: moneyView(settled.state) },
  }
}

function started(events: readonly Event[], kind: CallKind): PreviewedCall[] {
  return events.flatMap(event => (event.type === 'call.started' && event.data.kind === kind ? [plain(event.data)] : []))
}

function plain({ step, operation, key, input }: PreviewedCall): PreviewedCall {
  return { step, operation, key, input }
}

/** Further than any order has calls to take back. */
const mostAnswers = 1000

/** The order after its undos: what is withdrawn counts as not done, and every undo comes off. */
function undone(definition: CompiledDefinition, from: OrderState, at: string): { state: OrderState; events: Event[] } {
  let state = from
  const events: Event[] = []
  for (let i = 0; i < mostAnswers && state.compensation !== null; i++) {
    const call = Object.values(state.calls).find(({ kind, cancelling }) => kind === 'undo' || cancelling !== undefined)
    if (call === undefined) break
    const { step, round, kind } = call
    const decision = transition(definition, state, {
      type: 'result',
      at,
      call: { step, round, kind },
      outcome:
        kind === 'undo'
          ? { ok: true, result: {} }
          : { ok: false, code: 'withdrawn', message: 'not done', certainty: 'not_done' },
    })
    if (!decision.ok) break
    state = decision.state
    events.push(...decision.events)
  }
  return { state, events }
}
