import type { ExceptionRow } from '../../store/exceptions.ts'
import type { JournalEvent } from '../../store/journal.ts'
import type { Store } from '../../store/open-store.ts'
import type { NewOrder } from '../../store/orders.ts'
import type { Projection } from '../../store/projection.ts'
import type { TaskRow } from '../../store/tasks.ts'

export const noon = '2026-03-02T12:00:00.000Z'

/** A time that many minutes from noon. */
export function minutes(count: number): string {
  return new Date(Date.parse(noon) + count * 60_000).toISOString()
}

export function sampleOrder(organisation: string, orderNo: string, more: Partial<NewOrder> = {}): NewOrder {
  return {
    organisation,
    orderNo,
    contentHash: `hash of ${orderNo}`,
    content: { orderNo, lines: [{ sku: 'tea' }] },
    processId: 'sales',
    processVersion: 1,
    startInput: { order: orderNo },
    placedBy: 'shop',
    customerId: 'customer-1',
    skus: ['tea'],
    createdAt: noon,
    ...more,
  }
}

export function sampleEvent(seq: number, more: Partial<JournalEvent> = {}): JournalEvent {
  return { seq, at: minutes(seq), type: 'step.entered', actor: 'sun', data: { step: 'approval', round: 1 }, ...more }
}

export function sampleTask(more: Partial<TaskRow> = {}): TaskRow {
  return {
    subject: 'step:approval',
    kind: 'task',
    step: 'approval',
    owner: 'role:finance',
    pool: null,
    status: 'pending_approval',
    enteredAt: noon,
    dueAt: minutes(60),
    provisional: false,
    title: { en: 'Approval', zh: '审批' },
    ...more,
  }
}

export function sampleException(id: string, more: Partial<ExceptionRow> = {}): ExceptionRow {
  return {
    id,
    kind: 'overdue',
    severity: 'warning',
    step: 'approval',
    owner: 'role:finance',
    status: 'open',
    evidence: { expected: 'a decision', seen: 'nothing', since: noon },
    openedAt: noon,
    count: 1,
    outcome: null,
    note: null,
    resolvedAt: null,
    ...more,
  }
}

/** What a projection says after the last of some events, unless told otherwise. */
export function sampleProjection(events: readonly JournalEvent[], more: Partial<Projection> = {}): Projection {
  const last = events.at(-1)!
  return {
    state: { seqs: events.map(event => event.seq) },
    view: { text: 'waits for approval' },
    status: 'pending_approval',
    seq: last.seq,
    asOf: last.at,
    steps: ['approval'],
    owners: ['role:finance'],
    dueAt: null,
    provisional: false,
    exceptions: [],
    tasks: [],
    closedAt: null,
    takenFacts: [],
    ...more,
  }
}

/** An order with one event and this projection. */
export async function placeOrder(
  store: Store,
  organisation: string,
  orderNo: string,
  projection: Partial<Projection> = {},
  order: Partial<NewOrder> = {},
): Promise<void> {
  await store.insertOrder(sampleOrder(organisation, orderNo, order))
  await store.append({ organisation, orderNo, events: [sampleEvent(1)] }, (_state, events) =>
    sampleProjection(events, projection),
  )
}
