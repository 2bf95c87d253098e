import { judgePermission } from '../commands/judge-command.ts'
import { differenceTo } from '../commands/merge.ts'
import { type MergeMessage, shareOf, undoingMs } from '../commands/merging.ts'
import { refuse } from '../commands/refuse.ts'
import { closeOverdue, later, releaseMerge } from '../commands/release-merge.ts'
import { whyNotReplaced } from '../commands/why-not-replaced.ts'
import { makeWay } from '../effects/compensate.ts'
import type { Refusal } from '../input.ts'
import { emit, type Turn } from '../turn.ts'

/** Another order leads a merge, and says this. */
export function takeMerge(turn: Turn, message: MergeMessage): Refusal | undefined {
  const { merging, closed } = turn.state
  const mine = merging?.role === 'member' && merging.merge === message.merge ? merging : undefined
  switch (message.kind) {
    case 'ask':
      return mine === undefined ? agree(turn, message) : undefined
    case 'go': {
      if (mine === undefined) return refuse('not_applicable', 'the order no longer takes part')
      if (mine.phase !== 'agreed') return
      const changed = JSON.stringify(mine.share) !== JSON.stringify(shareOf(turn.state))
      const inTheWay = changed ? refuse('not_applicable', 'the order has changed') : whyNotReplaced(turn, 'merging')
      if (inTheWay !== undefined) return inTheWay
      // Its lead gives up earlier than that.
      emit(turn, 'merge.decided', { merge: message.merge, lapsesAt: later(turn, 2 * undoingMs) })
      makeWay(turn, 'merged')
      return
    }
    case 'close':
      if (mine?.phase === 'begun' || closed?.status === 'merged') return
      if (mine?.phase !== 'ready') return refuse('not_applicable', 'the order no longer takes part')
      emit(turn, 'merge.begun', { merge: message.merge, into: message.into })
      closeOverdue(turn)
      return
    case 'release':
      if (mine !== undefined && mine.phase !== 'begun') releaseMerge(turn, 'the merge has come to nothing')
      return
    default:
      message satisfies never
  }
}

function agree(turn: Turn, message: Extract<MergeMessage, { kind: 'ask' }>): Refusal | undefined {
  const { definition, state } = turn
  const { merge, lead, into, lapsesAt, caller } = message
  const permitted = judgePermission(definition, state, { type: 'merge', orders: [lead] }, caller)
  if (!permitted.ok) return refuse('not_permitted', permitted.denial)
  if (permitted.confirm !== undefined) return refuse('not_permitted', 'of this order a second person must confirm it')
  if (state.closed !== null) return refuse('closed', `the order is closed: ${state.closed.status}`)
  const difference = differenceTo(state, message)
  if (difference !== undefined) return refuse('strangers', `the order ${lead}, which leads, ${difference}`)
  const inTheWay = whyNotReplaced(turn)
  if (inTheWay !== undefined) return inTheWay
  if (lapsesAt <= turn.at) return refuse('not_applicable', 'it was asked too late')
  emit(turn, 'merge.agreed', { merge, lead, into, share: shareOf(state), lapsesAt })
  return
}
