import { type ExpressionBuilder, sql } from 'kysely'
import type { Db, Tables, Tx } from './database.ts'
import { toJsonText } from './json-text.ts'
import type { OrderKey } from './orders.ts'

export type ExceptionStatus = 'open' | 'acknowledged' | 'resolved'
export type ExceptionOutcome = 'fixed' | 'false_positive' | 'accepted'

export interface ExceptionRow {
  /** Unique within the organisation, not only within the order. */
  readonly id: string
  readonly kind: string
  readonly severity: string
  readonly step: string | null
  readonly owner: string
  readonly status: ExceptionStatus
  readonly evidence: unknown
  readonly openedAt: string
  /** How often it was seen. */
  readonly count: number
  readonly outcome: ExceptionOutcome | null
  readonly note: string | null
  readonly resolvedAt: string | null
}

export interface StoredException extends ExceptionRow {
  readonly organisation: string
  /** Null for what belongs to no order: a ghost, for instance. */
  readonly orderNo: string | null
}

/** As a projection brings them. It never takes back that a person acknowledged or resolved one. */
export async function writeExceptions(tx: Tx, key: OrderKey, exceptions: readonly ExceptionRow[]): Promise<void> {
  if (exceptions.length === 0) return
  await tx
    .insertInto('exceptions')
    .values(exceptions.map(row => ({ ...toValues(row), organisation: key.organisation, orderNo: key.orderNo })))
    .onConflict(conflict =>
      conflict.columns(['organisation', 'id']).doUpdateSet(eb => ({
        severity: eb.ref('excluded.severity'),
        owner: eb.ref('excluded.owner'),
        evidence: eb.ref('excluded.evidence'),
        count: eb.ref('excluded.count'),
        status: sql<ExceptionStatus>`case when exceptions.status = 'resolved' or excluded.status = 'open'
          then exceptions.status else excluded.status end`,
        outcome: eb.fn.coalesce('exceptions.outcome', 'excluded.outcome'),
        note: eb.fn.coalesce('exceptions.note', 'excluded.note'),
        resolvedAt: eb.fn.coalesce('exceptions.resolvedAt', 'excluded.resolvedAt'),
      })),
    )
    .execute()
}

export function toValues(row: ExceptionRow) {
  const { id, kind, severity, step, owner, status, openedAt, count, outcome, note, resolvedAt } = row
  const evidence = toJsonText(row.evidence)
  return { id, kind, severity, step, owner, status, evidence, openedAt, count, outcome, note, resolvedAt }
}

/** For the `exceptions` column of the order's row. */
export function openExceptionKinds({ organisation, orderNo }: OrderKey) {
  return sql<string[]>`array(select distinct kind from exceptions where organisation = ${organisation}
    and order_no = ${orderNo} and status <> 'resolved' order by kind)`
}

/** Changes an exception and the list on its order's row together; rows are locked in the order that `append` locks them. */
export function changeException<T>(
  db: Db,
  organisation: string,
  orderNo: string | null,
  change: (tx: Tx) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async tx => {
    if (orderNo === null) return change(tx)
    const ofOrder = ({ and, eb }: ExpressionBuilder<Tables, 'orders'>) =>
      and([eb('organisation', '=', organisation), eb('orderNo', '=', orderNo)])
    await tx.selectFrom('orders').select('seq').where(ofOrder).forUpdate().execute()
    const result = await change(tx)
    const exceptions = openExceptionKinds({ organisation, orderNo })
    await tx.updateTable('orders').set({ exceptions }).where(ofOrder).execute()
    return result
  })
}
