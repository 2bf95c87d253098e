import { sql } from 'kysely'
import type { ExceptionClock } from '../domain/exception/climb.ts'
import type { Db } from './database.ts'
import { type ExceptionHappening, writeHistory } from './exception-history.ts'
import { newClimb, ofException, type StoredException } from './exceptions.ts'
import { toJsonText } from './json-text.ts'

/** What the clock made of an exception: recorded only if nobody has changed it since it was read. */
export interface ClockRecord {
  readonly clock: ExceptionClock | null
  readonly dueAt: string | null
  /** Absent: nobody was told anything. */
  readonly happened?: ExceptionHappening
}

/** For the clock of each organisation's exceptions. `processOwner`: of the order that it belongs to. */
export type DueException = StoredException & {
  readonly processId: string | null
  readonly processVersion: number | null
}

export interface ExceptionClockStore {
  /** Not resolved, and due or never looked at yet; those that were due first come first. */
  dueExceptions(organisation: string, now: string, limit: number): Promise<readonly DueException[]>
  /** When the clock has to come back: at once, where it has not looked at one yet; null: nothing is open. */
  nextExceptionDue(organisation: string): Promise<string | null>
  /** False: somebody has said something of it meanwhile. */
  recordClock(exception: StoredException, record: ClockRecord): Promise<boolean>
  /** An acknowledgement no longer holds: it is open again. */
  recordLapse(exception: StoredException, at: string): Promise<boolean>
  /** Whose clock has something to do now. */
  organisationsWithDueExceptions(now: string): Promise<readonly string[]>
}

export function exceptionClockStore(db: Db): ExceptionClockStore {
  return {
    dueExceptions: (organisation, now, limit) =>
      db
        .selectFrom('exceptions')
        .leftJoin('orders', join =>
          join
            .onRef('orders.organisation', '=', 'exceptions.organisation')
            .onRef('orders.orderNo', '=', 'exceptions.orderNo'),
        )
        .selectAll('exceptions')
        .select(['orders.processId', 'orders.processVersion'])
        .where('exceptions.organisation', '=', organisation)
        .where('exceptions.status', '!=', 'resolved')
        .where(sql<boolean>`(exceptions.due_at is null or exceptions.due_at <= ${now})`)
        .orderBy(sql`exceptions.due_at nulls first`)
        .orderBy('exceptions.id')
        .limit(limit)
        .execute(),

    async nextExceptionDue(organisation) {
      const row = await db
        .selectFrom('exceptions')
        .select(sql<string | null>`min(coalesce(due_at, climbs_since))`.as('dueAt'))
        .where('organisation', '=', organisation)
        .where('status', '!=', 'resolved')
        .executeTakeFirst()
      return row?.dueAt ?? null
    },

    recordClock: ({ organisation, id, status, climb, dueAt }, record) =>
      db.transaction().execute(async tx => {
        const recorded = await tx
          .updateTable('exceptions')
          .set({ clock: record.clock === null ? null : toJsonText(record.clock), dueAt: record.dueAt })
          .where(ofException(organisation, id))
          .where('status', '=', status)
          .where('climb', '=', climb)
          .where('dueAt', 'is not distinct from', dueAt)
          .returning('id')
          .executeTakeFirst()
        if (recorded === undefined) return false
        if (record.happened !== undefined) await writeHistory(tx, organisation, id, record.happened)
        return true
      }),

    recordLapse: ({ organisation, id, climb }, at) =>
      db.transaction().execute(async tx => {
        const lapsed = await tx
          .updateTable('exceptions')
          .set({ status: 'open', acknowledgedBy: null, acknowledgedAt: null, ...newClimb(at) })
          .where(ofException(organisation, id))
          .where('status', '=', 'acknowledged')
          .where('climb', '=', climb)
          .returning('id')
          .executeTakeFirst()
        if (lapsed === undefined) return false
        await writeHistory(tx, organisation, id, { at, type: 'lapsed', actor: 'clock' })
        return true
      }),

    async organisationsWithDueExceptions(now) {
      const rows = await db
        .selectFrom('exceptions')
        .select('organisation')
        .distinct()
        .where('status', '!=', 'resolved')
        .where(sql<boolean>`(due_at is null or due_at <= ${now})`)
        .orderBy('organisation')
        .execute()
      return rows.map(row => row.organisation)
    },
  }
}
