import { shareCharges } from '../../order/share-charges.ts'
import { type Part, partNumber } from '../../order/successor.ts'
import { makeWay } from '../effects/compensate.ts'
import type { Refusal } from '../input.ts'
import type { OrderState } from '../state.ts'
import { emit, type Turn } from '../turn.ts'
import type { Command } from './command.ts'
import { refuse } from './refuse.ts'
import { whyNotReplaced } from './why-not-replaced.ts'

type Split = Extract<Command, { type: 'split' }>

/** Everything is taken back, and done anew by each part: nothing is counted twice, and nothing handed over. */
export function split(turn: Turn, { parts: asked, taken = [] }: Split): Refusal | undefined {
  const inTheWay = whyNotReplaced(turn)
  if (inTheWay !== undefined) return inTheWay
  const parts = numbered(turn.state, asked, taken)
  if ('ok' in parts) return parts
  return sumProblem(turn.state, parts) ?? decideSplit(turn, parts)
}

/** Only a part of the goods can be had: they become an order of their own, and what is short another one. */
export function splitByStock(
  turn: Turn,
  short: readonly { readonly line: number; readonly quantity: number }[],
): boolean {
  const missing = (line: number) => short.reduce((sum, other) => sum + (other.line === line ? other.quantity : 0), 0)
  const rest = (of: (line: OrderState['lines'][number]) => number) =>
    turn.state.lines.map(line => ({ line: line.line, quantity: of(line) })).filter(({ quantity }) => quantity > 0)
  const asked = [
    { lines: rest(({ line, ordered, cancelled }) => ordered - cancelled - missing(line)) },
    { lines: rest(({ line }) => missing(line)) },
  ]
  if (asked.some(({ lines }) => lines.length === 0)) return false
  return split(turn, { type: 'split', parts: asked }) === undefined
}

/** The parts with their numbers and skus, in the order in which they were given. */
function numbered(
  state: OrderState,
  asked: Split['parts'],
  taken: readonly string[],
): Omit<Part, 'charges'>[] | Refusal {
  const used = new Set([...taken, state.order.orderNo])
  for (const [index, { orderNo }] of asked.entries()) {
    if (orderNo === undefined) continue
    if (used.has(orderNo))
      return refuse('number_taken', `the order number ${orderNo} is taken`, `parts.${index}.orderNo`)
    used.add(orderNo)
  }
  let n = 0
  const next = (): string => {
    do n += 1
    while (used.has(partNumber(state.order.orderNo, n)))
    return partNumber(state.order.orderNo, n)
  }
  return asked.map(({ orderNo, lines }) => ({
    orderNo: orderNo ?? next(),
    lines: lines.map(({ line, quantity }) => ({ line, sku: state.lines[line - 1]?.sku ?? '', quantity })),
  }))
}

function sumProblem(state: OrderState, parts: readonly Omit<Part, 'charges'>[]): Refusal | undefined {
  const given = parts.flatMap(({ lines }) => lines)
  const stranger = given.find(({ line }) => state.lines[line - 1] === undefined)
  if (stranger !== undefined) return refuse('invalid', `the order has no line ${stranger.line}`, 'parts')
  if (parts.some(({ lines }) => new Set(lines.map(({ line }) => line)).size < lines.length)) {
    return refuse('invalid', 'a part names a line twice', 'parts')
  }
  if (parts.some(({ lines }) => lines.length === 0))
    return refuse('nothing_left', 'nothing is left for a part', 'parts')
  const left = state.lines.map(({ ordered, cancelled }) => ordered - cancelled)
  if (left.every(quantity => quantity === 0)) return refuse('nothing_left', 'nothing of the order is left', 'parts')
  for (const { line, sku } of state.lines) {
    const sum = given.reduce((total, other) => (other.line === line ? total + other.quantity : total), 0)
    if (sum === left[line - 1]) continue
    const message = `line ${line} (${sku}): the parts have ${sum}, and ${left[line - 1]} are left to be shared out`
    return refuse('does_not_add_up', message, 'parts')
  }
  return
}

function decideSplit(turn: Turn, parts: readonly Omit<Part, 'charges'>[]): Refusal | undefined {
  const { order } = turn.state
  const charges = shareCharges(order, parts)
  const costs = parts.map(({ lines }, index) =>
    charges[index]!.reduce(
      (sum, { amountMinor }) => sum + amountMinor,
      lines.reduce((sum, { line, quantity }) => sum + quantity * (order.lines[line - 1]?.unitPriceMinor ?? 0), 0),
    ),
  )
  const negative = costs.findIndex(cost => cost < 0)
  if (negative >= 0) {
    return refuse('does_not_add_up', 'the discounts would be larger than this part', `parts.${negative}`)
  }
  emit(turn, 'split.decided', {
    parts: parts.map(({ orderNo, lines }, index) => ({ orderNo, lines: [...lines], charges: charges[index]! })),
  })
  makeWay(turn, 'split')
  return
}
