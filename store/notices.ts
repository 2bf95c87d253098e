import { sql } from 'kysely'
import type { Db } from './database.ts'
import { toJsonText } from './json-text.ts'
import { type Page, type PageRequest, readCursor, toPage } from './page.ts'

/** A message in a person's inbox. */
export interface NoticeRow {
  readonly organisation: string
  readonly id: string
  readonly orderNo: string | null
  readonly person: string
  readonly channel: string
  readonly subject: unknown
  readonly at: string
}

export interface NoticeFilter extends PageRequest {
  readonly organisation: string
  readonly person: string
}

export interface NoticeStore {
  /** The same notice to the same person by the same channel is stored once; answers how many were new. */
  insertNotices(notices: readonly NoticeRow[]): Promise<number>
  /** Newest first. @throws CursorInvalid */
  listNotices(filter: NoticeFilter): Promise<Page<NoticeRow>>
}

export function noticeStore(db: Db): NoticeStore {
  return {
    async insertNotices(notices) {
      if (notices.length === 0) return 0
      const rows = await db
        .insertInto('notices')
        .values(
          notices.map(({ organisation, id, orderNo, person, channel, subject, at }) => ({
            organisation,
            id,
            orderNo,
            person,
            channel,
            subject: toJsonText(subject),
            at,
          })),
        )
        .onConflict(conflict => conflict.columns(['organisation', 'id', 'person', 'channel']).doNothing())
        .returning('id')
        .execute()
      return rows.length
    },

    async listNotices({ organisation, person, limit, cursor }) {
      let query = db
        .selectFrom('notices')
        .select(['organisation', 'id', 'orderNo', 'person', 'channel', 'subject', 'at'])
        .where('organisation', '=', organisation)
        .where('person', '=', person)
        .orderBy('at', 'desc')
        .orderBy('id')
        .orderBy('channel')
        .limit(limit + 1)
      if (cursor !== undefined) {
        const [at, id, channel] = readCursor(cursor, ['time', 'text', 'text'])
        query = query.where(sql<boolean>`at <= ${at} and (at < ${at} or (id, channel) > (${id}, ${channel}))`)
      }
      return toPage(await query.execute(), limit, row => [row.at, row.id, row.channel])
    },
  }
}
