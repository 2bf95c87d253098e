import type { LineQuantity } from '../../call.ts'
import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import type { Fact } from '../../fact.ts'
import type { AppliedEffect } from '../events/event.ts'
import type { OrderState } from '../state.ts'
import { withImplied } from './effect.ts'
import { outstandingLines, outstandingMinor } from './outstanding.ts'

export type FactEffect =
  | { readonly ok: true; readonly effect?: AppliedEffect }
  /** The fact cannot be true of this order as it stands: it is kept, and becomes an exception. */
  | { readonly ok: false; readonly problem: string }

/** What a fact says was done in the world. What is absent in it means all that is outstanding. */
export function factEffect(definition: CompiledDefinition, state: OrderState, fact: Fact): FactEffect {
  switch (fact.type) {
    case 'payment.received':
      return paid(state, fact)
    case 'stock.reserved':
    case 'supplier.confirmed':
      return moved(definition, state, fact, 'reserve')
    case 'shipment.shipped':
      return shipped(definition, state, fact)
    case 'shipment.delivered':
      return delivered(definition, state, fact)
    case 'goods.received':
      return moved(definition, state, fact, state.flow === 'return' ? 'return' : 'deliver')
    case 'shipment.lost':
      return lost(definition, state, fact)
    default:
      return { ok: true }
  }
}

function paid(state: OrderState, fact: Fact): FactEffect {
  const outstanding = outstandingMinor(state, 'pay')
  const amountMinor = fact.amountMinor ?? outstanding
  if (amountMinor === 0) return { ok: true }
  if (!(amountMinor > 0) || !Number.isSafeInteger(state.money.authorisedMinor + amountMinor)) {
    return { ok: false, problem: `${amountMinor} minor units are no amount that can be booked` }
  }
  return { ok: true, effect: { effect: 'pay', amountMinor } }
}

function moved(
  definition: CompiledDefinition,
  state: OrderState,
  fact: Fact,
  stage: 'reserve' | 'ship' | 'deliver' | 'return',
): FactEffect {
  const open = outstandingLines(definition, state, stage)
  const parcels = fact.parcel === undefined || stage === 'reserve' || stage === 'return' ? undefined : fact.parcel
  if (fact.lines === undefined) {
    if (open.length === 0) return { ok: true }
    return { ok: true, effect: booked(state, stage, open, parcels) }
  }
  const matched = matchLines(fact.lines, open)
  if (!matched.ok) return matched
  return { ok: true, effect: booked(state, stage, matched.lines, parcels) }
}

function booked(
  state: OrderState,
  stage: 'reserve' | 'ship' | 'deliver' | 'return',
  lines: LineQuantity[],
  parcel: string | undefined,
): AppliedEffect {
  const effect = { effect: stage, lines, ...parcelOf(parcel, lines) }
  return stage === 'ship' ? withImplied(effect, state.lines) : effect
}

function parcelOf(
  id: string | undefined,
  lines: LineQuantity[],
): { parcels?: { id: string; lines: LineQuantity[] }[] } {
  return id === undefined ? {} : { parcels: [{ id, lines }] }
}

function shipped(definition: CompiledDefinition, state: OrderState, fact: Fact): FactEffect {
  // The carrier confirms a parcel that the order knows already from the call that created it.
  if (fact.parcel !== undefined && state.parcels[fact.parcel] !== undefined) return { ok: true }
  return moved(definition, state, fact, 'ship')
}

