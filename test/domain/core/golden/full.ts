import { showcase } from '../../../../domain/behaviour/showcase.ts'
import type { CompiledCalendar } from '../../../../domain/calendar/compile-calendar.ts'
import type { Command } from '../../../../domain/core/commands/command.ts'
import type { Clock } from '../../../../domain/core/events/event.ts'
import type { OrderState } from '../../../../domain/core/state.ts'
import type { Fact } from '../../../../domain/fact.ts'
import type { Order } from '../../../../domain/order/order.ts'

/* One of everything, every field filled in: the types see to it that none is left out. */

/** Nothing may be left out. */
type Complete<T> = T extends readonly (infer Item)[]
  ? readonly Complete<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]-?: Complete<Exclude<T[Key], undefined>> }
    : T

const at = '2026-03-02T01:00:00.000Z'
const later = '2026-03-03T01:00:00.000Z'
const lines = [{ line: 1, sku: 'A', quantity: 2 }]
const standIn = 'role:sales'

export const fullOrder: Complete<Order> = {
  organisation: 'main',
  orderNo: 'G-1',
  customer: { id: 'c1', name: 'Customer' },
  currency: 'CNY',
  exponent: 2,
  lines: [{ line: 1, sku: 'A', quantity: 2, unitPriceMinor: 900_000 }],
  charges: [{ type: 'discount', amountMinor: -100 }],
  attributes: { channel: 'web' },
  placedBy: 'shop',
  returnOf: { orderNo: 'G-0', ceilings: [{ sku: 'A', quantity: 2 }], refundableMinor: 1_799_900 },
  splitFrom: 'G-00',
  mergedFrom: ['G-01', 'G-02'],
}

export const fullCalendar: Complete<CompiledCalendar> = {
  id: 'office',
  title: { en: 'Office', zh: '办公' },
  timeZone: 'Asia/Shanghai',
  horizon: '2026-12-31',
  horizonAt: '2026-12-31T16:00:00.000Z',
  dayMs: 28_800_000,
  weekly: [[540, 1020], [540, 1020], [540, 1020], [540, 1020], [540, 1020], [], []],
  special: [[20_500], [20_501, 540, 1020]],
  offsets: [[0, 480]] as unknown as Complete<CompiledCalendar>['offsets'],
}

export const fullCommand: Extract<Command, { type: 'override' }> = {
  type: 'override',
  id: 'command-1',
  reason: 'the carrier has called',
  expectedSeq: 7,
  status: 'delivered',
  evidence: 'signed slip',
  step: 'signing',
  data: { parcel: 'P1', lines: [{ line: 1, sku: 'A', quantity: 2 }], amount: '1.00' },
}

const clock: Complete<Clock> = {
  rung: 1,
  since: at,
  usedMs: 1000,
  repeats: 1,
  repeatedAt: at,
  dueAt: later,
  next: 'repeat',
  provisional: true,
  paused: true,
  checking: true,
}

const fact: Complete<Fact> = {
  id: 'f1',
  source: 'carrier',
  type: 'shipment.delivered',
  claimedAt: at,
  parcel: 'P1',
  lines,
  amountMinor: 100,
  note: 'at the door',
}

export const fullState = {
  schemaVersion: 1,
  order: fullOrder,
  process: { id: 'sales', version: 1 },
  flow: 'outbound',
  seq: 40,
  at,
  openedAt: at,
  closed: { status: 'completed', at: later, into: ['G-1-1', 'G-1-2'] },
  steps: {
    signing: {
      state: 'active',
      round: 2,
      owner: 'luo',
      pool: standIn,
      enteredAt: at,
      startedSeq: 12,
      effect: 'done',
      did: { effect: 'deliver', amountMinor: 100, lines, parcels: [{ id: 'P1', lines }], implied: lines },
      undoFailed: true,
      doneBy: 'luo',
      error: 'no answer',
    },
  },
  lines: [{ line: 1, sku: 'A', ordered: 2, reserved: 2, shipped: 1, delivered: 1, returned: 0, cancelled: 0 }],
  parcels: { P1: { lines, state: 'shipped' } },
  money: { authorisedMinor: 1_799_900, capturedMinor: 1_799_900, refundedMinor: 0 },
  calls: {
    'signing/2/check': {
      step: 'signing',
      round: 2,
      kind: 'check',
      operation: 'carrier.track',
      key: 'main/G-1/signing/2',
      startedAt: at,
      giveUpAt: later,
      input: {
        currency: 'CNY',
        exponent: 2,
        amountMinor: 100,
        lines,
        parcels: [{ id: 'P1', lines }],
        customer: { id: 'c1', name: 'Customer' },
        attributes: { channel: 'web' },
      },
      cancelling: 'withdrawn',
    },
  },
  clocks: { 'step:signing': clock },
  definition: showcase,
  calendars: { office: fullCalendar },
  reviews: {
    r1: {
      scope: 'step',
      step: 'signing',
      code: 'gave_up',
      message: 'no answer',
      owner: 'he',
      pool: 'role:order-desk',
      openedAt: at,
    },
  },
  holds: { h1: { type: 'credit', owner: 'fang', by: 'he', reason: 'unpaid', at } },
  proposals: {
    p1: {
      command: fullCommand,
      by: 'he',
      roles: ['order-desk'],
      at,
      confirm: { roles: ['ops-manager'], within: '1d', levels: 2 },
      lapsesAt: later,
      confirmedBy: ['ling'],
    },
  },
  notices: {
    n1: { subject: 'step:signing', target: 'owner', owner: 'luo', level: 1, about: 'remind', at, seq: 30 },
  },
  unanswered: { 'step:signing': { height: 1, times: 2, raised: 1 } },
  exceptions: {
    e1: {
      kind: 'overdue',
      step: 'signing',
      owner: 'luo',
      evidence: { expected: 'signed for', seen: 'nothing', since: at },
      openedAt: at,
      count: 2,
    },
  },
  compensation: { goal: { kind: 'close', status: 'cancelled' }, steps: ['signing'], reason: 'called off', by: 'he' },
  successors: {
    phase: 'begun',
    parts: [{ orderNo: 'G-1-1', lines, charges: [{ type: 'discount', amountMinor: -50 }] }],
    since: at,
    orders: ['G-1-1', 'G-1-2'],
  },
  earlyFacts: [fact],
  factIds: ['carrier/f0', 'carrier/f1'],
  commands: [{ id: 'command-1', seq: 9 }],
  counted: { reviews: 1, holds: 1, notices: 1, exceptions: 1 },
  merging: {
    role: 'lead',
    merge: 'G-1/7',
    into: 'G-1-1',
    phase: 'undoing',
    own: {
      lines: [{ sku: 'A', quantity: 2, unitPriceMinor: 900_000 }],
      charges: [{ type: 'discount', amountMinor: -100 }],
    },
    members: {
      'G-2': { stands: 'agreed', share: { lines: [{ sku: 'B', quantity: 1, unitPriceMinor: 50 }], charges: [] } },
    },
    caller: {
      actor: 'he',
      roles: ['order-desk'],
      organisation: 'main',
      matrixVersion: 'standard/1',
      allowed: [{ statuses: 'open' }],
    },
    lapsesAt: later,
  },
} as const satisfies Omit<Complete<OrderState>, 'proposals' | 'definition' | 'merging'> &
  Pick<OrderState, 'proposals' | 'definition' | 'merging'>
