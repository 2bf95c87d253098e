/**
 * What the journal's hashes cost: `node bench/append.ts [ROUNDS]` (default: 7).
 *
 * Appends the journals of made-up sales orders, three events at a time, eight orders at once, to PostgreSQL and to
 * PGlite: alternately as nolimbo does it, and without hashes and without the note for the ledger. The server runs
 * without fsync, so that what the hashes add is not hidden by the disk.
 */
import { type Kysely, sql } from 'kysely'
import type { OrderState } from '../domain/core/state.ts'
import { project } from '../domain/view/projection.ts'
import { connect } from '../store/connection/connect.ts'
import { patientLimits } from '../store/connection/postgres-pool.ts'
import type { Db, Tables, Tx } from '../store/database.ts'
import { type JournalBatch, type JournalStore, journalStore } from '../store/journal.ts'
import { toJsonText } from '../store/json-text.ts'
import { ledgerStore } from '../store/ledger.ts'
import { migrate } from '../store/migrate.ts'
import { orderStore } from '../store/orders.ts'
import { writeProjection } from '../store/projection.ts'
import { startPostgres } from '../test/postgres-server.ts'
import { modelJournals, named, sales } from './made-up-journals.ts'

const rounds = Number(process.argv[2] ?? 7)
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('usage: node bench/append.ts [ROUNDS]')
  process.exit(2)
}

const ordersARound = 16
const atOnce = 8
const eventsAnAppend = 3
const models = modelJournals(ordersARound)
let rounded = 0

const postgres = await startPostgres()
try {
  await compare('PostgreSQL', async () => ({ databaseUrl: await postgres.createDatabase(), dataFolder: '' }))
  await compare('PGlite', async () => ({ dataFolder: 'memory://' }))
} finally {
  await postgres.remove()
}

async function compare(name: string, fresh: () => Promise<{ databaseUrl?: string; dataFolder: string }>) {
  const chained = await connect(await fresh(), { ...patientLimits, connections: atOnce })
  const bare = await connect(await fresh(), { ...patientLimits, connections: atOnce })
  try {
    for (const { db } of [chained, bare]) await migrate(db)
    await sql`alter table journal drop column prev, drop column hash`.execute(bare.db)
    const ways = [
      { db: chained.db, append: journalStore(chained.db).append },
      { db: bare.db, append: bareAppend(bare.db) },
    ] as const
    for (const way of ways) await round(way.db, way.append)
    const ratios: number[] = []
    const perAppend: [number[], number[]] = [[], []]
    for (let index = 0; index < rounds; index += 1) {
      // Who comes first takes turns.
      const order = index % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
      for (const which of order) perAppend[which].push(await round(ways[which].db, ways[which].append))
      ratios.push(perAppend[0].at(-1)! / perAppend[1].at(-1)!)
    }
    const text = (values: number[]) =>
      `${median(values).toFixed(2)} ms (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`
    console.log(
      `${name}: ratio ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}); ` +
        `an append with hashes ${text(perAppend[0])}, without ${text(perAppend[1])}`,
    )
    const begun = performance.now()
    let sealed = 0
    for (let got = -1; got !== 0; sealed += got)
      got = await ledgerStore(chained.db).sealJournals(new Date().toISOString())
    console.log(`${name}: sealed ${sealed} appends in ${(performance.now() - begun).toFixed(0)} ms`)
  } finally {
    await chained.close()
    await bare.close()
  }
}

/** Milliseconds an append. */
async function round(db: Db, append: JournalStore['append']): Promise<number> {
  rounded += 1
  const orders = models.map((model, index) =>
    named(model, `R-${String(rounded).padStart(4, '0')}-${String(index).padStart(3, '0')}`),
  )
  for (const { projection } of orders) await insertOrder(db, projection.state.order.orderNo)
  const batches = orders.map(({ events, projection }) =>
    Array.from({ length: Math.ceil(events.length / eventsAnAppend) }, (_, index) => ({
      organisation: 'main',
      orderNo: projection.state.order.orderNo,
      events: events.slice(index * eventsAnAppend, (index + 1) * eventsAnAppend),
    })),
  )
  const queue = [...batches]
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let own = queue.shift(); own !== undefined; own = queue.shift()) {
        for (const batch of own) {
          await append(batch, (previous, events) => project(sales, previous as OrderState | null, events))
        }
      }
    }),
  )
  return (performance.now() - begun) / batches.flat().length
}

async function insertOrder(db: Db, orderNo: string): Promise<void> {
  await orderStore(db).insertOrder({
    organisation: 'main',
    orderNo,
    contentHash: '',
    content: {},
    processId: sales.id,
    processVersion: sales.version,
    startInput: {},
    placedBy: 'shop',
    customerId: null,
    skus: [],
    createdAt: new Date().toISOString(),
  })
}

/** The append as it would be without hashes: the same statements in the same transaction, less what they add. */
function bareAppend(db: Db): JournalStore['append'] {
  return (batch, projected) =>
    db.transaction().execute(async tx => {
      const order = await tx
        .selectFrom('orders')
        .select(['seq', 'state'])
        .where('organisation', '=', batch.organisation)
        .where('orderNo', '=', batch.orderNo)
        .forUpdate()
        .executeTakeFirstOrThrow()
      await insertBare(tx, batch)
      const projection = projected(order.state, batch.events)
      await writeProjection(tx, batch, projection, '')
      return projection.seq
    })
}

async function insertBare(tx: Tx, { organisation, orderNo, events }: JournalBatch): Promise<void> {
  const rows = events.map(({ seq, at, type, actor, reason = null, command = null, data }) => ({
    ...{ organisation, orderNo, seq, at, type, actor, reason, command },
    data: toJsonText(data),
  }))
  // Its table has no hashes.
  const unhashed = tx as unknown as Kysely<Omit<Tables, 'journal'> & { journal: (typeof rows)[number] }>
  await unhashed.insertInto('journal').values(rows).execute()
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}
