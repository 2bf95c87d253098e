import type { Confirmation } from '../../permission/permits.ts'
import { amend } from '../commands/amend.ts'
import type { Command } from '../commands/command.ts'
import { flawOf, judgePermission } from '../commands/judge-command.ts'
import { merge } from '../commands/merge.ts'
import { isBound, isMerging } from '../commands/merging.ts'
import { migrate } from '../commands/migrate.ts'
import { override } from '../commands/override.ts'
import { placeHold } from '../commands/place-hold.ts'
import { confirmed, declined, propose } from '../commands/proposals.ts'
import { recomputeDeadlines } from '../commands/recompute-deadlines.ts'
import { refuse } from '../commands/refuse.ts'
import { release } from '../commands/release.ts'
import { rollback } from '../commands/rollback.ts'
import { skip } from '../commands/skip.ts'
import { split } from '../commands/split.ts'
import { approve, reject, retry, sendBack } from '../commands/step-commands.ts'
import { claim, transferTo } from '../commands/transfer.ts'
import { voidOrder } from '../commands/void-order.ts'
import { cancelOrder, isClosing } from '../effects/compensate.ts'
import { irreversibleStep } from '../effects/irreversible.ts'
import type { Absent, Caller, Refusal } from '../input.ts'
import { emit, type Turn } from '../turn.ts'

/** Does a command, or says why not: malformed first, then permission, then whether the order has moved on. */
export function takeCommand(turn: Turn, command: Command, caller: Caller): Refusal | undefined {
  if (command.id !== undefined && turn.state.commands.some(done => done.id === command.id)) return
  const flaw = flawOf(turn.definition, turn.state, command)
  if (flaw !== undefined) return flaw
  const permitted = judgePermission(turn.definition, turn.state, command, caller)
  if (!permitted.ok) return refuse('not_permitted', permitted.denial)
  if (command.expectedSeq !== undefined && command.expectedSeq !== turn.state.seq) {
    return refuse('stale', `the order is at seq ${turn.state.seq}, not ${command.expectedSeq}`, 'expectedSeq')
  }
  if (turn.state.closed !== null) return refuse('closed', `the order is closed: ${turn.state.closed.status}`)
  const blocking = blockingHold(turn, command)
  if (blocking !== undefined) return refuse('not_applicable', `the hold "${blocking}" blocks this command`)
  if (command.reason !== undefined) turn.reason = command.reason
  if (command.id !== undefined) turn.command = command.id
  turn.matrix = caller.matrixVersion
  const refusal =
    permitted.confirm === undefined
      ? perform(turn, command, caller)
      : ask(turn, command, caller, { ...permitted, confirm: permitted.confirm })
  if (refusal !== undefined || permitted.insteadOf === undefined) return refusal
  const { id: insteadOf, because } = permitted.insteadOf
  emit(turn, 'deputy.acted', { insteadOf, because })
  return
}

/** What would be refused anyway is not put to anybody. */
function ask(
  turn: Turn,
  command: Command,
  caller: Caller,
  { confirm, insteadOf }: { readonly confirm: Confirmation; readonly insteadOf?: Absent },
): Refusal | undefined {
  const tried: Turn = { ...turn, events: [], confirmed: true }
  return perform(tried, command, caller) ?? propose(turn, command, insteadOf?.roles ?? caller.roles, confirm)
}

function confirm(turn: Turn, proposal: string, caller: Caller): Refusal | undefined {
  const asked = confirmed(turn, proposal, caller)
  return asked === undefined || 'ok' in asked ? asked : perform(turn, asked, caller)
}

/** What leaves the content of an order as it has been agreed. */
const whileMerging: readonly Command['type'][] = [
  'cancel',
  'void',
  'release',
  'retry',
  'claim',
  'transfer',
  'override',
  'recompute_deadlines',
  'confirm',
  'decline',
]

function perform(turn: Turn, command: Command, caller: Caller): Refusal | undefined {
  if (isMerging(turn.state) && !whileMerging.includes(command.type)) {
    return refuse('not_applicable', 'the order is becoming one with others: wait, or cancel it')
  }
  switch (command.type) {
    case 'approve':
      return approve(turn, command.step)
    case 'reject':
      return reject(turn, command.step)
    case 'send_back':
      return sendBack(turn, command.step, command.to)
    case 'claim':
      return claim(turn, command.step)
    case 'transfer':
      return transferTo(turn, command.step, command.to)
    case 'retry':
      return retry(turn, command.step)
    case 'hold':
      return placeHold(turn, command.hold)
    case 'release':
      return release(turn, command.hold)
    case 'cancel':
      return cancel(turn)
    case 'recompute_deadlines':
      return recomputeDeadlines(turn, command.calendars)
    case 'confirm':
      return confirm(turn, command.proposal, caller)
    case 'decline':
      return declined(turn, command.proposal, caller)
    case 'skip':
      return skip(turn, command.step)
    case 'void':
      return voidOrder(turn)
    case 'amend':
      return amend(turn, command.changes)
    case 'migrate':
      return migrate(turn, command.definition)
    case 'rollback':
      return rollback(turn, command.to)
    case 'split':
      return split(turn, command)
    case 'merge':
      return merge(turn, command, caller)
    case 'override':
      return override(turn, command)
    default:
      return command satisfies never
  }
}

function blockingHold(turn: Turn, command: Command): string | undefined {
  // A hold is no reason for a wrong deadline: its own ladder has one.
  if (command.type === 'release' || command.type === 'recompute_deadlines') return
  return Object.values(turn.state.holds).find(hold => {
    const blocked = turn.definition.holds[hold.type]?.blocksCommands
    return blocked === 'all' || blocked?.includes(command.type)
  })?.type
}

function cancel(turn: Turn): Refusal | undefined {
  if (isClosing(turn.state)) return refuse('not_applicable', 'the order is being cancelled already')
  if (isBound(turn.state)) return refuse('not_applicable', 'the orders that come in its place are being begun')
  const past = irreversibleStep(turn.definition, turn.state)
  const asked = Object.values(turn.state.reviews).some(review => review.code === 'irreversible' && !review.step)
  if (past !== undefined && asked) {
    return refuse('not_applicable', `"${past}" has been done and cannot be undone; the order is in review for it`)
  }
  cancelOrder(turn, 'cancelled')
  return
}
