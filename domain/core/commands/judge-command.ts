import type { CompiledDefinition, HoldType } from '../../definition/compiled-definition.ts'
import { toMinor } from '../../money/money.ts'
import { type Confirmation, isForPersonsOnly, permits, type Verdict } from '../../permission/permits.ts'
import type { Absent, Caller, Refusal } from '../input.ts'
import { stepsFor } from '../inputs/steps-for.ts'
import { expressionContext } from '../order-context.ts'
import { orderStatus } from '../order-status.ts'
import type { Hold, OrderState } from '../state.ts'
import { stepNamed } from '../turn.ts'
import { amendedAmounts, amendmentOf } from './amended-order.ts'
import type { Command } from './command.ts'
import { refuse } from './refuse.ts'

/** The holds that a `release` means: the one it names, by its type, its id or as `hold:<id>`, or all. */
export function holdsFor(state: OrderState, which: string | undefined): readonly (readonly [string, Hold])[] {
  const holds = Object.entries(state.holds)
  if (which === undefined) return holds
  return holds.filter(([id, { type }]) => type === which || id === which || `hold:${id}` === which)
}

/** What is wrong with the command itself, whoever gives it: it names what its process does not know, or not enough. */
export function flawOf(definition: CompiledDefinition, state: OrderState, command: Command): Refusal | undefined {
  for (const name of namedSteps(command)) {
    if (stepNamed(definition, name.id) !== undefined) continue
    const steps = definition.steps.map(step => step.id).join(', ')
    return refuse('invalid', `the process "${definition.id}" has no step "${name.id}"; it has ${steps}`, name.field)
  }
  switch (command.type) {
    case 'approve':
    case 'reject':
    case 'skip':
    case 'retry': {
      const fitting = stepsFor(definition, state, command.type).map(step => step.id)
      if (command.step !== undefined || fitting.length < 2) return
      return refuse('invalid', `say which step: ${fitting.join(' or ')}`, 'step')
    }
    case 'hold': {
      const types = Object.keys(definition.holds)
      if (command.hold === undefined ? types.length > 0 : types.includes(command.hold)) return
      const known = types.join(', ') || 'none'
      return refuse('invalid', `no such type of hold; the process "${definition.id}" has ${known}`, 'hold')
    }
    case 'release': {
      const holds = holdsFor(state, command.hold).map(([, hold]) => hold.type)
      return holds.length < 2 ? undefined : refuse('invalid', `say which hold: ${holds.join(' or ')}`, 'hold')
    }
    case 'recompute_deadlines': {
      const strange = Object.keys(command.calendars).find(id => !Object.hasOwn(definition.calendars, id))
      if (strange === undefined) return
      return refuse('invalid', `the process "${definition.id}" has no calendar "${strange}"`, 'calendars')
    }
    case 'override':
      return flawOfAmount(state, command.data?.amount)
    case 'amend': {
      const amended = amendmentOf(state, command.changes)
      return amended.ok ? undefined : refuse('invalid', amended.reason, amended.field)
    }
    case 'migrate': {
      const { id, version } = command.definition
      if (id === state.process.id && version === command.version) return
      return refuse(
        'invalid',
        `that is version ${version} of "${id}"; the order follows "${state.process.id}"`,
        'version',
      )
    }
    case 'transfer':
      return command.reason ? undefined : refuse('invalid', 'say why it is passed on', 'reason')
    case 'split':
    case 'merge':
    case 'claim':
    case 'send_back':
    case 'cancel':
    case 'void':
    case 'rollback':
    case 'confirm':
    case 'decline':
      return
    default:
      return command satisfies never
  }
}

function flawOfAmount(state: OrderState, given: string | number | undefined): Refusal | undefined {
  const amount = given === undefined ? undefined : toMinor(given, state.order.exponent)
  return amount === undefined || amount.ok ? undefined : refuse('invalid', amount.reason, 'data.amount')
}

function namedSteps(command: Command): { field: 'step' | 'to'; id: string }[] {
  return [
    ...('step' in command && command.step !== undefined ? [{ field: 'step' as const, id: command.step }] : []),
    ...(command.type === 'send_back' || command.type === 'rollback' ? [{ field: 'to' as const, id: command.to }] : []),
  ]
}

/** A caller, or a caller in the place of somebody who is not there. */
interface Asking extends Caller {
  readonly insteadOf?: string
}

export type Permitted =
  | { readonly ok: true; readonly insteadOf?: Absent; readonly confirm?: Confirmation }
  | { readonly ok: false; readonly denial: string }

