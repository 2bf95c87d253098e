import { sql } from 'kysely'
import { type ApiKeyStore, apiKeyStore } from './api-keys.ts'
import { type AttemptStore, attemptStore } from './attempts.ts'
import { type AuditStore, auditStore } from './audit-source.ts'
import { type BoardStore, boardStore } from './board.ts'
import { type BulkOrderStore, bulkOrderStore } from './bulk-orders.ts'
import { type BulkStore, bulkStore } from './bulks.ts'
import { type ClosedOrderStore, closedOrderStore } from './closed-orders.ts'
import { type Connected, connect, type StoreOptions } from './connection/connect.ts'
import { everydayLimits, patientLimits } from './connection/postgres-pool.ts'
import { type DefinitionStore, definitionStore } from './definitions.ts'
import { type ExceptionClockStore, exceptionClockStore } from './exception-clock.ts'
import { type ExceptionLifeStore, exceptionLifeStore } from './exception-life.ts'
import { type ExceptionStore, exceptionStore } from './exception-queue.ts'
import { type FactStore, factStore } from './facts.ts'
import { type GraveExceptionStore, graveExceptionStore } from './grave-exceptions.ts'
import { type IdempotencyKeyStore, idempotencyKeyStore } from './idempotency-keys.ts'
import { type JournalStore, journalStore } from './journal.ts'
import { type JournalExportStore, journalExportStore } from './journal-export.ts'
import { type LedgerStore, ledgerStore } from './ledger.ts'
import { type MatrixStore, matrixStore } from './matrices.ts'
import { migrate } from './migrate.ts'
import { type NoticeStore, noticeStore } from './notices.ts'
import { type OrderListStore, orderListStore } from './order-list.ts'
import { type OrderSweepStore, orderSweepStore } from './order-sweep.ts'
import { type OrderStore, orderStore } from './orders.ts'
import { type OutboxStore, outboxStore } from './outbox.ts'
import { type PeopleStore, peopleStore } from './people.ts'
import { type TaskStore, taskStore } from './tasks.ts'
import { type UntoldFactStore, untoldFactStore } from './untold-facts.ts'

/** What orders, their journals and their surroundings are kept in. Any call may throw StoreUnavailable. */
export interface Store
  extends OrderStore,
    OrderListStore,
    OrderSweepStore,
    BoardStore,
    ClosedOrderStore,
    JournalStore,
    JournalExportStore,
    LedgerStore,
    TaskStore,
    FactStore,
    UntoldFactStore,
    AttemptStore,
    IdempotencyKeyStore,
    DefinitionStore,
    MatrixStore,
    ExceptionStore,
    ExceptionLifeStore,
    ExceptionClockStore,
    NoticeStore,
    PeopleStore,
    AuditStore,
    GraveExceptionStore,
    OutboxStore,
    ApiKeyStore,
    BulkStore,
    BulkOrderStore {
  /** Answers if the database does. */
  ping(): Promise<void>
  /** Waits for what is under way. */
  close(): Promise<void>
}

/**
 * Brings the schema up to date first.
 * @throws StoreUnavailable, or FolderInUse if another process has the data folder's store open
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const patient = await connect(options, patientLimits)
  const oneForAll = !options.databaseUrl
  try {
    await migrate(patient.db)
  } catch (error) {
    await patient.close()
    throw error
  }
  if (oneForAll) return storeOn(patient)
  await patient.close()
  return storeOn(await connect(options, everydayLimits))
}

function storeOn({ db, close }: Connected): Store {
  return {
    ...orderStore(db),
    ...orderListStore(db),
    ...orderSweepStore(db),
    ...boardStore(db),
    ...closedOrderStore(db),
    ...journalStore(db),
    ...journalExportStore(db),
    ...ledgerStore(db),
    ...taskStore(db),
    ...factStore(db),
    ...untoldFactStore(db),
    ...attemptStore(db),
    ...idempotencyKeyStore(db),
    ...definitionStore(db),
    ...matrixStore(db),
    ...exceptionStore(db),
    ...exceptionLifeStore(db),
    ...exceptionClockStore(db),
    ...noticeStore(db),
    ...peopleStore(db),
    ...auditStore(db),
    ...graveExceptionStore(db),
    ...outboxStore(db),
    ...apiKeyStore(db),
    ...bulkStore(db),
    ...bulkOrderStore(db),
    async ping() {
      await sql`select 1`.execute(db)
    },
    close,
  }
}
