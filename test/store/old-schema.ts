import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Db } from '../../store/database.ts'
import { up as journalChain } from '../../store/migrations/0008-journal-chain.ts'

const folder = join(import.meta.dirname, '../../store/migrations')

/** Brings an empty database to what an earlier version of nolimbo had made: all migrations whose number is below this one. */
export async function oldSchema(db: Db, below: string): Promise<void> {
  const names = readdirSync(folder).filter(name => name < below)
  await db.transaction().execute(async tx => {
    await sql`create table store_migrations (
      name text primary key, applied_at timestamptz(3) not null default now())`.execute(tx)
    for (const name of names.sort()) {
      if (name.endsWith('.sql')) await sql.raw(readFileSync(join(folder, name), 'utf8')).execute(tx)
      else await journalChain(tx)
      await sql`insert into store_migrations (name) values (${name})`.execute(tx)
    }
  })
}
