import { type RawBuilder, sql } from 'kysely'
import type { TaskRow as ProjectedTask } from '../domain/view/task-rows.ts'
import type { Db, Tx } from './database.ts'
import { toJsonText } from './json-text.ts'
import type { OrderKey } from './orders.ts'
import { type Page, type PageRequest, readCursor, toPage } from './page.ts'

/** Something that an owner has to move on. */
export interface TaskRow extends Omit<ProjectedTask, 'status'> {
  readonly status: string
}

export interface StoredTask extends TaskRow, OrderKey {}

export interface TaskFilter extends PageRequest {
  readonly organisation: string
  /** A person's id and roles, for instance: a task of any of them. */
  readonly owners: readonly string[]
  /** Also those that somebody has claimed from this role. */
  readonly pool?: string
}

export interface TaskStore {
  /** Nearest deadline first, those without one last. @throws CursorInvalid */
  listTasks(filter: TaskFilter): Promise<Page<StoredTask>>
}

export function taskStore(db: Db): TaskStore {
  return {
    async listTasks({ organisation, owners, pool, limit, cursor }) {
      // Of each owner the first ones by the index; among those are the first ones of all.
      const order = sql`order by due_at, order_no, subject limit ${limit + 1}`
      const first = (of: RawBuilder<unknown>, rest: RawBuilder<unknown>) =>
        sql`(select * from tasks where organisation = ${organisation} and ${of} and ${rest} ${order})`
      const claimed = sql`pool = ${pool} and owner <> all(${owners}::text[])`
      const parts = restAfter(cursor).flatMap(rest => [
        sql`(select task.* from unnest(${owners}::text[]) as one (owner)
          cross join lateral ${first(sql`owner = one.owner`, rest)} as task)`,
        ...(pool === undefined ? [] : [first(claimed, rest)]),
      ])
      const { rows } = await sql<StoredTask>`
        select * from (${sql.join(parts, sql` union all `)}) as task ${order}`.execute(db)
      return toPage(rows, limit, row => [row.dueAt, row.orderNo, row.subject])
    },
  }
}

/** Each a part of the index, in which those without a deadline come last. */
function restAfter(cursor: string | undefined): RawBuilder<unknown>[] {
  if (cursor === undefined) return [sql`true`]
  const [dueAt, orderNo, subject] = readCursor(cursor, ['time or null', 'text', 'text'])
  if (dueAt === null) return [sql`due_at is null and (order_no, subject) > (${orderNo}, ${subject})`]
  return [sql`(due_at, order_no, subject) > (${dueAt}::timestamptz, ${orderNo}, ${subject})`, sql`due_at is null`]
}

export async function replaceTasks(tx: Tx, key: OrderKey, tasks: readonly TaskRow[]): Promise<void> {
  const { organisation, orderNo } = key
  await tx.deleteFrom('tasks').where('organisation', '=', organisation).where('orderNo', '=', orderNo).execute()
  if (tasks.length === 0) return
  await tx
    .insertInto('tasks')
    .values(
      tasks.map(({ subject, kind, step, owner, pool, status, enteredAt, dueAt, provisional, title }) => ({
        organisation,
        orderNo,
        subject,
        kind,
        step,
        owner,
        pool,
        status,
        enteredAt,
        dueAt,
        provisional,
        title: toJsonText(title),
      })),
    )
    .execute()
}
