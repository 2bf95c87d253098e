import type { Attempt } from '../domain/core/commands/attempt.ts'
import { writeAttempts } from './attempts.ts'
import type { Db, Tx } from './database.ts'
import { fromHex, hexOf } from './hex.ts'
import { type ChainedEntry, chainStart, entryHash, type Hash } from './journal-chain.ts'
import { canonicalJson, storableText, toJsonText } from './json-text.ts'
import type { OrderKey } from './orders.ts'
import { type Projection, writeProjection } from './projection.ts'
import { JournalConflict, JournalGap, OrderUnknown } from './store-error.ts'

/** What happened. `seq` counts from 1 within the order. */
export interface JournalEvent {
  readonly seq: number
  readonly at: string
  readonly type: string
  readonly actor: string
  readonly reason?: string
  /** Id of the command that it is the first consequence of. */
  readonly command?: string
  /** Of the same: by which version of which matrix it was judged. */
  readonly matrix?: string
  readonly data: Record<string, unknown>
}

export interface JournalEntry extends OrderKey {
  readonly seq: number
  readonly at: string
  readonly type: string
  readonly actor: string
  readonly reason: string | null
  readonly command: string | null
  readonly matrix: string | null
  readonly data: Record<string, unknown>
}

export interface JournalBatch<E extends JournalEvent = JournalEvent> extends OrderKey {
  /** In the order of their seqs, without a gap. */
  readonly events: readonly E[]
  readonly attempts?: readonly Attempt[]
}

export interface JournalStore {
  /**
   * Journals events and projects them, all or nothing; answers with the seq then stored. Safe to repeat: events that
   * are known already are taken again silently, and `project` (pure) sees only those that are new.
   * @throws JournalConflict, JournalGap, OrderUnknown: permanent. StoreUnavailable: repeat the same batch.
   */
  append<E extends JournalEvent>(
    batch: JournalBatch<E>,
    project: (previousState: unknown | null, events: readonly E[]) => Projection,
  ): Promise<number>
  /** In order, from the beginning or after a seq. */
  readJournal(
    organisation: string,
    orderNo: string,
    range?: { readonly afterSeq?: number; readonly limit?: number },
  ): Promise<readonly JournalEvent[]>
}

export const entryColumns = [
  'organisation',
  'orderNo',
  'seq',
  'at',
  'type',
  'actor',
  'reason',
  'command',
  'matrix',
  'data',
] as const

export function journalStore(db: Db): JournalStore {
  return {
    append: (batch, project) =>
      db.transaction().execute(async tx => {
        const order = await lockOrder(tx, batch)
        await writeAttempts(tx, batch, batch.attempts ?? [])
        const fresh = await freshEvents(tx, batch, order.seq)
        const last = fresh.at(-1)
        if (last === undefined) return order.seq
        const entries = chained(batch, order.journalHash, fresh)
        await writeEntries(tx, entries)
        const projection = project(order.state, fresh)
        if (projection.seq !== last.seq)
          throw new RangeError(`projected up to ${projection.seq} instead of ${last.seq}`)
        await writeProjection(tx, batch, projection, entries.at(-1)!.hash)
        return last.seq
      }),

    async readJournal(organisation, orderNo, { afterSeq = 0, limit } = {}) {
      let query = db
        .selectFrom('journal')
        .select(entryColumns)
        .where('organisation', '=', organisation)
        .where('orderNo', '=', orderNo)
        .where('seq', '>', afterSeq)
        .orderBy('seq')
      if (limit !== undefined) query = query.limit(limit)
      return (await query.execute()).map(toEvent)
    },
  }
}

/** The row's lock puts the appends to one order in a line. */
async function lockOrder(tx: Tx, { organisation, orderNo }: OrderKey) {
  const order = await tx
    .selectFrom('orders')
    .select(['seq', 'state', hexOf('journalHash').as('journalHash')])
    .where('organisation', '=', organisation)
    .where('orderNo', '=', orderNo)
    .forUpdate()
    .executeTakeFirst()
  if (order === undefined) throw new OrderUnknown(organisation, orderNo)
  return order
}

async function freshEvents<E extends JournalEvent>(tx: Tx, batch: JournalBatch<E>, storedSeq: number): Promise<E[]> {
  const { organisation, orderNo, events } = batch
  const known = await knownEvents(tx, batch, storedSeq)
  const fresh: E[] = []
  for (const event of events) {
    const expectedSeq = storedSeq + fresh.length + 1
    if (event.seq > expectedSeq) throw new JournalGap(organisation, orderNo, expectedSeq, event.seq)
    if (event.seq === expectedSeq) {
      fresh.push(event)
      known.set(event.seq, sameness(event))
    } else if (known.get(event.seq) !== sameness(event)) {
      throw new JournalConflict(organisation, orderNo, event.seq)
    }
  }
  return fresh
}

async function knownEvents(tx: Tx, batch: JournalBatch, storedSeq: number): Promise<Map<number, string>> {
  const seqs = batch.events.map(event => event.seq).filter(seq => seq <= storedSeq)
  if (seqs.length === 0) return new Map()
  const rows = await tx
    .selectFrom('journal')
    .select(entryColumns)
    .where('organisation', '=', batch.organisation)
    .where('orderNo', '=', batch.orderNo)
    .where('seq', '>=', Math.min(...seqs))
    .where('seq', '<=', Math.max(...seqs))
    .execute()
  return new Map(rows.map(row => [row.seq, sameness(toEvent(row))]))
}

/** Equal for events that are the same once stored. */
function sameness({ at, type, actor, reason, command, matrix, data }: JournalEvent): string {
  return canonicalJson([storedTime(at), type, actor, reason, command, matrix, data])
}

/** Cut, not rounded, to milliseconds: PostgreSQL would round. */
function storedTime(at: string): string {
  return new Date(at).toISOString()
}

/** As they will be read back: what cannot be stored is replaced before it is hashed. */
function chained(key: OrderKey, head: Hash | null, events: readonly JournalEvent[]): ChainedEntry[] {
  const { organisation, orderNo } = key
  let prev = head ?? chainStart(key)
  return events.map(({ seq, at, type, actor, reason, command, matrix, data }) => {
    const entry: JournalEntry = {
      organisation,
      orderNo,
      seq,
      at: storedTime(at),
      type: storableText(type),
      actor: storableText(actor),
      reason: reason === undefined ? null : storableText(reason),
      command: command === undefined ? null : storableText(command),
      matrix: matrix === undefined ? null : storableText(matrix),
      data: JSON.parse(toJsonText(data)) as JournalEntry['data'],
    }
    const link = { ...entry, prev, hash: entryHash(prev, entry) }
    prev = link.hash
    return link
  })
}

/** The entries, and a note for whoever seals the ledger of how far the journal has come. */
async function writeEntries(tx: Tx, entries: readonly ChainedEntry[]): Promise<void> {
  const { organisation, orderNo, seq, hash } = entries.at(-1)!
  await tx
    .with('noted', db => db.insertInto('unsealed').values({ organisation, orderNo, seq, hash: fromHex(hash) }))
    .insertInto('journal')
    .values(
      entries.map(entry => ({
        ...entry,
        data: toJsonText(entry.data),
        prev: fromHex(entry.prev),
        hash: fromHex(entry.hash),
      })),
    )
    .execute()
}

export function toEvent({ seq, at, type, actor, reason, command, matrix, data }: JournalEntry): JournalEvent {
  return {
    seq,
    at,
    type,
    actor,
    ...(reason === null ? {} : { reason }),
    ...(command === null ? {} : { command }),
    ...(matrix === null ? {} : { matrix }),
    data,
  }
}
