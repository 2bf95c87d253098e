import { type Connected, connect, type StoreOptions } from './connection/connect.ts'
import { patientLimits } from './connection/postgres-pool.ts'
import { type JournalExportStore, journalExportStore } from './journal-export.ts'
import { pendingMigrations } from './migrate.ts'
import { SchemaOutdated } from './store-error.ts'
import { type VerifyReport, type VerifyRequest, verifyJournals } from './verify/verify-journals.ts'

/** Looks at the journals and writes nothing: a role that may only read will do. */
export interface Auditor extends JournalExportStore {
  verify(request: VerifyRequest): Promise<VerifyReport>
  close(): Promise<void>
}

/** @throws StoreUnavailable, FolderInUse, or SchemaOutdated */
export async function openAuditor(options: StoreOptions): Promise<Auditor> {
  const connected: Connected = await connect(options, patientLimits)
  const { db, close } = connected
  try {
    const pending = await pendingMigrations(db)
    if (pending.length > 0) throw new SchemaOutdated(pending)
  } catch (error) {
    await close()
    throw error
  }
  return { ...journalExportStore(db), verify: request => verifyJournals(db, request), close }
}
