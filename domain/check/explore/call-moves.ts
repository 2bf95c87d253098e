import type { CallOutcome, CallResult, LineQuantity } from '../../call.ts'
import { type CallState, callId, type OrderState } from '../../core/state.ts'
import { effectOf } from '../../operation.ts'
import type { Move } from './move.ts'
import { exploredAt } from './setting.ts'

/**
 * What may become of the calls in flight: every outcome, at any time; and the clock gives up on them. `plainly`: they come
 * off in full, or (what is not an undo) fail for certain.
 */
export function callMoves(state: OrderState, plainly = false): Move[] {
  const moves: Move[] = []
  if (state.successors?.phase === 'due') {
    const input = { type: 'begun', at: exploredAt, orders: ['successor'] } as const
    moves.push({ state, input, item: 'successors', certain: true, label: 'the orders in its place are begun' })
  }
  for (const call of Object.values(state.calls)) {
    const item = `${call.step}.${call.kind}`
    const { step, round, kind } = call
    for (const [what, outcome] of plainly ? plainOutcomes(state, call) : outcomes(state, call)) {
      const input = { type: 'result', at: exploredAt, call: { step, round, kind }, outcome } as const
      moves.push({ state, input, item, certain: true, label: `${call.operation} ${what}` })
    }
    // Going back, an undo that is given up is like one that fails; where the order is cancelled both are tried.
    const goesBack = kind === 'undo' && state.compensation?.goal.kind === 'rewind'
    if (call.cancelling !== undefined || goesBack || plainly) continue
    const calls = { ...state.calls, [callId(call)]: { ...call, giveUpAt: exploredAt } }
    const label = `${call.operation} does not come back in time`
    moves.push({ state: { ...state, calls }, input: { type: 'clock', at: exploredAt }, item, certain: true, label })
  }
  return moves
}

type Named<T> = readonly [what: string, T]

function outcomes(state: OrderState, call: CallState): Named<CallOutcome>[] {
  switch (call.kind) {
    case 'do': {
      // Where it is undone anyway it is the same whether all of it or a part was done.
      const possible = state.compensation === null ? results(call) : results(call).slice(0, 1)
      const done = possible.map(([what, result]) => [what, succeeded(result)] as const)
      return [...done, ['fails', failed('not_done')], ['may have been done', failed('unknown')]]
    }
    case 'undo':
      // Done or not, a failed undo has to be tried again or accepted.
      return [
        ['succeeds', succeeded({})],
        ['fails', failed('unknown')],
      ]
    case 'check': {
      const parcels = Object.entries(state.parcels)
        .filter(([, parcel]) => parcel.state === 'shipped')
        .map(([id, { lines }]) => ({ id, lines }))
      const found = parcels.length > 1 ? [0, 1, parcels.length] : [0, parcels.length]
      return [...new Set(found)].map(count => [`finds ${count}`, succeeded({ parcels: parcels.slice(0, count) })])
    }
    default:
      return call.kind satisfies never
  }
}

function plainOutcomes(state: OrderState, call: CallState): Named<CallOutcome>[] {
  const [done, ...others] = outcomes(state, call)
  if (call.kind === 'check') return [done!, ...others.slice(-1)]
  return call.kind === 'do' ? [done!, ['fails', failed('not_done')]] : [done!]
}

/** All that was asked, a part of it, and nothing. */
function results(call: CallState): Named<CallResult>[] {
  const { amountMinor, lines = [] } = call.input
  switch (effectOf(call.operation)) {
    case 'authorise':
    case 'capture':
    case 'refund':
      return [
        ['succeeds', {}],
        ['does half', { amountMinor: Math.floor((amountMinor ?? 0) / 2) }],
      ]
    case 'reserve':
      return [
        ['succeeds', {}],
        ...parts(lines).map(([what, part]) => [what, { lines: part }] as const),
        ['does nothing', { lines: [] }],
      ]
    case 'ship':
      return [
        ['succeeds', { parcels: parcelsOf(lines) }],
        ...parts(lines).map(([what, part]) => [what, { parcels: parcelsOf(part) }] as const),
      ]
    default:
      return [['succeeds', {}]]
  }
}

/** One of several lines; one unit of each. */
function parts(lines: readonly LineQuantity[]): Named<LineQuantity[]>[] {
  return [
    ...(lines.length > 1 ? [['does one line', lines.slice(0, 1)] as const] : []),
    ...(lines.some(line => line.quantity > 1)
      ? [['does one unit of each', lines.map(line => ({ ...line, quantity: 1 }))] as const]
      : []),
  ]
}

/** A parcel for each line. */
function parcelsOf(lines: readonly LineQuantity[]): NonNullable<CallResult['parcels']> {
  return lines.map(line => ({ id: `parcel-${line.line}`, lines: [line] }))
}

function succeeded(result: CallResult): CallOutcome {
  return { ok: true, result }
}

function failed(certainty: 'not_done' | 'unknown'): CallOutcome {
  return { ok: false, code: 'explored', message: 'explored', certainty }
}
