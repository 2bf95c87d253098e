import { join } from 'node:path'
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely'
import { type AttemptStore, attemptStore } from './attempts.ts'
import { type AuditStore, auditStore } from './audit-source.ts'
import { type BoardStore, boardStore } from './board.ts'
import { lockFolder } from './connection/folder-lock.ts'
import { guardedPool, type RawPool } from './connection/guarded-pool.ts'
import { inMemory, pglitePool } from './connection/pglite-pool.ts'
import { everydayLimits, migrationLimits, postgresPool } from './connection/postgres-pool.ts'
import type { Db, Tables } from './database.ts'
import { type DefinitionStore, definitionStore } from './definitions.ts'
import { type ExceptionStore, exceptionStore } from './exception-queue.ts'
import { type FactStore, factStore } from './facts.ts'
import { type IdempotencyKeyStore, idempotencyKeyStore } from './idempotency-keys.ts'
import { type JournalStore, journalStore } from './journal.ts'
import { migrate } from './migrate.ts'
import { type NoticeStore, noticeStore } from './notices.ts'
import { type OrderListStore, orderListStore } from './order-list.ts'
import { type OrderSweepStore, orderSweepStore } from './order-sweep.ts'
import { type OrderStore, orderStore } from './orders.ts'
import { type TaskStore, taskStore } from './tasks.ts'

/** What orders, their journals and their surroundings are kept in. Any call may throw StoreUnavailable. */
export interface Store
  extends OrderStore,
    OrderListStore,
    OrderSweepStore,
    BoardStore,
    JournalStore,
    TaskStore,
    FactStore,
    AttemptStore,
    IdempotencyKeyStore,
    DefinitionStore,
    ExceptionStore,
    NoticeStore,
    AuditStore {
  /** Answers if the database does. */
  ping(): Promise<void>
  /** Waits for what is under way. */
  close(): Promise<void>
}

export interface StoreOptions {
  /** A PostgreSQL server; without one, an embedded PGlite in the data folder. */
  readonly databaseUrl?: string
  /** `memory://`: kept nowhere. */
  readonly dataFolder: string
}

/**
 * Brings the schema up to date first.
 * @throws StoreUnavailable, or FolderInUse if another process has the data folder's store open
 */
export async function openStore({ databaseUrl, dataFolder }: StoreOptions): Promise<Store> {
  if (databaseUrl) return openServer(databaseUrl)
  if (dataFolder === inMemory) return openPglite(dataFolder, () => {})
  const unlock = lockFolder(join(dataFolder, 'store'))
  try {
    return await openPglite(join(dataFolder, 'store', 'pglite'), unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function openServer(databaseUrl: string): Promise<Store> {
  const patient = database(postgresPool(databaseUrl, migrationLimits))
  try {
    await migrate(patient)
  } finally {
    await patient.destroy()
  }
  return storeOn(database(postgresPool(databaseUrl, everydayLimits)), () => {})
}

async function openPglite(location: string, unlock: () => void): Promise<Store> {
  const db = database(await pglitePool(location))
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return storeOn(db, unlock)
}

function database(pool: RawPool): Db {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: guardedPool(pool) }),
    // Keys inside documents are theirs, not ours.
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}

function storeOn(db: Db, unlock: () => void): Store {
  return {
    ...orderStore(db),
    ...orderListStore(db),
    ...orderSweepStore(db),
    ...boardStore(db),
    ...journalStore(db),
    ...taskStore(db),
    ...factStore(db),
    ...attemptStore(db),
    ...idempotencyKeyStore(db),
    ...definitionStore(db),
    ...exceptionStore(db),
    ...noticeStore(db),
    ...auditStore(db),
    async ping() {
      await sql`select 1`.execute(db)
    },
    async close() {
      await db.destroy()
      unlock()
    },
  }
}
