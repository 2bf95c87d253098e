import { join } from 'node:path'
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import type { Db, Tables } from '../database.ts'
import { lockFolder } from './folder-lock.ts'
import { guardedPool, type RawPool } from './guarded-pool.ts'
import { inMemory, pglitePool } from './pglite-pool.ts'
import { type PostgresLimits, postgresPool } from './postgres-pool.ts'

export interface StoreOptions {
  /** A PostgreSQL server; without one, an embedded PGlite in the data folder. */
  readonly databaseUrl?: string
  /** `memory://`: kept nowhere. */
  readonly dataFolder: string
  /** What one in memory begins with: a dump of PGlite's, which is there much sooner than a new database. */
  readonly template?: Blob
}

export interface Connected {
  readonly db: Db
  /** Waits for what is under way. */
  readonly close: () => Promise<void>
}

/**
 * The database as it is. The limits are for a server.
 * @throws StoreUnavailable, or FolderInUse if another process has the data folder's store open
 */
export async function connect(options: StoreOptions, limits: PostgresLimits): Promise<Connected> {
  const { databaseUrl, dataFolder, template } = options
  if (databaseUrl) return connected(postgresPool(databaseUrl, limits))
  if (dataFolder === inMemory) return connected(await pglitePool(dataFolder, template))
  const unlock = lockFolder(join(dataFolder, 'store'))
  try {
    return connected(await pglitePool(join(dataFolder, 'store', 'pglite')), unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

function connected(pool: RawPool, unlock = () => {}): Connected {
  const db: Db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: guardedPool(pool) }),
    // Keys inside documents are theirs, not ours.
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  return {
    db,
    async close() {
      await db.destroy()
      unlock()
    },
  }
}
