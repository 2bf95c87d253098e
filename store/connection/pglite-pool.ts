import { existsSync, renameSync, rmSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import type { RawClient, RawPool } from './guarded-pool.ts'

const timestamptz = 1184

export const inMemory = 'memory://'

/** The embedded PostgreSQL: one connection, handed out in the order it is asked for. `location`: a folder or `inMemory`. */
export async function pglitePool(location: string, template?: Blob): Promise<RawPool> {
  if (location !== inMemory && !existsSync(location)) await setUp(location)
  const database = await PGlite.create(location, {
    parsers: { [timestamptz]: (text: string) => new Date(text).toISOString() },
    ...(template && { loadDataDir: template }),
  })
  let ended = false
  let turn = Promise.resolve()

  return {
    async connect() {
      const before = turn
      const mine = Promise.withResolvers<void>()
      turn = mine.promise
      await before
      if (ended) {
        mine.resolve()
        throw new Error('it has been closed')
      }
      return rawClient(database, mine.resolve)
    },
    async end() {
      ended = true
      await turn
      await database.close()
    },
  }
}

/** Under another name first: a process killed in the middle leaves no folder that looks whole and cannot be opened. */
async function setUp(location: string): Promise<void> {
  const unfinished = `${location}-unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  const database = await PGlite.create(unfinished)
  await database.close()
  renameSync(unfinished, location)
}

function rawClient(database: PGlite, release: () => void): RawClient {
  return {
    async query(sql, parameters) {
      // Without parameters the simple protocol will do: one round for a `begin`, and several statements for a migration.
      const answer =
        parameters.length === 0 ? (await database.exec(sql)).at(-1) : await database.query(sql, [...parameters])
      return { rows: answer?.rows ?? [], rowCount: answer?.affectedRows ?? 0 }
    },
    release,
  }
}
