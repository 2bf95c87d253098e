import type { LineQuantity } from '../../call.ts'
import type { CallStep, CompiledDefinition, WaitStep } from '../../definition/compiled-definition.ts'
import { effectOf } from '../../operation.ts'
import { outstandingLines, outstandingMinor, payableMinor } from '../effects/outstanding.ts'
import { undoEffect } from '../effects/undo-effect.ts'
import type { CallInput } from '../events/event.ts'
import type { OrderState, StepState } from '../state.ts'

/** What a step asks of its operation: decided once, written in the journal, and the same at every retry. */
export function doInput(definition: CompiledDefinition, state: OrderState, step: CallStep): CallInput {
  const input = currentInput(definition, state, step)
  const { effect, did: { amountMinor, lines } = {} } = state.steps[step.id] ?? {}
  // Under the same key the same is asked, until it is known what became of it.
  if (effect !== 'unknown') return input
  return { ...input, ...(amountMinor === undefined ? {} : { amountMinor }), ...(lines === undefined ? {} : { lines }) }
}

function currentInput(definition: CompiledDefinition, state: OrderState, step: CallStep): CallInput {
  const { order } = state
  const money = { currency: order.currency, exponent: order.exponent }
  const base = {
    customer: { id: order.customer.id, name: order.customer.name },
    attributes: { ...order.attributes, standalone: false },
  }
  switch (step.effect) {
    case 'authorise':
    case 'capture':
      return { ...base, ...money, amountMinor: outstandingMinor(state, step.effect) }
    case 'refund':
      // As a step of its own it takes back no capture of this key.
      return {
        ...base,
        ...money,
        amountMinor: outstandingMinor(state, 'refund'),
        attributes: { ...base.attributes, standalone: true },
      }
    case 'reserve':
    case 'ship':
      return { ...base, lines: outstandingLines(definition, state, step.effect) }
    case 'void':
    case 'release':
    case 'recall':
    case 'none':
      return { ...base, ...money, amountMinor: payableMinor(state), lines: orderedLines(state) }
    default:
      return step.effect satisfies never
  }
}

/** Nothing to authorise, capture, refund, reserve or ship: the step needs no call. */
export function nothingToDo(input: CallInput, step: CallStep): boolean {
  if (step.effect === 'none') return false
  return input.lines === undefined ? input.amountMinor === 0 : input.lines.length === 0
}

/** What an undo takes back: what was done and has not gone further, or where that is not known, what was asked. */
export function undoInput(state: OrderState, step: CallStep | WaitStep, current: StepState): CallInput {
  const { order } = state
  const back = current.effect === 'done' ? undoEffect(effectOf(step.undo), current, state) : undefined
  const { amountMinor } = current.did ?? {}
  const { lines, parcels } = back?.lines === undefined ? (current.did ?? {}) : back
  return {
    currency: order.currency,
    exponent: order.exponent,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    ...(lines === undefined ? {} : { lines }),
    ...(parcels === undefined ? {} : { parcels }),
    customer: { id: order.customer.id, name: order.customer.name },
    // Money that a fact brought was captured under no key of ours.
    attributes: {
      ...order.attributes,
      standalone: step.kind === 'wait' && effectOf(step.undo) === 'refund',
    },
  }
}

/** What a check asks about: the parcels that are on their way. */
export function checkInput(state: OrderState): CallInput {
  const parcels = Object.entries(state.parcels)
    .filter(([, parcel]) => parcel.state === 'shipped')
    .map(([id, parcel]) => ({ id, lines: [...parcel.lines] }))
  return { parcels, lines: orderedLines(state) }
}

function orderedLines(state: OrderState): LineQuantity[] {
  return state.lines
    .map(({ line, sku, ordered, cancelled }) => ({ line, sku, quantity: ordered - cancelled }))
    .filter(({ quantity }) => quantity > 0)
}
