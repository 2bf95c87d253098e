import type { JournalledOrder } from '../domain/audit/audit-order.ts'
import { type AuditReport, auditOrders } from '../domain/audit/audit-report.ts'
import { upcastDefinition, upcastEvents } from '../domain/core/events/upcast.ts'
import type { AuditFilter } from '../store/audit-source.ts'
import type { Store } from '../store/open-store.ts'
import type { OrderInput } from '../workflows/messages.ts'

/** Recomputes the silence bound from the journals in the store: no workflow is asked. */
export function audit(store: Pick<Store, 'journals'>, filter: AuditFilter, now: string): Promise<AuditReport> {
  return auditOrders(journalled(store, filter), now, filter.since)
}

async function* journalled(store: Pick<Store, 'journals'>, filter: AuditFilter): AsyncGenerator<JournalledOrder> {
  for await (const { organisation, orderNo, startInput, createdAt, events } of store.journals(filter)) {
    const { definition } = startInput as OrderInput
    yield {
      organisation,
      orderNo,
      definition: upcastDefinition(definition),
      acceptedAt: createdAt,
      events: upcastEvents(events),
    }
  }
}
