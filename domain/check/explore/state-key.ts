import { outstandingMinor } from '../../core/effects/outstanding.ts'
import type { Clock } from '../../core/events/event.ts'
import type { LineState, OrderState } from '../../core/state.ts'
import type { Rung, Step } from '../../definition/compiled-definition.ts'
import type { Setting } from './setting.ts'

/*
 * What decides the behaviour of an order, as text: two states with the same key are explored as one.
 * Left out: times, seqs, ids, keys, rounds and counters; exceptions; how far a ladder has climbed (any of its rungs may
 * be the next); which of several reviews of the whole order it is; in which order independent steps were begun;
 * which of two lines or parcels it is; amounts and quantities beyond none, a part and all; of steps that are being
 * undone everything but what is left to undo, and whether the order will be called cancelled, voided or split.
 */

const effectLetters = { none: '', done: 'd', unknown: 'u', undone: 'n', kept: 'k' } as const

export function stateKey(setting: Setting, state: OrderState): string {
  if (state.closed !== null) return `closed ${state.closed.status}`
  const { goal, steps: undone = [] } = state.compensation ?? {}
  let key = goal === undefined ? '' : goal.kind === 'close' ? 'C' : 'R'
  if (state.successors?.phase === 'due') key += 'S'
  for (const step of setting.definition.steps) {
    const current = state.steps[step.id]!
    const { state: phase, effect, owner } = current
    const isUndone = undone.includes(step.id)
    key += isUndone ? '|' : `|${phaseKey(phase, step)}`
    key += isUndone ? leftToUndo(step, effect) : effectLetters[effect]
    if (current.undoFailed) key += '!'
    if (phase !== 'active' && phase !== 'partial' && phase !== 'failed') continue
    key += setting.ownerClass(step.id, owner)
    const clock = state.clocks[`step:${step.id}`]
    if (clock !== undefined) key += clockKey(clock, step.ladder)
  }
  return `${key}${callsKey(state)}${reviewsKey(setting, state)}${holdsKey(setting, state)}${ledgerKey(setting, state)}${factsKey(state)}`
}

/** Money that may have been taken is given back like money that was. */
function leftToUndo(step: Step, effect: keyof typeof effectLetters): string {
  if (effect === 'undone') return ''
  const ofGoods = step.kind !== 'call' || step.effect === 'reserve' || step.effect === 'ship'
  return effect === 'unknown' && !ofGoods ? effectLetters.done : effectLetters[effect]
}

function phaseKey(phase: string, step: Step): string {
  if (phase === 'done' || (phase === 'skipped' && step.kind === 'task' && !step.irreversible)) return 'd'
  return phase.slice(0, 2)
}

function clockKey(clock: Clock, ladder: readonly Rung[]): string {
  if (clock.checking) {
    const action = ladder[clock.next === 'repeat' ? clock.rung - 1 : clock.rung]?.action
    return action === 'fallback' ? '?f' : action === 'transfer' ? '?t' : '?'
  }
  return clock.next === 'none' && !clock.paused ? 'z' : ''
}

function callsKey(state: OrderState): string {
  const calls = Object.values(state.calls)
  if (calls.length === 0) return ''
  return `;${calls
    .map(({ step, kind, cancelling }) => `${step}.${kind}${cancelling === undefined ? '' : '-'}`)
    .sort()
    .join()}`
}

function reviewsKey(setting: Setting, state: OrderState): string {
  const reviews = Object.entries(state.reviews)
  if (reviews.length === 0) return ''
  const keys = reviews.map(([id, review]) => {
    const ofStep = review.step !== undefined
    const code = !ofStep ? '' : review.code === 'undo_failed' ? 'u' : review.code === 'irreversible' ? 'i' : 'o'
    const clock = state.clocks[`review:${id}`]
    const exhausted = clock === undefined || clock.next === 'none' ? 'z' : ''
    const whole = review.scope === 'order' ? '*' : ''
    return `${review.step ?? ''}${whole}${code}${exhausted}${setting.ownerClass(review.step ?? '', review.owner)}`
  })
  return `;${[...new Set(keys)].sort().join()}`
}

/** While the order is being cancelled a hold matters only for the commands that it blocks. */
function holdsKey({ definition }: Setting, state: OrderState): string {
  const closing = state.compensation?.goal.kind === 'close'
  const keys = Object.entries(state.holds).flatMap(([id, { type }]) => {
    const commands = definition.holds[type]?.blocksCommands
    if (closing && commands !== 'all' && !commands?.includes('retry')) return []
    const clock = state.clocks[`hold:${id}`]
    return `${type}${clock === undefined || clock.next === 'none' ? 'z' : ''}`
  })
  return keys.length === 0 ? '' : `;${keys.sort().join()}`
}

function ledgerKey({ definition }: Setting, state: OrderState): string {
  const lines = state.lines.map(lineKey).sort().join('')
  let money = ''
  for (const step of definition.steps) {
    const { state: phase, effect } = state.steps[step.id]!
    if (state.compensation?.steps.includes(step.id)) continue
    if (phase === 'done' || phase === 'skipped' || (phase === 'failed' && effect === 'done')) continue
    const about =
      step.kind === 'call' ? step.effect : step.kind === 'wait' && step.fact === 'payment.received' ? 'pay' : ''
    if (about !== 'authorise' && about !== 'capture' && about !== 'refund' && about !== 'pay') continue
    if (outstandingMinor(state, about) > 0) money += about[0]
  }
  // What has arrived or come back is in the quantities.
  const parcels = Object.values(state.parcels).flatMap(({ state: where }) =>
    where === 'shipped' || where === 'lost' ? where[0]! : [],
  )
  return `;${lines}${money}${[...new Set(parcels)].sort().join('')}`
}

/** Each quantity compared with the one it can reach: none, a part, all. Nothing for a line that is cancelled, `1` for a last unit. */
function lineKey({ ordered, cancelled, reserved, shipped, delivered, returned }: LineState): string {
  const wanted = ordered - cancelled
  if (wanted === 0) return ''
  const last = wanted === 1 ? '1' : ''
  return `,${last}${level(reserved, wanted)}${level(shipped, reserved)}${level(delivered, shipped)}${level(returned, delivered)}`
}

function level(quantity: number, ceiling: number): string {
  return quantity === 0 ? '-' : quantity < ceiling ? 'p' : 'a'
}

function factsKey(state: OrderState): string {
  if (state.earlyFacts.length === 0) return ''
  return `;${[...new Set(state.earlyFacts.map(fact => fact.type))].sort().join()}`
}