/** Whether the caller may do this now: in their own right or, failing that, in the place of somebody who is not there. */
export function judgePermission(
  definition: CompiledDefinition,
  state: OrderState,
  command: Command,
  caller: Caller,
): Permitted {
  const verdict = denialOf(definition, state, command, caller)
  if (verdict.ok) return verdict
  const denial = verdict.why
  // What is claimed becomes the caller's own.
  if (command.type === 'claim') return { ok: false, denial }
  for (const insteadOf of caller.standsInFor ?? []) {
    const { id, roles, allowed } = insteadOf
    const inTheirPlace = denialOf(definition, state, command, { ...caller, roles, allowed, insteadOf: id })
    if (inTheirPlace.ok) return { ...inTheirPlace, insteadOf }
  }
  return { ok: false, denial }
}

/** Whether the caller may do this now, and whether another person must confirm it. */
export function denialOf(definition: CompiledDefinition, state: OrderState, command: Command, caller: Asking): Verdict {
  const denied = (why: string): Verdict => ({ ok: false, why })
  if (caller.organisation !== state.order.organisation) return denied('the order belongs to another organisation')
  if (caller.service && isForPersonsOnly(command.type)) {
    return denied(`${command.type} is for a person to say, and ${caller.actor} is a service account`)
  }
  // A closed order has no step or status to judge by: whoever may give such a command learns that it is closed.
  if (state.closed !== null)
    return caller.allowed.length === 0 ? denied('none of your roles may do this') : { ok: true }
  const status = orderStatus(definition, state)
  const amended = command.type === 'amend' ? { amended: amendedAmounts(state, command.changes) } : {}
  let denial: Verdict | undefined
  for (const step of steppedOn(definition, state, command)) {
    const owners = [state.steps[step]?.owner, ...reviewersOf(state, step)]
    const verdict = permits(caller.allowed, status, {
      ...expressionContext(state),
      actor: { id: caller.actor, roles: [...caller.roles], organisation: caller.organisation },
      placedBy: state.order.placedBy,
      ...amended,
      asked: askedBy(state, command),
      step: { id: step, owner: owners[0] ?? '', mine: owners.some(owner => isOneOf(caller, owner)) },
    })
    if (!verdict.ok) {
      denial ??= verdict
      continue
    }
    const why = command.type === 'release' ? releaseDenial(definition, state, command.hold, caller) : undefined
    return why === undefined ? verdict : denied(why)
  }
  return denial ?? { ok: true }
}

/** Who asked for what the command confirms or declines. */
function askedBy(state: OrderState, command: Command): string {
  if (command.type !== 'confirm' && command.type !== 'decline') return ''
  return state.proposals?.[command.proposal]?.by ?? ''
}

/** The steps to judge by: the one it names, those it fits, or else any: then it is refused for what it is, not for who asks. */
function steppedOn(definition: CompiledDefinition, state: OrderState, command: Command): readonly string[] {
  if (isOfTheOrder(command)) return ['']
  if (command.step !== undefined) return [command.step]
  if (command.type === 'override') return ['']
  const fitting = stepsFor(definition, state, command.type)
  return (fitting.length > 0 ? fitting : definition.steps).map(step => step.id)
}

const ofTheOrder = [
  'cancel',
  'hold',
  'release',
  'recompute_deadlines',
  'void',
  'rollback',
  'amend',
  'migrate',
  'split',
  'merge',
  'confirm',
  'decline',
] as const

function isOfTheOrder(command: Command): command is Extract<Command, { type: (typeof ofTheOrder)[number] }> {
  return (ofTheOrder as readonly string[]).includes(command.type)
}

function reviewersOf(state: OrderState, step: string): string[] {
  return Object.values(state.reviews).flatMap(review => (review.step === step ? review.owner : []))
}

function releaseDenial(
  definition: CompiledDefinition,
  state: OrderState,
  which: string | undefined,
  caller: Asking,
): string | undefined {
  const [hold] = holdsFor(state, which)
  const type = hold === undefined ? undefined : definition.holds[hold[1].type]
  if (hold === undefined || mayRelease(type, caller)) return
  return `the hold "${hold[1].type}" may be released by ${type?.release.join(', ')} only`
}

function mayRelease(type: HoldType | undefined, caller: Asking): boolean {
  return type === undefined || type.release.length === 0 || type.release.some(who => isOneOf(caller, who))
}

function isOneOf(caller: Asking, owner: string | undefined): boolean {
  if (owner === undefined) return false
  return owner === caller.actor || owner === caller.insteadOf || caller.roles.some(role => owner === `role:${role}`)
}
