import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from './database.ts'
import { toJsonText } from './json-text.ts'

export interface OrderKey {
  readonly organisation: string
  readonly orderNo: string
}

/** An order as it is accepted, before its workflow is started. */
export interface NewOrder extends OrderKey {
  /** Of the content: the same number with another hash is another order. */
  readonly contentHash: string
  readonly content: unknown
  readonly processId: string
  readonly processVersion: number
  /** What its workflow is started with, so that a sweep can start it. */
  readonly startInput: unknown
  readonly placedBy: string
  readonly customerId: string | null
  readonly skus: readonly string[]
  readonly createdAt: string
}

export interface OrderRow extends NewOrder {
  /** When its workflow was first known to be started. */
  readonly startedAt: string | null
  readonly status: string
  /** The core's state after `seq`; null while nothing has been projected. */
  readonly state: unknown
  /** What the API shows; null while nothing has been projected. */
  readonly view: unknown
  /** The last event journalled and projected; 0 for none yet. */
  readonly seq: number
  readonly asOf: string | null
  readonly steps: readonly string[]
  readonly owners: readonly string[]
  readonly dueAt: string | null
  /** Kinds of its exceptions that are not resolved. */
  readonly exceptions: readonly string[]
  readonly closedAt: string | null
}

export type OrderInsertion = { readonly inserted: true } | { readonly inserted: false; readonly existing: OrderRow }

export interface OrderStore {
  /** Of any number of callers with one order number, one inserts; the others are given what is there. */
  insertOrder(order: NewOrder): Promise<OrderInsertion>
  getOrder(organisation: string, orderNo: string): Promise<OrderRow | null>
  /** Those of these order numbers that an order has. */
  takenNumbers(organisation: string, orderNos: readonly string[]): Promise<readonly string[]>
  /** The first time stands. */
  markStarted(organisation: string, orderNo: string, startedAt: string): Promise<void>
  /** Until `minSeq` is projected or the time is up: the seq then stored, or null for an unknown order. */
  waitForSeq(organisation: string, orderNo: string, minSeq: number, timeoutMs: number): Promise<number | null>
}

export const orderColumns = [
  'organisation',
  'orderNo',
  'contentHash',
  'content',
  'processId',
  'processVersion',
  'startInput',
  'placedBy',
  'customerId',
  'skus',
  'createdAt',
  'startedAt',
  'status',
  'state',
  'view',
  'seq',
  'asOf',
  'steps',
  'owners',
  'dueAt',
  'exceptions',
  'closedAt',
] as const satisfies readonly (keyof OrderRow)[]

const pollMs = 50

export function orderStore(db: Db): OrderStore {
  const getOrder: OrderStore['getOrder'] = async (organisation, orderNo) => {
    const row = await db
      .selectFrom('orders')
      .select(orderColumns)
      .where('organisation', '=', organisation)
      .where('orderNo', '=', orderNo)
      .executeTakeFirst()
    return row ?? null
  }

  return {
    getOrder,

    async insertOrder(order) {
      const row = await db
        .insertInto('orders')
        .values({
          organisation: order.organisation,
          orderNo: order.orderNo,
          contentHash: order.contentHash,
          content: toJsonText(order.content),
          processId: order.processId,
          processVersion: order.processVersion,
          startInput: toJsonText(order.startInput),
          placedBy: order.placedBy,
          customerId: order.customerId,
          skus: order.skus,
          createdAt: order.createdAt,
        })
        .onConflict(conflict => conflict.columns(['organisation', 'orderNo']).doNothing())
        .returning('orderNo')
        .executeTakeFirst()
      if (row !== undefined) return { inserted: true }
      // Orders are never deleted, and DO NOTHING has waited for whoever was inserting: the row is there.
      return { inserted: false, existing: (await getOrder(order.organisation, order.orderNo))! }
    },

    async takenNumbers(organisation, orderNos) {
      const rows = await db
        .selectFrom('orders')
        .select('orderNo')
        .where('organisation', '=', organisation)
        .where('orderNo', 'in', [...orderNos])
        .execute()
      return rows.map(({ orderNo }) => orderNo)
    },

    async markStarted(organisation, orderNo, startedAt) {
      // A caller waits for this, and it need not be on the disk before it is answered: an order whose note is lost with
      // the server is started again by the sweep, which changes nothing.
      await sql`with hint as (select set_config('synchronous_commit', 'off', true))
        update orders set started_at = ${startedAt} from hint
        where organisation = ${organisation} and order_no = ${orderNo} and started_at is null`.execute(db)
    },

    async waitForSeq(organisation, orderNo, minSeq, timeoutMs) {
      const endsAt = performance.now() + timeoutMs
      for (;;) {
        const row = await db
          .selectFrom('orders')
          .select('seq')
          .where('organisation', '=', organisation)
          .where('orderNo', '=', orderNo)
          .executeTakeFirst()
        const leftMs = endsAt - performance.now()
        if (row === undefined) return null
        if (row.seq >= minSeq || leftMs <= 0) return row.seq
        await pause(Math.min(pollMs, leftMs))
      }
    },
  }
}
