import { join } from 'node:path'
import { sql } from 'kysely'
import { loadProcesses } from '../config/processes.ts'
import type { Event } from '../domain/core/event.ts'
import { madeUpOrder } from '../domain/simulate/made-up-order.ts'
import { Random } from '../domain/simulate/random.ts'
import { randomWorld } from '../domain/simulate/random-world.ts'
import { drive } from '../domain/simulate/virtual-driver.ts'
import { type Projection, project } from '../domain/view/projection.ts'
import type { Db } from '../store/database.ts'
import type { JournalEntry } from '../store/journal.ts'
import { chainStart, entryHash } from '../store/journal-chain.ts'
import { ledgerStore } from '../store/ledger.ts'

/** Stands for an order's number in the journals that all others are made from. */
const placeholder = 'B-00000000'
const startMs = Date.parse('2026-03-02T01:00:00.000Z')

export const sales = loadProcesses(join(import.meta.dirname, '../processes')).definitions.find(
  ({ definition }) => definition.process === 'sales',
)!.compiled

export interface Model {
  readonly events: readonly Event[]
  readonly projection: Projection
}

/** What happens to made-up orders of the sales process under the virtual clock. */
export function modelJournals(count: number): Model[] {
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(index + 1)
    const events: Event[] = []
    const order = { ...madeUpOrder(sales, random, index), orderNo: placeholder }
    drive(sales, order, randomWorld(sales, random), {
      startMs,
      untilMs: startMs + 60 * 86_400_000,
      onTurn: turn => events.push(...turn.events),
    })
    return { events, projection: project(sales, null, events) }
  })
}

export function named(model: Model, orderNo: string): Model {
  return JSON.parse(JSON.stringify(model).replaceAll(placeholder, orderNo)) as Model
}

/** Orders with whole journals until there are that many entries, sealed every few of them, past the store's own append. */
export async function fillJournals(db: Db, entries: number): Promise<{ orders: number; entries: number }> {
  const models = modelJournals(200)
  let [orders, written] = [0, 0]
  while (written < entries) {
    const batch: Model[] = []
    for (let size = 0; size < 5_000 && written < entries; ) {
      const model = named(models[orders % models.length]!, `B-${String(orders + 1).padStart(8, '0')}`)
      batch.push(model)
      orders += 1
      size += model.events.length
      written += model.events.length
    }
    await writeBatch(db, batch)
    while ((await ledgerStore(db).sealJournals(new Date().toISOString())) > 0);
  }
  await sql`analyze`.execute(db)
  return { orders, entries: written }
}

type LinkedEntry = JournalEntry & { readonly prev: string; readonly hash: string }

async function writeBatch(db: Db, batch: readonly Model[]): Promise<void> {
  const entries = batch.flatMap(linked)
  const heads = new Map(entries.map(({ orderNo, hash }) => [orderNo, hash]))
  const rows = batch.map(({ projection }) => {
    const { orderNo } = projection.state.order
    return { ...projection, orderNo, hash: heads.get(orderNo) }
  })
  await db.transaction().execute(async tx => {
    // The foreign key is met by what is written here; looking at each again would take most of the time.
    await sql`set local session_replication_role = replica`.execute(tx)
    await sql`
      insert into orders (organisation, order_no, content_hash, content, process_id, process_version, start_input, placed_by,
        skus, created_at, started_at, status, state, view, seq, as_of, steps, owners, due_at, closed_at, journal_hash)
      select 'main', o ->> 'orderNo', '', '{}', ${sales.id}, ${sales.version}, ${JSON.stringify({ definition: sales })}::jsonb,
        'shop', '{}', (o ->> 'asOf')::timestamptz, (o ->> 'asOf')::timestamptz, o ->> 'status', o -> 'state', o -> 'view',
        (o ->> 'seq')::int, (o ->> 'asOf')::timestamptz,
        array(select jsonb_array_elements_text(o -> 'steps')), array(select jsonb_array_elements_text(o -> 'owners')),
        (o ->> 'dueAt')::timestamptz, (o ->> 'closedAt')::timestamptz, decode(o ->> 'hash', 'hex')
      from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as o
    `.execute(tx)
    const column = <K extends keyof LinkedEntry>(name: K) => entries.map(entry => entry[name])
    await sql`
      insert into journal (organisation, order_no, seq, at, type, actor, reason, command, matrix, data, prev, hash)
      select 'main', order_no, seq, at, type, actor, reason, command, matrix, data, decode(prev, 'hex'), decode(hash, 'hex')
      from unnest(${column('orderNo')}::text[], ${column('seq')}::int[], ${column('at')}::timestamptz[],
        ${column('type')}::text[], ${column('actor')}::text[], ${column('reason')}::text[], ${column('command')}::text[],
        ${column('matrix')}::text[], ${entries.map(({ data }) => JSON.stringify(data))}::jsonb[], ${column('prev')}::text[], ${column('hash')}::text[])
        as e (order_no, seq, at, type, actor, reason, command, matrix, data, prev, hash)
    `.execute(tx)
    const noted = entries.filter(({ orderNo, seq, hash }) => seq % 8 === 0 || hash === heads.get(orderNo))
    await sql`
      insert into unsealed select 'main', order_no, seq, decode(hash, 'hex')
      from unnest(${noted.map(({ orderNo }) => orderNo)}::text[], ${noted.map(({ seq }) => seq)}::int[],
        ${noted.map(({ hash }) => hash)}::text[]) as e (order_no, seq, hash)
    `.execute(tx)
  })
}

function linked({ events, projection }: Model): LinkedEntry[] {
  const key = { organisation: 'main', orderNo: projection.state.order.orderNo }
  let prev = chainStart(key)
  return events.map(({ seq, at, type, actor, reason = null, command = null, matrix = null, data }) => {
    const entry: JournalEntry = {
      ...key,
      seq,
      at,
      type,
      actor,
      reason,
      command,
      matrix,
      data: data as unknown as JournalEntry['data'],
    }
    const link = { ...entry, prev, hash: entryHash(prev, entry) }
    prev = link.hash
    return link
  })
}
