import pg from 'pg'
import type { RawClient, RawPool } from './guarded-pool.ts'

export interface PostgresLimits {
  readonly connections: number
  readonly connectTimeoutMs: number
  /** Asked of the server. */
  readonly statementTimeoutMs: number
  /** Kept by this side: a server that vanished without a word answers nothing at all. */
  readonly answerTimeoutMs: number
}

export const everydayLimits: PostgresLimits = {
  connections: 10,
  connectTimeoutMs: 3_000,
  statementTimeoutMs: 5_000,
  answerTimeoutMs: 8_000,
}

/** One connection that may take its time: over an index, a whole journal, or waiting for others that migrate. */
export const patientLimits: PostgresLimits = {
  connections: 1,
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 6 * 3_600_000,
  answerTimeoutMs: 6 * 3_600_000 + 10_000,
}

const timestamptz = 1184
const parseTime = pg.types.getTypeParser(timestamptz) as (text: string) => Date
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === timestamptz
      ? (text: string) => parseTime(text).toISOString()
      : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
}

/** Reconnects by itself: a connection that broke is dropped, the next call opens another. */
export function postgresPool(databaseUrl: string, limits: PostgresLimits): RawPool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'nolimbo',
    keepAlive: true,
    max: limits.connections,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    statement_timeout: limits.statementTimeoutMs,
    idle_in_transaction_session_timeout: limits.statementTimeoutMs,
    query_timeout: limits.answerTimeoutMs,
    types,
  })
  // A connection can break while idle, or in use between two statements. Whoever uses it next is told; an `error`
  // event without a listener would end the process.
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  return { connect: async () => rawClient(await pool.connect()), end: () => pool.end() }
}

function rawClient(client: pg.PoolClient): RawClient {
  return {
    async query(sql, parameters) {
      const answer: pg.QueryResult | pg.QueryResult[] = await client.query(sql, [...parameters])
      const last = Array.isArray(answer) ? answer.at(-1) : answer
      return { rows: last?.rows ?? [], rowCount: last?.rowCount ?? 0 }
    },
    release: lost => client.release(lost),
  }
}
