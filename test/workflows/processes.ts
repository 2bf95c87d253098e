import type { CompiledCalendar } from '../../domain/calendar/compile-calendar.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { definitionOf } from '../domain/definitions.ts'

/* Processes for tests of the shell: what waits, waits for days, unless a test says otherwise. */

const patient = [
  { after: '1d', remind: 'owner' },
  { after: '3d', fallback: 'review' },
]
const retry = { initial: '100ms', backoff: 1, maximum: '100ms', giveUpAfter: '30m' }
const call = { kind: 'call', owner: 'role:finance', retry, onFailure: 'review' }

const approval = {
  id: 'approval',
  kind: 'task',
  status: 'pending_approval',
  when: 'atLeast(order.total, "100.00 CNY")',
  owner: 'role:sales-supervisor',
  ladder: patient,
}

const rules = {
  on: { 'customer.cancelled': 'cancel', 'supplier.delayed': 'record', 'stock.short': 'review' },
  holds: {
    customer: {
      owner: 'role:order-desk',
      blocks: { steps: 'all', commands: ['approve'] },
      release: ['role:order-desk', 'role:ops-manager'],
      ladder: patient,
    },
  },
}

const shopSteps: readonly Readonly<Record<string, unknown>>[] = [
  { ...approval, after: [] },
  {
    ...call,
    id: 'payment',
    status: 'pending_payment',
    after: ['approval'],
    do: 'payment.authorise',
    undo: 'payment.void',
  },
  {
    ...call,
    id: 'stock',
    status: 'pending_stock',
    after: ['approval'],
    do: 'inventory.reserve',
    undo: 'inventory.release',
    partial: { mode: 'wait', ladder: patient },
  },
  {
    ...call,
    id: 'shipment',
    status: 'pending_shipment',
    after: ['payment', 'stock'],
    do: 'shipment.create',
    undo: 'shipment.recall',
  },
  {
    ...call,
    id: 'capture',
    status: 'in_transit',
    after: ['shipment'],
    do: 'payment.capture',
    undo: 'payment.refund',
  },
  {
    id: 'signing',
    kind: 'wait',
    status: 'in_transit',
    after: ['shipment'],
    fact: 'shipment.delivered',
    irreversible: true,
    owner: 'role:logistics',
    ladder: patient,
  },
]

/**
 * Approval where it costs 100 CNY or more, payment and stock side by side, shipment, capture, signing. `changes`: what
 * is otherwise, of a step by its id, or of the whole process.
 */
export function shopWith(
  changes: Readonly<Record<string, object>> = {},
  process: Readonly<Record<string, unknown>> = {},
): CompiledDefinition {
  const steps = shopSteps.map(step => ({ ...step, ...changes[`${step.id}`] }))
  return definitionOf({ process: 'shop', flow: 'outbound', ...rules, steps, ...process })
}

export const shop = shopWith()

/** Paid and reserved, an order of more lines than this waits for a person before anything is shipped. */
export function pausingAbove(lines: number): CompiledDefinition {
  return shopWith({
    payment: { after: [] },
    stock: { after: [] },
    approval: { after: ['payment', 'stock'], when: `size(order.lines) > ${lines}` },
    shipment: { after: ['approval'] },
  })
}

/** Each chain of calls as one activity. */
export const shopInRuns = shopWith({}, { runs: true })

/** Done as soon as somebody approves. */
export const approvalOnly = definitionOf({ process: 'approval-only', flow: 'none', ...rules, steps: [approval] })

/** The same process with other rungs. */
export function approvalWith(ladder: readonly object[], process: Readonly<Record<string, unknown>> = {}) {
  const step = { ...approval, ladder }
  return definitionOf({ process: 'approval-only', flow: 'none', ...rules, steps: [step], ...process })
}

/** Below the threshold of the approval, and above it. */
export const cheap = { total: 15 }
export const dear = { total: 500 }

/** Those that a process goes by, with changes. */
export function newerCalendars(
  { calendars }: CompiledDefinition,
  parts: Partial<CompiledCalendar>,
): Record<string, CompiledCalendar> {
  return Object.fromEntries(Object.entries(calendars).map(([id, calendar]) => [id, { ...calendar, ...parts }]))
}
