import { transition } from '../../core/decide.ts'
import type { Event } from '../../core/events/event.ts'
import type { Input } from '../../core/input.ts'
import type { Notice, OrderState } from '../../core/state.ts'
import type { Setting } from './setting.ts'
import { exploredAt } from './setting.ts'
import { stateKey } from './state-key.ts'
import type { Verdicts } from './symbolic-conditions.ts'

export interface Outcome {
  readonly state: OrderState
  /** A notice comes to a person because of it. */
  readonly told: boolean
}

/**
 * Lets the core take an input and says every state that may come of it: one for each way in which the entry conditions
 * that it looks at may turn out, and for each way in which the notices that it asks for may be answered. Notices
 * are answered at once: until then their ladder stands still, and nothing else waits for them.
 */
export function takeMove(setting: Setting, before: OrderState | null, input: Input): Outcome[] {
  const outcomes: Outcome[] = []
  const { definition, orders, reach } = setting
  const take = (verdicts: Verdicts): void => {
    const order = orders.with(verdicts)
    const from = before === null || before.order === order ? before : { ...before, order }
    const decision = transition(definition, from, input.type === 'start' ? { ...input, order } : input)
    if (!decision.ok) return
    const told = decision.events.some(
      event => event.type === 'notice.requested' && reach.isTold(event.data.target, event.data.owner),
    )
    for (const state of answered(setting, decision.state)) outcomes.push({ state, told })
    if (orders.conditional.size === 0) return
    const looked = judged(decision.events, orders.conditional).filter(id => verdicts[id] === undefined)
    looked.forEach((id, index) => {
      const met = Object.fromEntries(looked.slice(0, index).map(other => [other, true]))
      take({ ...verdicts, ...met, [id]: false })
      take({ ...verdicts, ...met, [id]: 'fails' })
    })
  }
  take({})
  return outcomes
}

/** The steps whose entry conditions were looked at. */
function judged(events: readonly Event[], conditional: ReadonlySet<string>): string[] {
  return events.flatMap(event =>
    (event.type === 'step.entered' || event.type === 'step.skipped' || event.type === 'step.failed') &&
    conditional.has(event.data.step)
      ? [event.data.step]
      : [],
  )
}

/** The states after every notice has been answered: delivered, or failed and the process owner told instead. */
function answered(setting: Setting, state: OrderState): OrderState[] {
  const [first] = Object.entries(state.notices)
  if (first === undefined || state.closed !== null) return [state]
  const [id, notice] = first
  if (!setting.branching(notice, () => answersDiffer(setting, state, id, notice))) {
    const { [id]: _answered, ...notices } = state.notices
    return answered(setting, { ...state, notices })
  }
  return answers(setting, state, id, notice).flatMap(after => answered(setting, after))
}

function answersDiffer(setting: Setting, state: OrderState, id: string, notice: Notice): boolean {
  if (notice.about === 'transfer') return true
  const others = { ...state, notices: { [id]: notice } }
  const keys = answers(setting, others, id, notice).map(after => stateKey(setting, { ...after, notices: {} }))
  return new Set([...keys, stateKey(setting, { ...state, notices: {} })]).size > 1
}

function answers(setting: Setting, state: OrderState, id: string, notice: Notice): OrderState[] {
  const people = setting.reach.reachable(notice.target, notice.owner).map(person => person.id)
  const failed = { ok: false, reason: 'explored' } as const
  const outcomes =
    people.length === 0 ? [failed] : [{ ok: true, persons: people, channel: 'explored' } as const, failed]
  return outcomes.flatMap(outcome => {
    const decision = transition(setting.definition, state, { type: 'notice', at: exploredAt, notice: id, outcome })
    return decision.ok ? [decision.state] : []
  })
}
