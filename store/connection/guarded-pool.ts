import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { storableText } from '../json-text.ts'
import { StoreUnavailable } from '../store-error.ts'
import { whyUnavailable } from './why-unavailable.ts'

/** A connection of either kind: to the embedded PGlite or to a PostgreSQL server. */
export interface RawClient {
  query(sql: string, parameters: readonly unknown[]): Promise<{ rows: unknown[]; rowCount: number }>
  /** `lost`: it must not be used again. */
  release(lost: boolean): void
}

export interface RawPool {
  connect(): Promise<RawClient>
  end(): Promise<void>
}

/** What Kysely talks to: every failure to reach the database or to be answered in time becomes `StoreUnavailable`. */
export function guardedPool(pool: RawPool): PostgresPool {
  return {
    async connect() {
      try {
        return guardedClient(await pool.connect())
      } catch (error) {
        throw unavailable(error)
      }
    },
    end: () => pool.end(),
  }
}

function guardedClient(client: RawClient): PostgresPoolClient {
  let lost = false
  const query = async (sql: string, parameters: readonly unknown[]) => {
    // A rollback, for instance, would wait once more for an answer that does not come.
    if (lost) throw new StoreUnavailable('the connection to the store is lost')
    try {
      const { rows, rowCount } = await client.query(sql, parameters.map(storable))
      // Kysely reads the command only to learn whether rowCount counts changed rows.
      return { command: 'UPDATE' as const, rowCount, rows }
    } catch (error) {
      const reason = whyUnavailable(error)
      if (reason === null) throw error
      lost ||= reason === 'connection'
      throw unavailable(error)
    }
  }
  return { query: query as PostgresPoolClient['query'], release: () => client.release(lost) }
}

function unavailable(error: unknown): StoreUnavailable {
  const { message, code } = error as { message?: string; code?: string }
  return new StoreUnavailable(`the store is not available: ${message || code || String(error)}`, { cause: error })
}

function storable(parameter: unknown): unknown {
  if (typeof parameter === 'string') return storableText(parameter)
  return Array.isArray(parameter) ? parameter.map(storable) : parameter
}
