import { auditOrder, type JournalledOrder, type JournalSilence } from './audit-order.ts'
import type { WaitKind } from './silence-bound.ts'

/** Whether real orders were ever silent for longer than they may be. */
export interface AuditReport {
  readonly result: 'kept' | 'broken'
  /** Open orders were counted up to here. */
  readonly until: string
  readonly orders: number
  readonly open: number
  readonly events: number
  readonly longest: Readonly<Partial<Record<WaitKind, JournalSilence>>>
  /** Every silence that was too long, order by order. */
  readonly broken: readonly JournalSilence[]
}

/** Audits orders one after the other; only what it found is kept. */
export async function auditOrders(
  orders: AsyncIterable<JournalledOrder>,
  now: string,
  since?: string,
): Promise<AuditReport> {
  const longest: Partial<Record<WaitKind, JournalSilence>> = {}
  const broken: JournalSilence[] = []
  let [count, open, events] = [0, 0, 0]
  for await (const order of orders) {
    const audit = auditOrder(order, now, since)
    count += 1
    events += order.events.length
    if (audit.open) open += 1
    broken.push(...audit.broken)
    for (const silence of audit.longest) {
      if (silence.workingMs > (longest[silence.kind]?.workingMs ?? -1)) longest[silence.kind] = silence
    }
  }
  return { result: broken.length === 0 ? 'kept' : 'broken', until: now, orders: count, open, events, longest, broken }
}
