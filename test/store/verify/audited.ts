import { join } from 'node:path'
import { sql } from 'kysely'
import { loadProcesses } from '../../../config/processes.ts'
import type { Event } from '../../../domain/core/events/event.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import type { Order } from '../../../domain/order/order.ts'
import { madeUpOrder } from '../../../domain/simulate/made-up-order.ts'
import { Random } from '../../../domain/simulate/random.ts'
import { randomWorld } from '../../../domain/simulate/random-world.ts'
import { drive } from '../../../domain/simulate/virtual-driver.ts'
import { project } from '../../../domain/view/projection.ts'
import { type Connected, connect } from '../../../store/connection/connect.ts'
import { patientLimits } from '../../../store/connection/postgres-pool.ts'
import type { Db } from '../../../store/database.ts'
import { type JournalStore, journalStore } from '../../../store/journal.ts'
import { type LedgerStore, ledgerStore } from '../../../store/ledger.ts'
import { migrate } from '../../../store/migrate.ts'
import { type OrderStore, orderStore } from '../../../store/orders.ts'
import type { Finding } from '../../../store/verify/finding.ts'
import { type VerifyReport, type VerifyRequest, verifyJournals } from '../../../store/verify/verify-journals.ts'
import { memory } from '../../new-store.ts'
import { sharedPostgres } from '../../postgres.ts'
import { oldSchema } from '../old-schema.ts'
import { sampleOrder } from '../sample.ts'

/** Without any tables. */
const inMemory = { dataFolder: 'memory://' }
const startMs = Date.parse('2026-03-02T01:00:00.000Z')

export const sales: CompiledDefinition = loadProcesses(
  join(import.meta.dirname, '../../../processes'),
).definitions.find(({ definition }) => definition.process === 'sales')!.compiled

export interface MadeUpJournal {
  readonly order: Order
  readonly events: readonly Event[]
  /** That it was placed with; default: `sales`. */
  readonly definition?: CompiledDefinition
}

/** What really happens to a made-up order: the same for the same seed. */
export function madeUpJournal(orderNo: string, seed: number): MadeUpJournal {
  const random = new Random(seed)
  const order = { ...madeUpOrder(sales, random, seed), orderNo }
  const events: Event[] = []
  drive(sales, order, randomWorld(sales, random), {
    startMs,
    untilMs: startMs + 60 * 86_400_000,
    onTurn: turn => events.push(...turn.events),
  })
  return { order, events }
}

export interface AuditedStore extends OrderStore, JournalStore, LedgerStore {
  readonly db: Db
  /** An order, its journal in two appends, a seal after each. */
  readonly write: (organisation: string, journal: MadeUpJournal) => Promise<void>
  readonly verify: (request?: Omit<VerifyRequest, 'onFinding'>) => Promise<VerifyReport & { found: Finding[] }>
  /** As a superuser would: no trigger and no foreign key is in the way. */
  readonly tamper: (statement: string, ...parameters: unknown[]) => Promise<void>
  /** Brings the tables of an earlier version up to date. */
  readonly migrate: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Of the columns that there were not before migration 0010, the one that today's code writes by itself. */
const writtenToday = 'provisional boolean not null default false'

/**
 * A database of its own, with everything that is needed to write it and to look at it. `below`: with the tables as they
 * were before that migration.
 */
export async function auditedStore(on: 'PGlite' | 'PostgreSQL', below?: string): Promise<AuditedStore> {
  const databaseUrl = on === 'PostgreSQL' ? { databaseUrl: await (await sharedPostgres()).createDatabase() } : {}
  const connected: Connected = await connect(
    { ...databaseUrl, ...(below === undefined ? memory() : inMemory) },
    patientLimits,
  )
  const { db, close } = connected
  if (below === undefined) await migrate(db)
  else {
    await oldSchema(db, below)
    await sql.raw(`alter table orders add column ${writtenToday}`).execute(db)
  }
  const stores = { ...orderStore(db), ...journalStore(db), ...ledgerStore(db) }
  return {
    ...stores,
    db,
    close,
    async migrate() {
      await sql`alter table orders drop column provisional`.execute(db)
      await migrate(db)
    },
    async write(organisation, { order, events, definition = sales }) {
      const startInput = { definition, order }
      const process = { processId: definition.id, processVersion: definition.version }
      await stores.insertOrder(sampleOrder(organisation, order.orderNo, { startInput, ...process }))
      const half = Math.ceil(events.length / 2)
      for (const part of [events.slice(0, half), events.slice(half)]) {
        await stores.append({ organisation, orderNo: order.orderNo, events: part }, (previous, fresh) =>
          project(definition, previous as OrderState | null, fresh),
        )
        await stores.sealJournals('2026-03-02T12:00:00.000Z')
      }
    },
    async verify(request = {}) {
      const found: Finding[] = []
      return { ...(await verifyJournals(db, { ...request, onFinding: finding => found.push(finding) })), found }
    },
    tamper: (statement, ...parameters) =>
      db.transaction().execute(async tx => {
        await sql`set local session_replication_role = replica`.execute(tx)
        const pieces = statement.split('?')
        await sql
          .join(
            pieces.flatMap((piece, index) =>
              index === 0 ? [sql.raw(piece)] : [sql.val(parameters[index - 1]), sql.raw(piece)],
            ),
            sql.raw(''),
          )
          .execute(tx)
      }),
  }
}
