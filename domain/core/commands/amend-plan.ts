import type { CallStep, CompiledDefinition, Step, WaitStep } from '../../definition/compiled-definition.ts'
import { evaluate } from '../../expression/expression.ts'
import { totalMinor } from '../../order/order.ts'
import { outstandingLines, outstandingMinor, payableMinor } from '../effects/outstanding.ts'
import { expressionContext } from '../order-context.ts'
import type { OrderState, StepState } from '../state.ts'
import { doInput, nothingToDo } from '../steps/call-input.ts'
import { isApproval } from '../steps/is-approval.ts'
import { descendantsOf } from '../steps/step-graph.ts'
import { wantedOf } from './amended-order.ts'

/** What has to follow from an amend, step by step. */
export interface AmendPlan {
  /** Would be asked for something else now. */
  readonly concerned: readonly Step[]
  /** Those, and what cannot stay without them: taken back by key, and done anew in a new round. */
  readonly undo: readonly string[]
  /** Due again, or for the first time, although nothing has to be taken back. */
  readonly reopen: readonly Step[]
  /** Under way, and due no more. */
  readonly passOver: readonly Step[]
}

/** `after`: the order as it will be, with nothing cancelled that is not wanted. */
export function planAmend(definition: CompiledDefinition, before: OrderState, after: OrderState): AmendPlan {
  const change = new Change(definition, before, after)
  const concerned = definition.steps.filter(step => change.concerns(step))
  const undo = withWhatDepends(definition, before, concerned)
  const others = definition.steps.filter(({ id }) => !undo.includes(id))
  return {
    concerned,
    undo,
    reopen: others.filter(step => change.reopens(step)),
    passOver: others.filter(step => change.passesOver(step)),
  }
}

class Change {
  private readonly definition: CompiledDefinition
  private readonly before: OrderState
  private readonly after: OrderState
  private readonly goods: boolean
  private readonly more: boolean
  /** More is set aside than is wanted. */
  private readonly over: boolean
  private readonly money: boolean
  private readonly attributes: boolean
  private readonly dearer: boolean

  constructor(definition: CompiledDefinition, before: OrderState, after: OrderState) {
    this.definition = definition
    this.before = before
    this.after = after
    const wantedBefore = (index: number) => (before.lines[index] ? wantedOf(before.lines[index]) : 0)
    this.goods = after.lines.some((line, index) => wantedOf(line) !== wantedBefore(index))
    this.more = after.lines.some((line, index) => wantedOf(line) > wantedBefore(index))
    this.over = after.lines.some(line => line.reserved > wantedOf(line))
    this.money = payableMinor(after) !== payableMinor(before)
    this.attributes = after.order.attributes !== before.order.attributes
    this.dearer = totalMinor(after.order) > totalMinor(before.order)
  }

  /** What it did, or may have done, does not fit any more. */
  concerns(step: Step): boolean {
    const current = this.before.steps[step.id]!
    if (step.kind === 'task') return false
    if (step.kind === 'wait') return this.over && current.effect === 'done' && stages[step.fact] === 'reserve'
    if (current.state === 'skipped') return false
    const begun = current.state !== 'waiting' || current.effect === 'unknown'
    if (!begun) return false
    if (!this.isDue(step, this.after) && this.isDue(step, this.before)) return step.undo !== undefined
    if (!this.asksElse(step)) return false
    switch (current.state) {
      case 'done':
        return this.misfits(step)
      case 'partial':
        return this.more || this.over
      default:
        return true
    }
  }

  /** Whether its call would be asked for something else. */
  private asksElse({ effect }: CallStep): boolean {
    switch (effect) {
      case 'authorise':
      case 'capture':
      case 'refund':
        return this.money
      case 'reserve':
        return this.goods
      case 'ship':
        return this.goods || this.attributes
      case 'void':
      case 'release':
      case 'recall':
      case 'none':
        return true
      default:
        return effect satisfies never
    }
  }

