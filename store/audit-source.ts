import { sql } from 'kysely'
import type { Db } from './database.ts'
import type { JournalEntry } from './journal.ts'
import type { OrderKey } from './orders.ts'

/** An order with its whole journal, for whoever examines what really happened. */
export interface JournalledRow extends OrderKey {
  readonly startInput: unknown
  readonly createdAt: string
  readonly events: readonly JournalEntry[]
}

export interface AuditFilter {
  readonly organisation?: string
  readonly processId?: string
  /** Orders that were closed before that are left out. */
  readonly since?: string
}

export interface AuditStore {
  /** Every order that fits, with its journal, in the order of their numbers; only a page of them is held at a time. */
  journals(filter: AuditFilter): AsyncGenerator<JournalledRow>
}

const ordersAtOnce = 100

export function auditStore(db: Db): AuditStore {
  return {
    async *journals({ organisation, processId, since }) {
      let after: OrderKey | undefined
      for (;;) {
        let query = db
          .selectFrom('orders')
          .select(['organisation', 'orderNo', 'startInput', 'createdAt'])
          .orderBy('organisation')
          .orderBy('orderNo')
          .limit(ordersAtOnce)
        if (organisation !== undefined) query = query.where('organisation', '=', organisation)
        if (processId !== undefined) query = query.where('processId', '=', processId)
        if (since !== undefined) {
          query = query.where(eb => eb.or([eb('closedAt', 'is', null), eb('closedAt', '>=', since)]))
        }
        if (after !== undefined) {
          query = query.where(sql<boolean>`(organisation, order_no) > (${after.organisation}, ${after.orderNo})`)
        }
        const orders = await query.execute()
        const journals = await journalsOf(db, orders)
        for (const order of orders) yield { ...order, events: journals.get(idOf(order)) ?? [] }
        after = orders.at(-1)
        if (orders.length < ordersAtOnce) return
      }
    },
  }
}

async function journalsOf(db: Db, orders: readonly OrderKey[]): Promise<Map<string, JournalEntry[]>> {
  if (orders.length === 0) return new Map()
  const wanted = sql.join(orders.map(({ organisation, orderNo }) => sql`(${organisation}, ${orderNo})`))
  const entries = await db
    .selectFrom('journal')
    .selectAll()
    .where(sql<boolean>`(organisation, order_no) in (${wanted})`)
    .orderBy('organisation')
    .orderBy('orderNo')
    .orderBy('seq')
    .execute()
  return Map.groupBy(entries, idOf)
}

function idOf({ organisation, orderNo }: OrderKey): string {
  return `${organisation}/${orderNo}`
}
