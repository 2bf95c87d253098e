import { createHash } from 'node:crypto'
import { auditOrder } from '../../../domain/audit/audit-order.ts'
import type { Event } from '../../../domain/core/events/event.ts'
import { type PendingCall, pending } from '../../../domain/core/pending.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import type { Matrix } from '../../../domain/permission/permission.ts'
import { madeUpOrder } from '../../../domain/simulate/made-up-order.ts'
import { Random } from '../../../domain/simulate/random.ts'
import { permitted, randomWorld } from '../../../domain/simulate/random-world.ts'
import { type Arrival, drive, type Reaction, type World } from '../../../domain/simulate/virtual-driver.ts'
import { project } from '../../../domain/view/projection.ts'
import { whoCan } from '../../../domain/view/who-can.ts'
import { mondayMorning } from '../specification.ts'
import { surroundings } from './surroundings.ts'

const orders = 48
const minute = 60_000
const firstMs = Date.parse(mondayMorning)

/**
 * All that can be seen of how orders of a process go, a hash for each: their journals, what is shown of them, what their
 * calls ask for, who can do what meanwhile, and what an audit says. The same orders, people and systems for any process.
 */
export function* observed(definition: CompiledDefinition): Generator<string> {
  const matrix = (surroundings.matrices as Readonly<Record<string, Matrix>>)[definition.permissions]!
  for (let index = 0; index < orders; index += 1) {
    const seen = createHash('sha256')
    const random = new Random(index)
    const startMs = firstMs + index * 90 * minute
    const untilMs = startMs + 14 * 24 * 60 * minute
    const journal: Event[] = []
    const order = madeUpOrder(definition, random, index)
    drive(definition, order, eventful(randomWorld(definition, random), definition, index), {
      startMs,
      untilMs,
      onTurn: ({ input: { at }, events, state }) => {
        journal.push(...events)
        seen.update(JSON.stringify(pending(definition, state).calls))
        if (index === 0) seen.update(JSON.stringify(whoCan(definition, state, { matrix, at, people: [] })))
      },
    })
    const acceptedAt = new Date(startMs).toISOString()
    const { organisation, orderNo } = order
    const audit = auditOrder({ organisation, orderNo, definition, acceptedAt, events: journal }, acceptedAt)
    seen.update(JSON.stringify([journal, project(definition, null, journal), audit]))
    yield seen.digest('hex')
  }
}

/**
 * Of every four orders one is held for long, the customer cancels another at once, the third cannot be shipped, and
 * the fourth is rejected by those who produce it, and never reported as delivered.
 */
function eventful(world: World, definition: CompiledDefinition, index: number): World {
  switch (index % 4) {
    case 0:
      return atOnce(world, index % 8 === 0 ? 'order.received' : 'call.started', held(definition))
    case 1:
      return atOnce(world, 'order.received', cancelled(index))
    case 2:
      return { ...world, answer: (call, nowMs) => unshipped(call, nowMs) ?? world.answer(call, nowMs) }
    default: {
      const rejected = { type: 'command', command: { type: 'reject', step: 'production' }, caller: permitted } as const
      const { react } = atOnce(world, 'step.entered', rejected)
      const isSigning = (event: Event) => event.type === 'step.entered' && event.data.step === 'signing'
      return { ...world, react: (event, ...rest) => (isSigning(event) ? [] : react(event, ...rest)) }
    }
  }
}

/** Nobody releases what is held. */
function atOnce(world: World, type: Event['type'], arrival: Arrival): World {
  return {
    ...world,
    react: (event, state, nowMs) => {
      const more: Reaction[] = event.type === type ? [{ atMs: nowMs + minute, act: () => arrival }] : []
      return event.type === 'hold.placed' ? more : [...more, ...world.react(event, state, nowMs)]
    },
  }
}

function unshipped({ id, request }: PendingCall, nowMs: number): ReturnType<World['answer']> | undefined {
  if (request.operation !== 'shipment.create' || !id.endsWith('/do')) return
  const refused = { ok: false, code: 'refused', message: 'refused', certainty: 'not_done' } as const
  return { atMs: nowMs + minute, outcome: refused }
}

function held({ holds }: CompiledDefinition): Arrival {
  const [hold = 'none'] = Object.keys(holds)
  return { type: 'command', command: { type: 'hold', hold }, caller: permitted }
}

function cancelled(index: number): Arrival {
  const claimedAt = mondayMorning
  return { type: 'fact', fact: { id: `c${index}`, source: 'shop', type: 'customer.cancelled', claimedAt } }
}
