import { sql } from 'kysely'
import { type Part, spawnPart } from '../../cli/spawn-part.ts'
import { freePort } from '../../cli/temporal/port.ts'
import { connect } from '../../store/connection/connect.ts'
import { patientLimits } from '../../store/connection/postgres-pool.ts'
import type { Db } from '../../store/database.ts'
import { journalPartitions } from '../../store/journal-partitions.ts'
import { migrate } from '../../store/migrate.ts'
import { askPostgres, preparePostgres, untilPostgresAnswers } from '../../test/postgres-program.ts'
import { type Filled, fillOrders } from './fill-orders.ts'

export interface FilledDatabase {
  readonly url: string
  readonly filled: Filled
  readonly sizes: Sizes
  readonly stop: () => Promise<void>
}

/** Bytes, indexes and what lies outside the rows included. */
export interface Sizes {
  readonly orders: number
  readonly journal: number
  readonly journalIndexes: number
}

const settings = { shared_buffers: '4GB', max_wal_size: '8GB', maintenance_work_mem: '512MB' }
/** While it is filled, nothing has to outlive a crash. */
const careless = {
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  checkpoint_timeout: '1h',
}
const atOnce = 2
/** Everything that is in its buffers goes to the disk. */
const endWithinMs = 180_000

/** A PostgreSQL server with so many orders, as durable as in production once they are there. */
export async function filledDatabase(asked: {
  readonly folder: string
  readonly orders: number
  readonly log: (line: string) => void
}): Promise<FilledDatabase> {
  const { folder, orders, log } = asked
  const port = await freePort('127.0.0.1', 0, 'PostgreSQL', '')
  const program = preparePostgres(folder, port, { durable: true, settings })
  const start = async (more: Readonly<Record<string, string>> = {}): Promise<Part> => {
    const extra = Object.entries(more).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const { command } = program
    const args = [...program.args, ...extra]
    const part = await spawnPart({
      name: 'postgres',
      kind: 'guarded',
      command,
      args,
      graceMs: endWithinMs,
      onLine: () => {},
    })
    await untilPostgresAnswers(program.url('postgres'))
    return part
  }

  let server = await start(careless)
  try {
    await askPostgres(program.url('postgres'), 'create database nolimbo')
    const url = program.url('nolimbo')
    const { db, close } = await connect({ databaseUrl: url, dataFolder: '' }, { ...patientLimits, connections: atOnce })
    let filled: Filled
    let sizes: Sizes
    try {
      await migrate(db)
      filled = await fillOrders(db, { orders, nowMs: Date.now(), atOnce, log })
      await vacuum(db)
      log('vacuumed and analysed')
      sizes = await readSizes(db)
    } finally {
      await close()
    }
    await server.stop()
    server = await start()
    log('PostgreSQL runs anew, as in production')
    return {
      ...{ url, filled, sizes },
      async stop() {
        await server.stop()
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** As autovacuum would have done meanwhile. */
async function vacuum(db: Db): Promise<void> {
  const tables = [
    'orders',
    'order_skus',
    'tasks',
    'exceptions',
    'facts',
    'notices',
    'ledger',
    'unsealed',
    'closed_orders',
  ]
  const queue = [...tables, ...journalPartitions]
  const work = async () => {
    for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
      await sql`vacuum analyze ${sql.table(table)}`.execute(db)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  await sql`analyze journal`.execute(db)
}

async function readSizes(db: Db): Promise<Sizes> {
  const { rows } = await sql<Sizes>`
    select pg_total_relation_size('orders')::float8 as orders,
      sum(pg_total_relation_size(inhrelid))::float8 as journal, sum(pg_indexes_size(inhrelid))::float8 as journal_indexes
    from pg_inherits where inhparent = 'journal'::regclass`.execute(db)
  return rows[0]!
}
