import type { Db } from './database.ts'
import { type Page, type PageRequest, readCursor, toPage } from './page.ts'

/** A key as it is kept: of the key itself only the hash. */
export interface ApiKeyRow {
  readonly id: string
  /** SHA-256 of the key, in hexadecimal. */
  readonly hash: string
  readonly organisation: string
  readonly actor: string
  readonly kind: 'person' | 'service'
  /** Of a service; a person's are those of the directory. */
  readonly roles: readonly string[]
  readonly note: string | null
  readonly createdAt: string
  readonly createdBy: string
  /** Null: it stays good until it is revoked. */
  readonly expiresAt: string | null
  /** To the minute. */
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
  readonly revokedBy: string | null
}

export type NewApiKey = Omit<ApiKeyRow, 'lastUsedAt' | 'revokedAt' | 'revokedBy'>

export interface ApiKeyStore {
  insertApiKey(key: NewApiKey): Promise<void>
  findApiKey(hash: string): Promise<ApiKeyRow | null>
  /** Newest first, revoked and expired ones included. */
  listApiKeys(asked: PageRequest & { readonly organisation: string }): Promise<Page<ApiKeyRow>>
  /** The key as it then is; null: there is none. Revoked once, it stays as it was. */
  revokeApiKey(organisation: string, id: string, by: string, now: string): Promise<ApiKeyRow | null>
  touchApiKey(id: string, now: string): Promise<void>
  /** Every key that this service has or had. */
  keysOfService(organisation: string, actor: string): Promise<readonly ApiKeyRow[]>
  /** Of the services that have a key. */
  serviceRoles(organisation: string): Promise<readonly string[]>
}

export function apiKeyStore(db: Db): ApiKeyStore {
  return {
    async insertApiKey(key) {
      await db
        .insertInto('apiKeys')
        .values({ ...key, roles: [...key.roles] })
        .execute()
    },

    async findApiKey(hash) {
      return (await db.selectFrom('apiKeys').selectAll().where('hash', '=', hash).executeTakeFirst()) ?? null
    },

    async listApiKeys({ organisation, limit, cursor }) {
      let query = db.selectFrom('apiKeys').selectAll().where('organisation', '=', organisation)
      if (cursor !== undefined) {
        const [at, id] = readCursor(cursor, ['time', 'text']) as [string, string]
        query = query.where(where =>
          where.or([where('createdAt', '<', at), where.and([where('createdAt', '=', at), where('id', '>', id)])]),
        )
      }
      const rows = await query
        .orderBy('createdAt', 'desc')
        .orderBy('id')
        .limit(limit + 1)
        .execute()
      return toPage(rows, limit, row => [row.createdAt, row.id])
    },

    async revokeApiKey(organisation, id, by, now) {
      await db
        .updateTable('apiKeys')
        .set({ revokedAt: now, revokedBy: by })
        .where('organisation', '=', organisation)
        .where('id', '=', id)
        .where('revokedAt', 'is', null)
        .execute()
      const row = await db
        .selectFrom('apiKeys')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('id', '=', id)
        .executeTakeFirst()
      return row ?? null
    },

    async touchApiKey(id, now) {
      await db.updateTable('apiKeys').set({ lastUsedAt: now }).where('id', '=', id).execute()
    },

    keysOfService: (organisation, actor) =>
      db
        .selectFrom('apiKeys')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('actor', '=', actor)
        .where('kind', '=', 'service')
        .execute(),

    async serviceRoles(organisation) {
      const rows = await db
        .selectFrom('apiKeys')
        .select('roles')
        .where('organisation', '=', organisation)
        .where('kind', '=', 'service')
        .where('revokedAt', 'is', null)
        .execute()
      return rows.flatMap(({ roles }) => roles)
    },
  }
}
