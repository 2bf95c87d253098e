import type { Event } from '../../../domain/core/events/event.ts'
import { project } from '../../../domain/view/projection.ts'
import type { JournalEntry } from '../../../store/journal.ts'
import { chainStart, entryHash } from '../../../store/journal-chain.ts'
import type { OrderKey } from '../../../store/orders.ts'
import type { FindingKind } from '../../../store/verify/finding.ts'
import { type AuditedStore, sales } from './audited.ts'

/** What is done to an order's journal, and how it must be named: with one of these kinds, at one of these entries. */
export interface Tampering {
  readonly what: string
  readonly act: (store: AuditedStore, key: OrderKey, seq: number, last: number) => Promise<void>
  readonly kinds: readonly FindingKind[]
  readonly at: (seq: number, last: number) => readonly (number | null)[]
}

const here = (seq: number) => [seq]
const one = `organisation = ? and order_no = ?`
const entry = `${one} and seq = ?`

const fields: readonly [string, string][] = [
  ['at', `at + interval '1 millisecond'`],
  ['type', `type || '.x'`],
  ['actor', `'somebody else'`],
  ['reason', `coalesce(reason, '') || '.'`],
  ['command', `coalesce(command, '') || '.'`],
  ['data', `data || '{"added": 0.1}'`],
  ['data', `'{}'`],
  ['prev', `decode(repeat('ab', 32), 'hex')`],
  ['hash', `decode(repeat('ab', 32), 'hex')`],
]

const changes = fields.map(
  ([field, value]): Tampering => ({
    what: `${field} = ${value}`,
    act: (store, { organisation, orderNo }, seq) =>
      store.tamper(`update journal set ${field} = ${value} where ${entry}`, organisation, orderNo, seq),
    kinds: ['changed'],
    at: here,
  }),
)

export const tamperings: readonly Tampering[] = [
  ...changes,
  {
    what: 'an entry is deleted',
    act: (store, { organisation, orderNo }, seq) =>
      store.tamper(`delete from journal where ${entry}`, organisation, orderNo, seq),
    kinds: ['missing'],
    at: here,
  },
  {
    what: 'the tail is cut off',
    act: (store, { organisation, orderNo }, seq) =>
      store.tamper(`delete from journal where ${one} and seq >= ?`, organisation, orderNo, seq),
    kinds: ['missing'],
    at: here,
  },
  {
    what: 'the tail is cut off, and all that is shown of the order follows',
    async act(store, key, seq) {
      await store.tamper(`delete from journal where ${one} and seq >= ?`, key.organisation, key.orderNo, seq)
      await showWhatIsLeft(store, key)
    },
    kinds: ['missing'],
    at: (_seq, last) => [last],
  },
  {
    what: 'the order vanishes',
    async act(store, { organisation, orderNo }) {
      await store.tamper(`delete from journal where ${one}`, organisation, orderNo)
      await store.tamper(`delete from orders where ${one}`, organisation, orderNo)
    },
    kinds: ['missing'],
    at: (_seq, last) => [last],
  },
  {
    what: 'the order goes, and its entries stay',
    act: (store, { organisation, orderNo }) => store.tamper(`delete from orders where ${one}`, organisation, orderNo),
    kinds: ['missing'],
    at: () => [null],
  },
  {
    what: 'two numbers are exchanged',
    async act(store, key, seq, last) {
      const other = seq === last ? seq - 1 : seq + 1
      await move(store, key, seq, 1_000_000)
      await move(store, key, other, seq)
      await move(store, key, 1_000_000, other)
    },
    kinds: ['reordered'],
    at: here,
  },
  {
    what: 'two contents are exchanged',
    act: (store, { organisation, orderNo }, seq, last) =>
      store.tamper(
        `update journal set (at, type, actor, reason, command, matrix, data) =
          (select at, type, actor, reason, command, matrix, data from journal as other
           where other.organisation = journal.organisation and other.order_no = journal.order_no
             and other.seq = ?::int - journal.seq)
         where ${one} and seq in (?::int, ?::int)`,
        ...exchanged(seq, last, organisation, orderNo),
      ),
    kinds: ['reordered'],
    at: here,
  },
  {
    what: 'an entry is put in, the later ones move on',
    async act(store, key, seq, last) {
      const { organisation, orderNo } = key
      for (let moved = last; moved >= seq; moved -= 1) await move(store, key, moved, moved + 1)
      const before = await read(store, key, seq - 1)
      const prev = before?.hash ?? chainStart(key)
      await insert(store, { ...forged(key, seq), organisation, orderNo }, prev)
    },
    kinds: ['inserted'],
    at: here,
  },
  {
    what: 'an entry is added, chained as it should be',
    async act(store, key, _seq, last) {
      await insert(store, forged(key, last + 1), (await read(store, key, last))!.hash)
    },
    kinds: ['inserted'],
    at: (_seq, last) => [last + 1],
  },
  {
    what: 'an entry is added, and all that is shown of the order follows',
    async act(store, key, _seq, last) {
      await insert(store, forged(key, last + 1), (await read(store, key, last))!.hash)
      await showWhatIsLeft(store, key)
    },
    kinds: ['inserted'],
    at: (_seq, last) => [last + 1],
  },
  {
    what: 'history is written anew from an entry on, with hashes, and all that is shown follows',
    async act(store, key, seq, last) {
      const { organisation, orderNo } = key
      await store.tamper(`update journal set reason = 'as agreed' where ${entry}`, organisation, orderNo, seq)
      for (let rehashed = seq; rehashed <= last; rehashed += 1) {
        const prev = (await read(store, key, rehashed - 1))?.hash ?? chainStart(key)
        const hash = entryHash(prev, (await read(store, key, rehashed))!)
        await store.tamper(
          `update journal set prev = decode(?, 'hex'), hash = decode(?, 'hex') where ${entry}`,
          ...[prev, hash, organisation, orderNo, rehashed],
        )
      }
      await showWhatIsLeft(store, key)
    },
    kinds: ['changed'],
    at: (_seq, last) => [last],
  },
]

