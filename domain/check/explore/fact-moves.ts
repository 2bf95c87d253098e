import type { LineQuantity } from '../../call.ts'
import { outstandingLines, outstandingMinor } from '../../core/effects/outstanding.ts'
import type { OrderState } from '../../core/state.ts'
import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import { type Fact, standardFacts } from '../../fact.ts'
import type { Move } from './move.ts'
import { exploredAt, type Setting } from './setting.ts'

/** What the outside world may report, all of it and (`parts`) a part. `surprises`: also what no step waits for yet, or at all. */
export function factMoves({ definition }: Setting, state: OrderState, surprises: boolean, parts = true): Move[] {
  const facts: Fact[] = []
  for (const type of awaited(definition)) {
    const known = reports(definition, state, type, surprises)
    facts.push(...(parts ? known : known.slice(0, 1)))
  }
  if (surprises) for (const type of unawaited(definition)) facts.push(reported(type))
  // Each is new: the same one again changes nothing.
  const id = `${state.factIds.length}`
  return facts.map(fact => ({
    state,
    input: { type: 'fact', at: exploredAt, fact: { ...fact, id } },
    certain: true,
    label: `${fact.type}${fact.lines || fact.parcel || fact.amountMinor ? ' (a part)' : ''}`,
  }))
}

/** Of a fact that a step waits for. */
function reports(definition: CompiledDefinition, state: OrderState, type: string, early: boolean): Fact[] {
  const phases = new Set<string>()
  for (const step of definition.steps) {
    const { state: phase, effect } = state.steps[step.id]!
    if (phase === 'partial' && type === 'stock.reserved') phases.add('open')
    if (step.kind !== 'wait' || step.fact !== type) continue
    if (phase === 'waiting') phases.add('early')
    else if (phase === 'active' || phase === 'failed') phases.add('open')
    else phases.add(effect === 'done' ? 'done' : 'gone')
    if (state.compensation?.goal.kind === 'close' && effect !== 'done') phases.add('gone')
  }
  if (phases.has('open')) return [reported(type), ...parts(definition, state, type)]
  if (phases.has('gone') || (phases.has('early') && early)) return [reported(type)]
  return phases.has('done') && isOutstanding(definition, state, type) ? [reported(type)] : []
}

const stages: Readonly<Record<string, 'reserve' | 'ship' | 'deliver'>> = {
  'stock.reserved': 'reserve',
  'supplier.confirmed': 'reserve',
  'shipment.shipped': 'ship',
  'shipment.delivered': 'deliver',
  'goods.received': 'deliver',
}

function openLines(definition: CompiledDefinition, state: OrderState, type: string): LineQuantity[] {
  const stage = stages[type]
  if (stage === undefined) return []
  return outstandingLines(definition, state, stage === 'deliver' && state.flow === 'return' ? 'return' : stage)
}

function isOutstanding(definition: CompiledDefinition, state: OrderState, type: string): boolean {
  if (type === 'payment.received') return outstandingMinor(state, 'pay') > 0
  return openLines(definition, state, type).length > 0
}

/** Half of the money; one of several parcels or lines; one unit of each line. */
function parts(definition: CompiledDefinition, state: OrderState, type: string): Fact[] {
  if (type === 'payment.received') {
    const half = Math.floor(outstandingMinor(state, 'pay') / 2)
    return half > 0 ? [reported(type, { amountMinor: half })] : []
  }
  const parcels = Object.entries(state.parcels).filter(([, parcel]) => parcel.state === 'shipped')
  if (type === 'shipment.delivered' && parcels.length > 0) {
    return parcels.length > 1 ? [reported(type, { parcel: parcels[0]![0] })] : []
  }
  const lines = openLines(definition, state, type)
  const one = lines.length > 1 ? [reported(type, { lines: [lineOf(lines[0]!, lines[0]!.quantity)] })] : []
  const units = lines.some(line => line.quantity > 1)
  return units ? [...one, reported(type, { lines: lines.map(line => lineOf(line, 1)) })] : one
}

function lineOf({ line, sku }: LineQuantity, quantity: number): LineQuantity {
  return { line, sku, quantity }
}

function reported(type: string, data: Partial<Fact> = {}): Fact {
  return { id: '', source: 'explored', type, claimedAt: exploredAt, ...data }
}

/** The facts that a step waits for, now or while its stock is there in part. */
function awaited(definition: CompiledDefinition): Set<string> {
  return new Set(
    definition.steps.flatMap(step => {
      if (step.kind === 'wait') return [step.fact]
      return step.kind === 'call' && step.partial !== undefined ? ['stock.reserved'] : []
    }),
  )
}

/**
 * Of the other facts, one of each sort that the definition deals with alike everywhere; none that is only recorded. What
 * moves goods or money by itself is taken only where nothing else is dealt with like it.
 */
function unawaited(definition: CompiledDefinition): Iterable<string> {
  const known = awaited(definition)
  const sorts = new Map<string, string>()
  const moving = [...Object.keys(stages), 'shipment.lost', 'payment.received']
  for (const type of new Set([...moving, ...standardFacts, ...Object.keys(definition.on)])) {
    if (known.has(type)) continue
    const actions = [definition.on, ...definition.steps.map(step => step.on)].map(on => on[type] ?? 'record')
    // One that cancels everywhere is no other than the command to cancel.
    if (actions.every(action => action === 'cancel')) continue
    if (actions.some(action => action === 'cancel' || action === 'review')) sorts.set(actions.join(), type)
  }
  return sorts.values()
}