  /** Less money than was authorised is captured accordingly; everything else has to be as it is wanted. */
  private misfits({ effect }: CallStep): boolean {
    const { money } = this.after
    switch (effect) {
      case 'authorise':
        return outstandingMinor(this.after, 'authorise') > 0
      case 'capture':
        return money.capturedMinor - money.refundedMinor !== payableMinor(this.after)
      case 'reserve':
        return this.over || outstandingLines(this.definition, this.after, 'reserve').length > 0
      case 'ship':
        return this.attributes || outstandingLines(this.definition, this.after, 'ship').length > 0
      case 'refund':
      case 'void':
      case 'release':
      case 'recall':
      case 'none':
        return true
      default:
        return effect satisfies never
    }
  }

  reopens(step: Step): boolean {
    const { state } = this.before.steps[step.id]!
    if (state !== 'skipped' && state !== 'done') return false
    if (!this.isDue(step, this.after)) return false
    // Who has approved it has approved what it cost then.
    if (isApproval(step) && this.dearer) return true
    if (state === 'skipped') return !this.isDue(step, this.before)
    return step.kind === 'wait' && asksForMore(this.definition, this.before, this.after, step)
  }

  passesOver(step: Step): boolean {
    const current = this.before.steps[step.id]!
    if (step.kind === 'call' || !isUnderWay(current) || current.effect !== 'none') return false
    return this.isDue(step, this.before) && !this.isDue(step, this.after)
  }

  /** Whether it would be entered, as far as its condition and what there is to do say. */
  private isDue(step: Step, state: OrderState): boolean {
    const due = step.when === undefined ? undefined : evaluate(step.when, expressionContext(state))
    // A condition that cannot be evaluated is for a person to look at.
    if (due?.ok && !due.value) return false
    if (step.kind !== 'call' || state.steps[step.id]?.state !== 'skipped') return true
    return !nothingToDo(doInput(this.definition, state, step), step)
  }
}

function isUnderWay({ state }: StepState): boolean {
  return state === 'active' || state === 'failed'
}

const stages: Readonly<Record<string, 'reserve' | 'ship' | 'deliver'>> = {
  'stock.reserved': 'reserve',
  'supplier.confirmed': 'reserve',
  'shipment.shipped': 'ship',
  'shipment.delivered': 'deliver',
}

/** The world has reported all that there was, and now there is more. */
function asksForMore(definition: CompiledDefinition, before: OrderState, after: OrderState, step: WaitStep): boolean {
  const open = (state: OrderState): number => {
    if (step.fact === 'payment.received') return outstandingMinor(state, 'pay')
    const ofFlow = state.flow === 'return' ? ('return' as const) : ('deliver' as const)
    const stage = step.fact === 'goods.received' ? ofFlow : stages[step.fact]
    if (stage === undefined) return 0
    return outstandingLines(definition, state, stage).reduce((sum, { quantity }) => sum + quantity, 0)
  }
  return open(after) > open(before)
}

/** No capture stays without its authorisation, no parcel without its reservation, and nothing that came after goods. */
function withWhatDepends(definition: CompiledDefinition, state: OrderState, concerned: readonly Step[]): string[] {
  const undone = new Set(concerned.map(({ id }) => id))
  const isOf = (effects: readonly string[]) => (step: Step) => step.kind === 'call' && effects.includes(step.effect)
  if (concerned.some(isOf(['authorise']))) {
    for (const step of definition.steps.filter(isOf(['capture']))) if (hasBegun(state, step)) undone.add(step.id)
  }
  for (const step of concerned) {
    if (!movesGoods(step)) continue
    const after = descendantsOf(definition, step.id)
    for (const other of definition.steps) if (after.has(other.id) && !isOfMoney(other)) undone.add(other.id)
  }
  return definition.steps.map(({ id }) => id).filter(id => undone.has(id))
}

function hasBegun(state: OrderState, { id }: Step): boolean {
  const current = state.steps[id]
  return current !== undefined && (current.startedSeq > 0 || current.effect !== 'none')
}

function movesGoods(step: Step): boolean {
  return step.kind === 'wait' || (step.kind === 'call' && (step.effect === 'reserve' || step.effect === 'ship'))
}

function isOfMoney(step: Step): boolean {
  if (step.kind === 'wait') return step.fact === 'payment.received'
  return step.kind === 'call' && (step.effect === 'authorise' || step.effect === 'capture' || step.effect === 'refund')
}
