import type { Command } from '../../core/commands/command.ts'
import { orderStatus } from '../../core/order-status.ts'
import type { OrderState } from '../../core/state.ts'
import { comesBefore } from '../../core/steps/step-graph.ts'
import type { Step } from '../../definition/compiled-definition.ts'
import type { Move } from './move.ts'
import { exploredAt, type Setting } from './setting.ts'
import { settingRight } from './setting-right.ts'

/** What people may ask for, as far as the matrix allows it. `interrupts`: also holds and going back. */
export function commandMoves(setting: Setting, state: OrderState, interrupts: boolean): Move[] {
  const { definition } = setting
  const asked = new Asked(setting, state)
  const open: Step[] = []
  for (const step of definition.steps) {
    const { state: phase, undoFailed } = state.steps[step.id]!
    if (phase === 'active' || phase === 'partial' || phase === 'failed') open.push(step)
    if (step.kind === 'task' && phase === 'active') {
      asked.about(step, { type: 'approve', step: step.id })
      asked.about(step, { type: 'reject', step: step.id })
    }
    if (phase === 'failed' || phase === 'partial' || undoFailed) asked.about(step, { type: 'retry', step: step.id })
  }
  for (const [id, { type }] of Object.entries(state.holds)) {
    asked.add({ type: 'release', hold: `hold:${id}` }, definition.holds[type]?.release)
  }
  for (const id of Object.keys(state.reviews)) asked.add({ type: 'release', hold: `review:${id}` })
  // A cancellation of the workflow needs no permission, but is none that anybody can count on.
  if (!asked.add({ type: 'cancel' }) && state.compensation?.goal.kind !== 'close') {
    asked.moves.push({ state, input: { type: 'cancellation', at: exploredAt }, certain: false, label: 'cancellation' })
  }
  asked.add({ type: 'void', reason: 'explored' })
  if (!interrupts) return asked.moves
  for (const type of Object.keys(definition.holds)) asked.add({ type: 'hold', hold: type })
  for (const to of definition.steps) {
    const from = open.find(step => step.id === to.id || comesBefore(definition, to.id, step.id))
    if (from !== undefined) asked.about(from, { type: 'send_back', step: from.id, to: to.id })
  }
  return asked.moves
}

/** What people may set right by hand, as far as the matrix allows it. */
export function setRightMoves(setting: Setting, state: OrderState): Move[] {
  const asked = new Asked(setting, state)
  for (const { command, step } of settingRight(setting.definition, state)) {
    if (step === undefined) asked.add(command)
    else asked.about(step, command)
  }
  return asked.moves
}

class Asked {
  readonly moves: Move[] = []
  private readonly setting: Setting
  private readonly state: OrderState
  private readonly status: ReturnType<typeof orderStatus>

  constructor(setting: Setting, state: OrderState) {
    this.setting = setting
    this.state = state
    this.status = orderStatus(setting.definition, state)
  }

  /** Of a step: its own people may be allowed more than others. */
  about({ id }: Step, command: Command): boolean {
    const reviews = Object.values(this.state.reviews).filter(review => review.step === id)
    const owners = [this.state.steps[id]!.owner, ...reviews.map(review => review.owner)]
    return this.put(command, { status: this.status, step: id, owners })
  }

  add(command: Command, mayRelease: readonly string[] = []): boolean {
    return this.put(command, { status: this.status, step: '', owners: [], mayRelease })
  }

  private put(command: Command, about: Parameters<Setting['permissions']['whoMay']>[1]): boolean {
    const { caller, always } = this.setting.permissions.whoMay(command.type, about)
    if (caller === undefined) return false
    const label = about.step === '' ? command.type : `${command.type} ${about.step}`
    const input = { type: 'command', at: exploredAt, command, caller } as const
    this.moves.push({ state: this.state, input, certain: always, label })
    return true
  }
}
