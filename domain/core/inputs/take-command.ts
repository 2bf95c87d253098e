import type { CompiledDefinition, HoldType } from '../../definition/compiled-definition.ts'
import { permits } from '../../permission/permits.ts'
import { expressionContext } from '../advance.ts'
import type { Command } from '../command.ts'
import { cancelOrder, irreversibleStep } from '../compensate.ts'
import type { Caller, Refusal, RefusalCode } from '../input.ts'
import { orderStatus } from '../order-status.ts'
import { closeReviews } from '../review.ts'
import type { OrderState } from '../state.ts'
import { emit, stepNamed, stepState, type Turn } from '../turn.ts'
import { placeHold } from './place-hold.ts'
import { approve, reject, retry, sendBack, targetStep, transferTo } from './step-commands.ts'

/** Does a command, or says why not: malformed first, then permission, then whether the order has moved on. */
export function takeCommand(turn: Turn, command: Command, caller: Caller): Refusal | undefined {
  if (command.id !== undefined && turn.state.commands.some(done => done.id === command.id)) return
  const malformed = namesNothing(turn.definition, command)
  if (malformed !== undefined) return malformed
  const denied = denial(turn.definition, turn.state, command, caller)
  if (denied !== undefined) return refuse('not_permitted', denied)
  if (command.expectedSeq !== undefined && command.expectedSeq !== turn.state.seq) {
    return refuse('stale', `the order is at seq ${turn.state.seq}, not ${command.expectedSeq}`, 'expectedSeq')
  }
  if (turn.state.closed !== null) return refuse('closed', `the order is closed: ${turn.state.closed.status}`)
  const blocking = blockingHold(turn, command)
  if (blocking !== undefined) return refuse('not_applicable', `the hold "${blocking}" blocks this command`)
  if (command.reason !== undefined) turn.reason = command.reason
  if (command.id !== undefined) turn.command = command.id
  return perform(turn, command, caller)
}

function perform(turn: Turn, command: Command, caller: Caller): Refusal | undefined {
  switch (command.type) {
    case 'approve':
      return approve(turn, command.step)
    case 'reject':
      return reject(turn, command.step)
    case 'send_back':
      return sendBack(turn, command.step, command.to)
    case 'transfer':
      return transferTo(turn, command.step, command.to)
    case 'retry':
      return retry(turn, command.step)
    case 'hold':
      return placeHold(turn, command.hold)
    case 'release':
      return release(turn, command.hold, caller)
    case 'cancel':
      return cancel(turn)
    default:
      return command satisfies never
  }
}

export function refuse(code: RefusalCode, message: string, field?: string): Refusal {
  return { ok: false, code, message, ...(field === undefined ? {} : { field }) }
}

/** A name that this order's process does not know is the caller's mistake, whatever state the order is in. */
function namesNothing(definition: CompiledDefinition, command: Command): Refusal | undefined {
  for (const field of ['step', 'to'] as const) {
    const value = (command as Record<string, unknown>)[field]
    if (typeof value !== 'string' || (field === 'to' && command.type === 'transfer')) continue
    if (stepNamed(definition, value) === undefined) {
      const steps = definition.steps.map(step => step.id).join(', ')
      return refuse('invalid', `the process "${definition.id}" has no step "${value}"; it has ${steps}`, field)
    }
  }
  if (command.type !== 'hold') return
  const types = Object.keys(definition.holds)
  if (command.hold !== undefined ? types.includes(command.hold) : types.length > 0) return
  return refuse(
    'invalid',
    `no such type of hold; the process "${definition.id}" has ${types.join(', ') || 'none'}`,
    'hold',
  )
}

/** Why the caller may not do this now; undefined if they may. */
export function denial(
  definition: CompiledDefinition,
  state: OrderState,
  command: Command,
  caller: Caller,
): string | undefined {
  if (caller.organisation !== state.order.organisation) return 'the order belongs to another organisation'
  const target = 'step' in command || command.type !== 'cancel' ? targetStep(definition, state, command) : undefined
  const owner = target === undefined ? undefined : state.steps[target]?.owner
  const mine = owner !== undefined && (owner === caller.actor || caller.roles.some(role => owner === `role:${role}`))
  const verdict = permits(caller.allowed, orderStatus(definition, state), {
    ...expressionContext(state),
    actor: { id: caller.actor, roles: [...caller.roles] },
    placedBy: state.order.placedBy,
    step: { id: target ?? '', owner: owner ?? '', mine },
  })
  return verdict.ok ? undefined : verdict.why
}

function blockingHold(turn: Turn, command: Command): string | undefined {
  if (command.type === 'release') return
  return Object.values(turn.state.holds).find(hold => {
    const blocked = turn.definition.holds[hold.type]?.blocksCommands
    return blocked === 'all' || blocked?.includes(command.type)
  })?.type
}

function cancel(turn: Turn): Refusal | undefined {
  if (turn.state.compensation?.goal.kind === 'close')
    return refuse('not_applicable', 'the order is being cancelled already')
  const past = irreversibleStep(turn.definition, turn.state)
  const asked = Object.values(turn.state.reviews).some(review => review.code === 'irreversible')
  if (past !== undefined && asked) {
    return refuse('not_applicable', `"${past}" has been done and cannot be undone; the order is in review for it`)
  }
  cancelOrder(turn, 'cancelled')
  return
}

/** Ends a hold, or a review of the whole order: a person has looked, and the order goes on. */
function release(turn: Turn, which: string | undefined, caller: Caller): Refusal | undefined {
  const holds = Object.entries(turn.state.holds)
  const hold = which === undefined ? holds[0] : holds.find(([id, other]) => id === which || other.type === which)
  if (hold !== undefined) {
    const [id, { type }] = hold
    if (!mayRelease(turn.definition.holds[type], caller)) {
      const roles = turn.definition.holds[type]?.release.join(', ')
      return refuse('not_permitted', `the hold "${type}" may be released by ${roles} only`)
    }
    emit(turn, 'hold.released', { hold: id })
    return
  }
  const reviews = Object.entries(turn.state.reviews)
  const review = reviews.find(([id, other]) =>
    // A hold may have the same id: `review:<id>` is the review alone.
    which === undefined ? isReleasable(turn, other) : which === id || which === `review:${id}`,
  )
  if (review === undefined)
    return refuse('not_applicable', 'the order has no such hold, and no review that can be released')
  if (!isReleasable(turn, review[1])) {
    return refuse('not_applicable', `the review of "${review[1].step}" ends by retry, send_back or cancel`)
  }
  const { step } = review[1]
  emit(turn, 'review.closed', { review: review[0], because: 'released' })
  if (review[1].code === 'undo_failed' && step !== undefined) {
    emit(turn, 'step.retried', { step, round: stepState(turn, step).round, what: 'keep' })
    closeReviews(turn, 'released', other => other.step === step)
  }
  return
}

/** A failed step is not released: it is retried, sent back or cancelled. What cannot be undone can be accepted. */
function isReleasable(turn: Turn, review: OrderState['reviews'][string]): boolean {
  if (review.step === undefined) return true
  const step = stepNamed(turn.definition, review.step)
  const cannotBeUndone = step !== undefined && (step.kind === 'task' || step.undo === undefined)
  return review.code === 'undo_failed' && cannotBeUndone
}

function mayRelease(type: HoldType | undefined, caller: Caller): boolean {
  if (type === undefined || type.release.length === 0) return true
  return type.release.some(who => who === caller.actor || caller.roles.some(role => who === `role:${role}`))
}
