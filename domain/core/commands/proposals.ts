import { addWorking } from '../../calendar/working-time.ts'
import { parseDuration } from '../../parse-duration.ts'
import type { Confirmation } from '../../permission/permits.ts'
import { tell } from '../clock/people.ts'
import type { Event } from '../events/event.ts'
import type { Caller, Refusal } from '../input.ts'
import type { Proposal } from '../state.ts'
import { emit, type Turn } from '../turn.ts'
import type { Command } from './command.ts'
import { denialOf } from './judge-command.ts'
import { refuse } from './refuse.ts'

/** A command that a second person must confirm is not done, but put to those who may. */
export function propose(
  turn: Turn,
  command: Command,
  roles: readonly string[],
  confirm: Confirmation,
): Refusal | undefined {
  const same = Object.values(turn.state.proposals ?? {}).some(({ command: other }) => other.type === command.type)
  if (same) return refuse('not_applicable', `a "${command.type}" waits to be confirmed already`)
  const proposal = `p${turn.state.seq + 1}`
  emit(turn, 'proposal.made', {
    proposal,
    command,
    roles: [...roles],
    confirm: { ...confirm, roles: [...confirm.roles] },
    lapsesAt: lapsesAt(turn, confirm.within),
  })
  for (const role of confirm.roles) {
    tell(turn, { subject: `proposal:${proposal}`, target: `role:${role}`, owner: `role:${role}`, about: 'proposal' })
  }
  return
}

const fourHours = { days: 0, ms: 14_400_000, wall: false }

function lapsesAt(turn: Turn, within: string): string {
  const duration = parseDuration(within) ?? fourHours
  return addWorking(turn.definition.calendars[turn.definition.calendar]!, turn.at, duration).at
}

/** A second person agrees: judged again by today's matrix, for the one who asked and the one who confirms. */
export function confirmed(turn: Turn, id: string, caller: Caller): Command | Refusal | undefined {
  const proposal = turn.state.proposals?.[id]
  if (proposal === undefined) return refuse('not_applicable', 'no such proposal is open', 'proposal')
  const denial = whyNotAnother(turn, proposal, caller)
  if (denial !== undefined) return refuse('not_permitted', denial)
  if (caller.left?.includes(proposal.by)) {
    return refuse('not_permitted', `${proposal.by}, who asked for this, works here no more: decline it, or ask anew`)
  }
  const level = proposal.confirmedBy.length + 1
  emit(turn, 'proposal.confirmed', { proposal: id, level, levels: proposal.confirm.levels })
  if (level < proposal.confirm.levels) return
  // What follows is the doing of the one who asked, and for their reason.
  turn.confirmed = true
  turn.actor = proposal.by
  turn.marksAt = turn.events.length
  if (proposal.command.reason !== undefined) turn.reason = proposal.command.reason
  return proposal.command
}

export function declined(turn: Turn, id: string, caller: Caller): Refusal | undefined {
  const proposal = turn.state.proposals?.[id]
  if (proposal === undefined) return refuse('not_applicable', 'no such proposal is open', 'proposal')
  const denial = whyNotAnother(turn, proposal, caller)
  if (denial !== undefined) return refuse('not_permitted', denial)
  emit(turn, 'proposal.declined', { proposal: id })
  return
}

function whyNotAnother(turn: Turn, proposal: Proposal, caller: Caller): string | undefined {
  if (proposal.by === caller.actor) return 'nobody confirms or declines what they have asked for themselves'
  if (proposal.confirmedBy.includes(caller.actor)) return 'you have confirmed this already; another person must'
  const rows = (caller.proposable?.[proposal.command.type] ?? []).filter(
    ({ roles, confirm }) =>
      roles.some(role => proposal.roles.includes(role)) &&
      (confirm === undefined || confirm.roles.some(role => caller.roles.includes(role))),
  )
  const proposer = { ...caller, actor: proposal.by, roles: proposal.roles, allowed: rows }
  const { ok, why } = { why: '', ...denialOf(turn.definition, turn.state, proposal.command, proposer) }
  if (rows.length === 0) return 'none of your roles may confirm this'
  return ok ? undefined : why
}

/** Those that were not confirmed in time. */
export function lapse(turn: Turn): void {
  for (const [proposal, { lapsesAt: at }] of Object.entries(turn.state.proposals ?? {})) {
    if (at <= turn.at) emit(turn, 'proposal.lapsed', { proposal }, 'clock')
  }
}

/** The order is no longer what the proposal was about. Being told, reminded or looked at changes nothing of it. */
export function dropStale(turn: Turn): void {
  const open = Object.keys(turn.state.proposals ?? {})
  if (open.length === 0 || turn.state.closed !== null || !turn.events.some(matters)) return
  for (const proposal of open) emit(turn, 'proposal.stale', { proposal })
}

const indifferent = ['notice.', 'proposal.', 'clock.', 'rung.', 'exception.', 'deputy.', 'calendar.'] as const

function matters({ type }: Event): boolean {
  return !indifferent.some(prefix => type.startsWith(prefix)) && type !== 'step.claimed' && type !== 'review.claimed'
}