function delivered(definition: CompiledDefinition, state: OrderState, fact: Fact): FactEffect {
  const parcel = fact.parcel === undefined ? undefined : state.parcels[fact.parcel]
  if (fact.parcel === undefined || parcel === undefined) {
    if (fact.parcel !== undefined && Object.keys(state.parcels).length > 0) {
      return { ok: false, problem: `parcel "${fact.parcel}" is not one of this order's` }
    }
    return withOpenParcels(definition, state, moved(definition, state, fact, 'deliver'))
  }
  switch (parcel.state) {
    case 'delivered':
      return { ok: true }
    case 'recalled':
    case 'written_off':
      return { ok: false, problem: `parcel "${fact.parcel}" was ${parcel.state.replace('_', ' ')}` }
    case 'shipped':
    case 'lost': {
      if (fact.lines !== undefined && !isSame(fact.lines, parcel.lines)) {
        return { ok: false, problem: `parcel "${fact.parcel}" holds something else than was reported` }
      }
      const lines = stillOpen(parcel.lines, outstandingLines(definition, state, 'deliver'))
      const inside = parcel.lines.map(line => ({ ...line }))
      return { ok: true, effect: { effect: 'deliver', lines, parcels: [{ id: fact.parcel, lines: inside }] } }
    }
    default:
      return parcel.state satisfies never
  }
}

/** Once everything has arrived, so have the parcels that were on their way. */
function withOpenParcels(definition: CompiledDefinition, state: OrderState, reported: FactEffect): FactEffect {
  if (!reported.ok || reported.effect?.lines === undefined) return reported
  const open = outstandingLines(definition, state, 'deliver')
  if (unitsOf(open) !== unitsOf(reported.effect.lines)) return reported
  const parcels = onTheWay(state)
  return parcels.length === 0 ? reported : { ok: true, effect: { ...reported.effect, parcels } }
}

function lost(definition: CompiledDefinition, state: OrderState, fact: Fact): FactEffect {
  const parcels = onTheWay(state).filter(({ id }) => fact.parcel === undefined || id === fact.parcel)
  if (parcels.length > 0) return { ok: true, effect: { effect: 'lose', parcels } }
  // Nobody has told of parcels, but goods are on their way.
  if (Object.keys(state.parcels).length === 0 && outstandingLines(definition, state, 'deliver').length > 0)
    return { ok: true }
  return {
    ok: false,
    problem: fact.parcel === undefined ? 'nothing is on its way' : `parcel "${fact.parcel}" is not on its way`,
  }
}

function onTheWay(state: OrderState): { id: string; lines: LineQuantity[] }[] {
  return Object.entries(state.parcels)
    .filter(([, parcel]) => parcel.state === 'shipped')
    .map(([id, parcel]) => ({ id, lines: parcel.lines.map(line => ({ ...line })) }))
}

function isSame(reported: NonNullable<Fact['lines']>, inside: readonly LineQuantity[]): boolean {
  const matched = matchLines(reported, inside)
  return matched.ok && unitsOf(matched.lines) === unitsOf(inside)
}

function stillOpen(lines: readonly LineQuantity[], open: readonly LineQuantity[]): LineQuantity[] {
  return lines.flatMap(line => {
    const quantity = Math.min(line.quantity, open.find(other => other.line === line.line)?.quantity ?? 0)
    return quantity > 0 ? [{ ...line, quantity }] : []
  })
}

function unitsOf(lines: readonly LineQuantity[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0)
}

/** Books what was reported on the order's lines, by line number or by sku, and never more than is open there. */
function matchLines(
  reported: NonNullable<Fact['lines']>,
  open: readonly LineQuantity[],
): { ok: true; lines: LineQuantity[] } | { ok: false; problem: string } {
  const left = open.map(line => ({ ...line }))
  const taken: LineQuantity[] = []
  for (const { line, sku, quantity } of reported) {
    if (!(quantity > 0)) return { ok: false, problem: `${quantity} of ${sku} reported` }
    let rest = quantity
    for (const candidate of left) {
      if (rest === 0 || candidate.sku !== sku || (line !== undefined && candidate.line !== line)) continue
      const part = Math.min(rest, candidate.quantity)
      if (part === 0) continue
      candidate.quantity -= part
      rest -= part
      taken.push({ line: candidate.line, sku, quantity: part })
    }
    if (rest > 0) return { ok: false, problem: `${quantity} of ${sku} reported, ${quantity - rest} outstanding` }
  }
  return { ok: true, lines: taken }
}
