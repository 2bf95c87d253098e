import { sql } from 'kysely'
import type { Title } from '../domain/definition/compiled-definition.ts'
import type { Db, Tx } from './database.ts'
import { toJsonText } from './json-text.ts'
import type { OrderKey } from './orders.ts'
import { type Page, type PageRequest, readCursor, toPage } from './page.ts'

/** Something that an owner has to move on. */
export interface TaskRow {
  /** What it is about, unique within its order: `step:approval`, `review:payment`, `hold:1`. */
  readonly subject: string
  readonly kind: 'task' | 'wait' | 'call' | 'review' | 'hold' | 'proposal'
  readonly step: string | null
  /** `role:finance`, or the id of a person. */
  readonly owner: string
  /** The role whose it was before its owner claimed it. */
  readonly pool: string | null
  readonly status: string
  readonly enteredAt: string
  readonly dueAt: string | null
  /** Holidays that nobody knows yet may move it. */
  readonly provisional: boolean
  readonly title: Title
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
      const ofOwners = sql<boolean>`owner = any(${owners}::text[])`
      let query = db
        .selectFrom('tasks')
        .selectAll()
        .where('organisation', '=', organisation)
        .where(pool === undefined ? ofOwners : sql<boolean>`(${ofOwners} or pool = ${pool})`)
        .orderBy('dueAt', direction => direction.asc().nullsLast())
        .orderBy('orderNo')
        .orderBy('subject')
        .limit(limit + 1)
      if (cursor !== undefined) query = query.where(after(cursor))
      return toPage(await query.execute(), limit, row => [row.dueAt, row.orderNo, row.subject])
    },
  }
}

function after(cursor: string) {
  const [dueAt, orderNo, subject] = readCursor(cursor, ['time or null', 'text', 'text'])
  const later = sql<boolean>`(order_no, subject) > (${orderNo}, ${subject})`
  if (dueAt === null) return sql<boolean>`due_at is null and ${later}`
  return sql<boolean>`(due_at is null or due_at > ${dueAt} or (due_at = ${dueAt} and ${later}))`
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
