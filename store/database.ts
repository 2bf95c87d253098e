import type { ColumnType, Kysely, Transaction } from 'kysely'
import type { Attempt } from '../domain/core/commands/attempt.ts'
import type { ApiKeyRow } from './api-keys.ts'
import type { BulkOrderRow } from './bulk-orders.ts'
import type { BulkRow } from './bulks.ts'
import type { DefinitionRow } from './definitions.ts'
import type { ExceptionHistoryEntry } from './exception-history.ts'
import type { StoredException } from './exceptions.ts'
import type { FactRow } from './facts.ts'
import type { JournalEntry } from './journal.ts'
import type { SealContent } from './journal-chain.ts'
import type { JsonText } from './json-text.ts'
import type { MatrixRow } from './matrices.ts'
import type { NoticeRow } from './notices.ts'
import type { OrderKey, OrderRow } from './orders.ts'
import type { Delivery, NoticeState } from './outbox.ts'
import type { PersonRow } from './people.ts'
import type { StoredTask } from './tasks.ts'

type Json<T> = ColumnType<T, JsonText, JsonText>

/** A row as it is read, with the columns `K` written as JSON text and `Defaulted` left to the database if absent. */
type Table<Row, K extends keyof Row, Defaulted extends keyof Row = never> = {
  [C in keyof Row]: C extends K
    ? Json<Row[C]>
    : C extends Defaulted
      ? ColumnType<Row[C], Row[C] | undefined, Row[C]>
      : Row[C]
}

type Projected = 'startedAt' | 'status' | 'seq' | 'asOf' | 'steps' | 'owners' | 'dueAt' | 'exceptions' | 'closedAt'

type OrderTable = Omit<Table<OrderRow, 'content' | 'startInput', Projected>, 'state' | 'view'> & {
  state: ColumnType<unknown, JsonText | undefined, JsonText>
  view: ColumnType<unknown, JsonText | undefined, JsonText>
  /** The hash of the journal's last entry; null before the first. */
  journalHash: ColumnType<Uint8Array | null, undefined, Uint8Array>
  provisional: ColumnType<boolean, undefined, boolean>
}

type BulkDefaults = 'state' | 'touchedAt' | 'cancelledBy' | 'cancelledAt' | 'finishedAt'

type BulkTable = Omit<Table<BulkRow, 'command', BulkDefaults>, 'filter'> & {
  filter: ColumnType<BulkRow['filter'], JsonText | null, never>
}

type BulkOrderTable = Omit<BulkOrderRow, 'result'> & {
  organisation: string
  bulk: string
  tries: number
  code: string | null
  result: ColumnType<BulkOrderRow['result'], JsonText, JsonText>
}

type Bytes = ColumnType<Uint8Array, Uint8Array, never>

interface IdempotencyKeyTable {
  organisation: string
  actor: string
  key: string
  requestHash: string
  state: 'in_progress' | 'done'
  responseStatus: ColumnType<number | null, undefined, number>
  responseBody: ColumnType<unknown, undefined, JsonText>
  createdAt: string
}

interface NoticeTable extends Table<NoticeRow, 'subject'> {
  state: ColumnType<NoticeState, NoticeState | undefined, NoticeState>
  dueAt: ColumnType<string | null, string | undefined, string | null>
  robot: ColumnType<string | null, string | undefined, never>
  delivery: ColumnType<Delivery | null, JsonText | undefined, never>
  message: ColumnType<string | null, never, string>
  tries: ColumnType<number, never, number>
  repeats: ColumnType<number, never, number>
  lastError: ColumnType<string | null, never, string | null>
  sentAt: ColumnType<string | null, never, string | null>
}

interface RobotTable {
  robot: string
  sent: ColumnType<readonly string[], never, readonly string[]>
  closedUntil: ColumnType<string | null, never, string>
}

type ExceptionDefaults =
  | 'count'
  | 'outcome'
  | 'note'
  | 'resolvedAt'
  | 'resolvedBy'
  | 'acknowledgedBy'
  | 'acknowledgedAt'
  | 'climb'
  | 'dueAt'

type ExceptionTable = Omit<Table<StoredException, 'evidence', ExceptionDefaults>, 'clock'> & {
  clock: ColumnType<StoredException['clock'], JsonText | null | undefined, JsonText | null>
}

/** The tables as TypeScript sees them: columns in camelCase, times as ISO strings in UTC with milliseconds. */
export interface Tables {
  orders: OrderTable
  journal: Table<JournalEntry, 'data'> & { prev: Bytes; hash: Bytes }
  unsealed: OrderKey & { seq: number; hash: Bytes }
  ledger: Table<SealContent, 'heads'> & { prev: Bytes; hash: Bytes }
  /** Kept by triggers. */
  orderSkus: { [C in 'organisation' | 'orderNo' | 'sku' | 'createdAt']: ColumnType<string, never, never> }
  tasks: Table<StoredTask, 'title'>
  facts: Table<FactRow, 'data', 'exception'>
  attempts: Attempt & { organisation: string; orderNo: string }
  idempotencyKeys: IdempotencyKeyTable
  definitions: Table<DefinitionRow, 'document'>
  matrices: Table<MatrixRow, 'document'>
  exceptions: ExceptionTable
  exceptionHistory: Table<ExceptionHistoryEntry, 'data'>
  notices: NoticeTable
  robots: RobotTable
  apiKeys: Table<ApiKeyRow, never, 'lastUsedAt' | 'revokedAt' | 'revokedBy'>
  bulks: BulkTable
  bulkOrders: BulkOrderTable
  people: Omit<Table<PersonRow, 'document'>, 'absences' | 'absencesBy' | 'absencesAt'> & {
    absences: ColumnType<PersonRow['absences'], JsonText | undefined, JsonText>
    absencesBy: ColumnType<string | null, undefined, string>
    absencesAt: ColumnType<string | null, undefined, string>
  }
}

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>
