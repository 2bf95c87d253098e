import { sql } from 'kysely'
import type { Db, Tx } from './database.ts'
import { toJsonText } from './json-text.ts'

/** `told`: the clock fired a rung. `lapsed`: an acknowledgement no longer holds. `seen`: once more, and it looks different. */
export const exceptionChanges = ['raised', 'seen', 'told', 'acknowledged', 'lapsed', 'resolved', 'reopened'] as const
export type ExceptionChange = (typeof exceptionChanges)[number]

export interface ExceptionHistoryEntry {
  readonly organisation: string
  readonly exception: string
  readonly seq: number
  readonly at: string
  readonly type: ExceptionChange
  /** A person, `clock`, `order` (its own journal says so), `sweep`, or `rule:<id>`. */
  readonly actor: string
  readonly note: string | null
  readonly data: Readonly<Record<string, unknown>>
}

export type ExceptionHappening = Pick<ExceptionHistoryEntry, 'at' | 'type' | 'actor'> &
  Partial<Pick<ExceptionHistoryEntry, 'note' | 'data'>>

/** Only while the exception's row is locked: so the entries are numbered one after the other. */
export async function writeHistory(
  tx: Tx,
  organisation: string,
  exception: string,
  { at, type, actor, note = null, data = {} }: ExceptionHappening,
): Promise<void> {
  const seq = sql<number>`(select coalesce(max(seq), 0) + 1 from exception_history
    where organisation = ${organisation} and exception = ${exception})`
  await tx
    .insertInto('exceptionHistory')
    .values({ organisation, exception, seq, at, type, actor, note, data: toJsonText(data) })
    .execute()
}

/** Oldest first. */
export function readHistory(db: Db, organisation: string, exception: string) {
  return db
    .selectFrom('exceptionHistory')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('exception', '=', exception)
    .orderBy('seq')
    .execute()
}
