import { type ExpressionBuilder, sql } from 'kysely'
import type { ExceptionClock } from '../domain/exception/climb.ts'
import type { ExceptionStatus } from '../domain/exception/kind.ts'
import type { ExceptionRow as ProjectedException } from '../domain/view/exception-rows.ts'
import type { Db, Tables, Tx } from './database.ts'
import { toJsonText } from './json-text.ts'
import type { OrderKey } from './orders.ts'

/** As an order's projection says it, or as somebody has acknowledged it since. */
export interface ExceptionRow extends Omit<ProjectedException, 'status'> {
  readonly status: ExceptionStatus
}

export interface StoredException extends ExceptionRow {
  readonly organisation: string
  /** Null for what belongs to no order: a ghost, for instance. */
  readonly orderNo: string | null
  readonly lastSeenAt: string
  readonly acknowledgedBy: string | null
  readonly acknowledgedAt: string | null
  readonly resolvedBy: string | null
  /** Which climb of its ladder this is, since when, and how far it is: the clock's business (store/exception-clock.ts). */
  readonly climb: number
  readonly climbsSince: string
  readonly clock: ExceptionClock | null
  readonly dueAt: string | null
}

/** The columns of one that is seen for the first time. */
export function newValues(row: ExceptionRow & { readonly organisation: string; readonly orderNo: string | null }) {
  const { organisation, orderNo, id, kind, severity, step, owner, openedAt, count } = row
  return {
    ...{ organisation, orderNo, id, kind, severity, step, owner, openedAt, count, status: 'open' as const },
    evidence: toJsonText(row.evidence),
    lastSeenAt: openedAt,
    climbsSince: openedAt,
  }
}

/** The columns that set its ladder back to its beginning; an exception that is resolved has none. */
export function newClimb(at: string) {
  return { climb: sql<number>`climb + 1`, climbsSince: at, clock: null, dueAt: null }
}

export function ofException(organisation: string, id: string) {
  return ({ and, eb }: ExpressionBuilder<Tables, 'exceptions'>) =>
    and([eb('organisation', '=', organisation), eb('id', '=', id)])
}

/** Locked until the transaction ends, so that one change follows the other. */
export async function lockException(tx: Tx, organisation: string, id: string): Promise<StoredException | null> {
  const row = await tx
    .selectFrom('exceptions')
    .selectAll()
    .where(ofException(organisation, id))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
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
