import { partNumber } from '../../order/successor.ts'
import { makeWay } from '../effects/compensate.ts'
import type { Caller, Refusal } from '../input.ts'
import type { OrderState } from '../state.ts'
import { openReview } from '../steps/review.ts'
import { emit, type Turn } from '../turn.ts'
import type { Command, Kin } from './command.ts'
import { askedMs, type MergeAnswer, type MergeMessage, pendingMessages, shareOf, undoingMs } from './merging.ts'
import { refuse } from './refuse.ts'
import { closeOverdue, later, releaseMerge } from './release-merge.ts'
import { whyNotReplaced } from './why-not-replaced.ts'

type Merge = Extract<Command, { type: 'merge' }>
const mostLines = 1000

/** The order leads: it asks the others whether they agree, and stands still until it knows. */
export function merge(turn: Turn, { orders, orderNo, taken = [], known }: Merge, caller: Caller): Refusal | undefined {
  const { state } = turn
  const inTheWay = whyNotReplaced(turn)
  if (inTheWay !== undefined) return inTheWay
  if (orders.includes(state.order.orderNo) || new Set(orders).size < orders.length) {
    return refuse('invalid', 'each order once, and not this one itself', 'orders')
  }
  const strange = known === undefined ? undefined : strangeOf(state, orders, known)
  if (strange !== undefined) return strange
  if (orderNo !== undefined && (taken.includes(orderNo) || orderNo === state.order.orderNo)) {
    return refuse('number_taken', `the order number ${orderNo} is taken`, 'orderNo')
  }
  emit(turn, 'merge.asked', {
    merge: `${state.order.orderNo}/${state.seq + 1}`,
    others: [...orders],
    into: orderNo ?? freeNumber(state, taken),
    own: shareOf(state),
    caller,
    lapsesAt: later(turn, askedMs),
  })
  return
}

function strangeOf(state: OrderState, orders: readonly string[], known: readonly Kin[]): Refusal | undefined {
  for (const [index, orderNo] of orders.entries()) {
    const kin = known.find(other => other.orderNo === orderNo)
    if (kin === undefined) return refuse('invalid', `there is no order ${orderNo}`, `orders.${index}`)
    const difference = differenceTo(state, kin)
    if (difference !== undefined) return refuse('strangers', `the order ${orderNo} ${difference}`, `orders.${index}`)
  }
  return
}

/** Why another order can never become one with this one. */
export function differenceTo({ order, process: own }: OrderState, other: Omit<Kin, 'orderNo'>): string | undefined {
  if (other.customerId !== order.customer.id) return 'is of another customer'
  if (other.currency !== order.currency) return `is in another currency: ${other.currency}, not ${order.currency}`
  return other.process === own.id ? undefined : `goes by another process: "${other.process}", not "${own.id}"`
}

function freeNumber({ order }: OrderState, taken: readonly string[]): string {
  let n = 1
  while (taken.includes(partNumber(order.orderNo, n))) n += 1
  return partNumber(order.orderNo, n)
}

/** What another order of the merge has answered. */
export function takeMember(turn: Turn, orderNo: string, kind: MergeMessage['kind'], answer: MergeAnswer): void {
  const { merging } = turn.state
  const isAwaited = pendingMessages(turn.state).some(one => one.orderNo === orderNo && one.message.kind === kind)
  if (merging?.role !== 'lead' || !isAwaited) return
  const stands = (how: 'agreed' | 'ready' | 'closed' | 'left') =>
    emit(turn, 'merge.member', {
      merge: merging.merge,
      member: orderNo,
      stands: how,
      ...(answer.ok && answer.share && { share: answer.share }),
    })
  if (kind === 'release') return stands('left')
  if (!answer.ok) {
    if (kind === 'close')
      openReview(turn, { code: 'merge_unanswered', message: `${orderNo}: ${answer.message}`, scope: 'order' })
    else releaseMerge(turn, `${orderNo}: ${answer.message}`)
    return stands(kind === 'close' ? 'closed' : 'left')
  }
  switch (kind) {
    case 'ask':
      stands('agreed')
      return decide(turn)
    case 'go':
      if (answer.isReady) stands('ready')
      return
    case 'close':
      stands('closed')
      closeOverdue(turn)
      return
    default:
      kind satisfies never
  }
}

/** All have agreed: from now on everybody takes back what was done. */
function decide(turn: Turn): void {
  const { merging } = turn.state
  if (merging?.role !== 'lead') return
  const members = Object.values(merging.members)
  if (members.some(({ stands }) => stands !== 'agreed')) return
  const inTheWay = whyNotReplaced(turn, 'merging')
  const lines = members.reduce((sum, { share }) => sum + (share?.lines.length ?? 0), merging.own.lines.length)
  if (inTheWay !== undefined) return releaseMerge(turn, inTheWay.message)
  if (lines > mostLines) return releaseMerge(turn, `together they have more than ${mostLines} lines`)
  if (JSON.stringify(merging.own) !== JSON.stringify(shareOf(turn.state)))
    return releaseMerge(turn, 'the order has changed')
  emit(turn, 'merge.decided', { merge: merging.merge, lapsesAt: later(turn, undoingMs) })
  makeWay(turn, 'merged')
}
