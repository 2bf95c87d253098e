import type { CallOutcome, CallResult, LineQuantity } from '../../call.ts'
import { type CallState, callId, type OrderState } from '../../core/state.ts'
import { effectOf } from '../../operation.ts'
import type { Move } from './move.ts'
import { exploredAt } from './setting.ts'

/** What may become of the calls in flight: every outcome, at any time; and the clock gives up on them. */
export function callMoves(state: OrderState): Move[] {
  const moves: Move[] = []
  for (const call of Object.values(state.calls)) {
    const item = `${call.step}.${call.kind}`
    const { step, round, kind } = call
    for (const [what, outcome] of outcomes(state, call)) {
      const input = { type: 'result', at: exploredAt, call: { step, round, kind }, outcome } as const
      moves.push({ state, input, item, certain: true, label: `${call.operation} ${what}` })
    }
    if (call.cancelling !== undefined) continue
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
      const done = results(call).map(([what, result]) => [what, succeeded(result)] as const)
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
        ['does a part', { lines: part(lines) }],
        ['does nothing', { lines: [] }],
      ]
    case 'ship':
      return [
        ['succeeds', { parcels: parcelsOf(lines) }],
        ['does a part', { parcels: parcelsOf(part(lines)) }],
      ]
    default:
      return [['succeeds', {}]]
  }
}

/** The first of several lines, or one unit of the only one. */
function part(lines: readonly LineQuantity[]): LineQuantity[] {
  const [first, ...rest] = lines
  if (first === undefined) return []
  if (rest.length > 0) return [first]
  return first.quantity > 1 ? [{ ...first, quantity: 1 }] : []
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
