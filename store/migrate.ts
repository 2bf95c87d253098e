import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Db, Tx } from './database.ts'
import { up as journalChain } from './migrations/0008-journal-chain.ts'
import { SchemaOutdated } from './store-error.ts'

/** What SQL alone cannot do. */
const inCode: Readonly<Record<string, (transaction: Tx) => Promise<void>>> = {
  '0008-journal-chain.ts': journalChain,
}

const folder = join(import.meta.dirname, 'migrations')

/** Arbitrary, but the same in every process: whoever comes second waits, and finds the work done. */
const advisoryLock = 5_201_314_159

/**
 * Brings the schema up to date: each numbered file once, in order, all or none. A role that may not change the schema
 * will do if there is nothing to change.
 * @throws SchemaOutdated
 */
export async function migrate(db: Db): Promise<void> {
  const lacking = await pendingMigrations(db)
  if (lacking.length === 0) return
  try {
    await db.transaction().execute(async tx => {
      await sql`select pg_advisory_xact_lock(${sql.lit(advisoryLock)})`.execute(tx)
      await sql`create table if not exists store_migrations (
        name text primary key, applied_at timestamptz(3) not null default now())`.execute(tx)
      for (const name of await pendingMigrations(tx)) await apply(tx, name)
    })
  } catch (error) {
    if ((error as { code?: string }).code === insufficientPrivilege) throw new SchemaOutdated(lacking, { cause: error })
    throw error
  }
}

const insufficientPrivilege = '42501'

/** Names of what has not been applied yet. */
export async function pendingMigrations(db: Db | Tx): Promise<readonly string[]> {
  const { rows: tables } = await sql<{
    there: boolean
  }>`select to_regclass('store_migrations') is not null as there`.execute(db)
  if (!tables[0]?.there) return migrationFiles()
  const { rows } = await sql<{ name: string }>`select name from store_migrations`.execute(db)
  const applied = new Set(rows.map(row => row.name))
  return migrationFiles().filter(name => !applied.has(name))
}

async function apply(tx: Tx, name: string): Promise<void> {
  const step = inCode[name]
  if (step !== undefined) await step(tx)
  else await sql.raw(readFileSync(join(folder, name), 'utf8')).execute(tx)
  await sql`insert into store_migrations (name) values (${name})`.execute(tx)
}

function migrationFiles(): string[] {
  return readdirSync(folder)
    .filter(name => /^\d{4}-.+\.(?:sql|ts)$/.test(name))
    .sort()
}
