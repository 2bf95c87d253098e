import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnPart } from '../../cli/spawn-part.ts'
import { freePort } from '../../cli/temporal/port.ts'
import { askPostgres, preparePostgres, untilPostgresAnswers } from '../../test/postgres-program.ts'

export interface Database {
  readonly databaseUrl: string
  readonly databasePid: number
  readonly stop: () => Promise<void>
}

/** A PostgreSQL server of its own, durable as in production, with an empty database. */
export async function startDatabase(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'nolimbo-database-'))
  // PostgreSQL runs as another account where we are root.
  chmodSync(folder, 0o711)
  const port = await freePort('127.0.0.1', 0, 'PostgreSQL', '')
  const settings = { max_connections: '200', shared_buffers: '256MB' }
  const postgres = preparePostgres(join(folder, 'postgres'), port, { durable: true, settings })
  const part = await spawnPart({ ...postgres, name: 'postgres', kind: 'guarded', onLine: () => {} })
  const stop = async () => {
    await part.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilPostgresAnswers(postgres.url('postgres'))
    await askPostgres(postgres.url('postgres'), 'create database nolimbo')
  } catch (error) {
    await stop()
    throw error
  }
  return { databaseUrl: postgres.url('nolimbo'), databasePid: part.pid, stop }
}
