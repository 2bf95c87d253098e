import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Db, Tx } from './database.ts'
import { up as journalChain } from './migrations/0008-journal-chain.ts'

/** What SQL alone cannot do. */
const inCode: Readonly<Record<string, (transaction: Tx) => Promise<void>>> = {
  '0008-journal-chain.ts': journalChain,
}

const folder = join(import.meta.dirname, 'migrations')

/** Arbitrary, but the same in every process: whoever comes second waits, and finds the work done. */
const advisoryLock = 5_201_314_159

/** Brings the schema up to date: each numbered file once, in order, all or none. */
export async function migrate(db: Db): Promise<void> {
  await db.transaction().execute(async transaction => {
    await sql`select pg_advisory_xact_lock(${sql.lit(advisoryLock)})`.execute(transaction)
    await sql`create table if not exists store_migrations (
      name text primary key, applied_at timestamptz(3) not null default now())`.execute(transaction)
    const { rows } = await sql<{ name: string }>`select name from store_migrations`.execute(transaction)
    const applied = new Set(rows.map(row => row.name))
    const pending = migrationFiles().filter(name => !applied.has(name))
    for (const name of pending) {
      const step = inCode[name]
      if (step !== undefined) await step(transaction)
      else await sql.raw(readFileSync(join(folder, name), 'utf8')).execute(transaction)
      await sql`insert into store_migrations (name) values (${name})`.execute(transaction)
    }
  })
}

function migrationFiles(): string[] {
  return readdirSync(folder)
    .filter(name => /^\d{4}-.+\.(?:sql|ts)$/.test(name))
    .sort()
}