function exchanged(seq: number, last: number, organisation: string, orderNo: string): unknown[] {
  const other = seq === last ? seq - 1 : seq + 1
  return [seq + other, organisation, orderNo, seq, other]
}

function move(store: AuditedStore, { organisation, orderNo }: OrderKey, from: number, to: number): Promise<void> {
  return store.tamper(`update journal set seq = ?::int where ${entry}`, to, organisation, orderNo, from)
}

function forged({ organisation, orderNo }: OrderKey, seq: number): JournalEntry {
  const data = { notice: 'step:approval#1', persons: ['mei'], channel: 'inbox' }
  const at = '2026-06-01T00:00:00.000Z'
  const none = { reason: null, command: null, matrix: null }
  return { organisation, orderNo, seq, at, type: 'notice.delivered', actor: 'clock', ...none, data }
}

async function insert(store: AuditedStore, entry: JournalEntry, prev: string): Promise<void> {
  const { organisation, orderNo, seq, at, type, actor, data } = entry
  await store.tamper(
    `insert into journal (organisation, order_no, seq, at, type, actor, data, prev, hash)
     values (?, ?, ?, ?, ?, ?, ?, decode(?, 'hex'), decode(?, 'hex'))`,
    ...[organisation, orderNo, seq, at, type, actor, JSON.stringify(data), prev, entryHash(prev, entry)],
  )
}

async function read(store: AuditedStore, { organisation, orderNo }: OrderKey, seq: number) {
  const row = await store.db
    .selectFrom('journal')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('orderNo', '=', orderNo)
    .where('seq', '=', seq)
    .executeTakeFirst()
  return row && { ...row, hash: Buffer.from(row.hash).toString('hex') }
}

/** A careful forger: the order's row is made to agree with the journal as it is now. */
async function showWhatIsLeft(store: AuditedStore, key: OrderKey): Promise<void> {
  const { organisation, orderNo } = key
  const events = (await store.readJournal(organisation, orderNo)) as unknown as Event[]
  const shown = events.length === 0 ? null : project(sales, null, events)
  const last = await read(store, key, events.length)
  await store.tamper(
    `update orders set state = ?, status = ?, seq = ?, as_of = ?, steps = ?, owners = ?, due_at = ?, closed_at = ?,
       journal_hash = decode(?, 'hex') where ${one}`,
    shown && JSON.stringify(shown.state),
    ...[shown?.status ?? 'received', events.length, shown?.asOf ?? null, shown?.steps ?? [], shown?.owners ?? []],
    ...[shown?.dueAt ?? null, shown?.closedAt ?? null, last?.hash ?? null, organisation, orderNo],
  )
}
