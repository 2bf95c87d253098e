/**
 * How long `nolimbo verify` takes: `node bench/verify.ts [ENTRIES]` (default: 1,000,000).
 *
 * Makes journals of the sales process with hashes, seals and projections in a PostgreSQL server of its own, and verifies
 * all of them; then changes one entry, and looks whether it is found.
 */
import { cpus } from 'node:os'
import { sql } from 'kysely'
import { connect } from '../store/connection/connect.ts'
import { patientLimits } from '../store/connection/postgres-pool.ts'
import { migrate } from '../store/migrate.ts'
import { verifyJournals } from '../store/verify/verify-journals.ts'
import { startPostgres } from '../test/postgres-server.ts'
import { fillOrders } from './scale/fill-orders.ts'

const asked = Number(process.argv[2] ?? 1_000_000)
if (!Number.isInteger(asked) || asked < 1) {
  console.error('usage: node bench/verify.ts [ENTRIES]')
  process.exit(2)
}

/** On average, of those that are made up. */
const entriesOfAnOrder = 23.5
const postgres = await startPostgres()
const databaseUrl = await postgres.createDatabase()
const { db, close } = await connect({ databaseUrl, dataFolder: '' }, patientLimits)
try {
  await migrate(db)
  const begun = performance.now()
  const orders = Math.ceil(asked / entriesOfAnOrder)
  const made = await fillOrders(db, { orders, nowMs: Date.now(), atOnce: 1, log: () => {} })
  await sql`vacuum analyze`.execute(db)
  console.log(`made ${made.entries} entries of ${made.orders} orders in ${seconds(begun)} s`)
  const { findings } = await timed('sound')
  if (findings !== 0) throw new Error(`${findings} findings in journals that nobody has touched`)
  await db.transaction().execute(async tx => {
    await sql`set local session_replication_role = replica`.execute(tx)
    await sql`update journal set actor = 'x' where order_no = 'B-00000007' and seq = 3`.execute(tx)
  })
  const tampered = await timed('one entry changed')
  if (tampered.findings !== 1) throw new Error(`${tampered.findings} findings instead of one`)
} finally {
  await close()
  await postgres.remove()
}

async function timed(what: string) {
  const begun = performance.now()
  const cpu = process.cpuUsage()
  const report = await verifyJournals(db, { onFinding: finding => console.log(JSON.stringify(finding)) })
  const { user, system } = process.cpuUsage(cpu)
  console.log(
    `${what}: verified ${report.entries} entries of ${report.orders} orders and ${report.seals} seals in ${seconds(begun)} s ` +
      `(${((user + system) / 1e6).toFixed(1)} s of it on a core of this process; ${cpus().length} cores, ${cpus()[0]?.model})`,
  )
  return report
}

function seconds(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(1)
}
