import fc from 'fast-check'
import { definitionOf } from '../definitions.ts'

/* Small random process definitions of the kind that the no-limbo check lets pass. */

type Content = Record<string, unknown>

const waits: Readonly<Record<string, Content>> = {
  'payment.received': { undo: 'payment.refund' },
  'stock.reserved': { undo: 'inventory.release' },
  'supplier.confirmed': { undo: 'inventory.release' },
  'shipment.shipped': { undo: 'shipment.recall' },
  'shipment.delivered': { irreversible: true, check: 'carrier.track' },
  'goods.received': { irreversible: true },
  'invoice.matched': {},
}

const calls: Readonly<Record<string, Content>> = {
  'payment.authorise': { undo: 'payment.void' },
  'payment.capture': { undo: 'payment.refund' },
  'payment.refund': { irreversible: true },
  'inventory.reserve': { undo: 'inventory.release' },
  'shipment.create': { undo: 'shipment.recall' },
  'erp.post': { undo: 'erp.reverse' },
  'erp.seal': { irreversible: true },
}

const statuses = ['pending_approval', 'pending_payment', 'pending_stock', 'pending_shipment', 'in_transit']
const conditions = ['atLeast(order.total, "10.00 CNY")', 'order.attributes.rush == true', 'order.lineCount > 1']

const ladder = (fallbacks: readonly string[]) =>
  fc.record({
    first: fc.constantFrom({ after: '2h', remind: 'owner' }, { after: '2h', remind: 'owner', every: '3h' }),
    second: fc.constantFrom({ after: '1d', escalate: 'manager' }, { after: '1d', transfer: 'manager' }),
    fallback: fc.constantFrom(...fallbacks),
  })

const rungs = ({ first, second, fallback }: { first: Content; second: Content; fallback: string }) => [
  first,
  second,
  { after: '3d', fallback },
]

const shape = fc.record({
  kind: fc.constantFrom('task', 'call', 'call', 'wait', 'wait'),
  after: fc.array(fc.nat(10), { maxLength: 2 }),
  when: fc.option(fc.constantFrom(...conditions), { nil: undefined, freq: 4 }),
  status: fc.constantFrom(...statuses),
  fact: fc.constantFrom(...Object.keys(waits)),
  operation: fc.constantFrom(...Object.keys(calls)),
  onFailure: fc.constantFrom('review', 'cancel', 'continue'),
  onReject: fc.constantFrom('cancel', 'review', 'back'),
  partial: fc.constantFrom(undefined, 'wait', 'cancel'),
  stopsAll: fc.boolean(),
  ladder: ladder(['cancel', 'review', 'continue']),
})

const facts = ['payment.received', 'stock.short', 'shipment.lost', 'customer.cancelled', 'supplier.delayed']

export const randomDefinition = fc
  .record({
    flow: fc.constantFrom('outbound', 'outbound', 'inbound', 'return', 'none'),
    shapes: fc.array(shape, { minLength: 1, maxLength: 5 }),
    actions: fc.tuple(...facts.map(() => fc.constantFrom('record', 'record', 'ignore', 'ignore', 'review', 'cancel'))),
    holds: fc.tuple(ladder(['cancel', 'review', 'release']), ladder(['cancel', 'review', 'release'])),
    calendar: fc.constantFrom('wall-clock', 'cn-office'),
  })
  .map(({ flow, shapes, actions, holds, calendar }) => {
    const steps: Content[] = []
    for (const one of shapes) steps.push(stepOf(one, steps))
    return definitionOf({
      flow,
      calendar,
      steps,
      on: Object.fromEntries(facts.map((fact, index) => [fact, actions[index]])),
      holds: {
        all: { owner: 'role:order-desk', blocks: { steps: 'all', commands: ['approve'] }, ladder: rungs(holds[0]) },
        some: { owner: 'role:finance', blocks: { steps: ['s1'], commands: [] }, ladder: rungs(holds[1]) },
      },
    })
  })

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never

function stepOf(one: Shape, before: readonly Content[]): Content {
  const after = [...new Set(one.after.map(index => before[index % (before.length + 1)]?.id).filter(Boolean))]
  const base: Content = {
    id: `s${before.length + 1}`,
    status: one.status,
    after,
    owner: 'role:finance',
    stopsAll: one.stopsAll,
    ...(one.when === undefined ? {} : { when: one.when }),
  }
  switch (one.kind) {
    case 'task': {
      const back = one.onReject === 'back' ? { send_back: after[0] ?? base.id } : one.onReject
      return { ...base, kind: 'task', onReject: back, ladder: rungs(one.ladder) }
    }
    case 'call':
      return {
        ...base,
        kind: 'call',
        do: one.operation,
        ...calls[one.operation],
        onFailure: one.onFailure,
        retry: { giveUpAfter: '30m' },
        ...(one.partial === undefined ? {} : { partial: { mode: one.partial, ladder: rungs(one.ladder) } }),
      }
    default:
      return { ...base, kind: 'wait', fact: one.fact, ...waits[one.fact], ladder: rungs(one.ladder) }
  }
}
