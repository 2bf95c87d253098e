import { sql } from 'kysely'
import type { Db, Tx } from '../../store/database.ts'
import { ledgerStore } from '../../store/ledger.ts'
import { sales } from '../made-up-journals.ts'
import { type OrderTemplate, orderTemplates, placeholders } from './order-templates.ts'
import { templateTables } from './template-tables.ts'

export interface FillRequest {
  readonly orders: number
  readonly nowMs: number
  /** Batches that are written at the same time. */
  readonly atOnce: number
  readonly log: (line: string) => void
}

export interface Filled {
  readonly orders: number
  readonly entries: number
  readonly open: number
  /** Of the open ones. */
  readonly overdue: number
}

const openShare = 0.03
/** Enough for variety where there are few orders, and for time to pass evenly where there are many. */
const templatesOf = (orders: number) => Math.min(orders, Math.max(100, Math.min(1_200, Math.ceil(orders / 800))))
const ordersOfACustomer = 20
const batchSize = 5_000

/**
 * Fills the tables with orders as the store would have written them: journals with their hashes, seals, what is shown,
 * tasks, exceptions, facts and notices. Past the store, by statements over many orders at once.
 */
export async function fillOrders(db: Db, { orders, nowMs, atOnce, log }: FillRequest): Promise<Filled> {
  const open = Math.max(1, Math.round(orders * openShare))
  const templates = orderTemplates(nowMs, {
    closed: templatesOf(orders - open),
    open: templatesOf(open),
  })
  const shares = [...sharesOf(templates.closed, orders - open), ...sharesOf(templates.open, open)].toSorted(
    (a, b) => a.template.startedMs - b.template.startedMs,
  )
  const customers = Math.ceil(orders / ordersOfACustomer)
  const entries = shares.reduce((sum, { template, count }) => sum + template.events.length * count, 0)
  log(`${orders} orders with ${entries} entries, from ${shares.length} journals`)
  await templateTables.create(db, shares, customers)

  const batches = Array.from({ length: Math.ceil(orders / batchSize) }, (_, index) => index * batchSize)
  let written = 0
  const work = async () => {
    for (let first = batches.shift(); first !== undefined; first = batches.shift()) {
      const last = Math.min(orders, first + batchSize)
      await db.transaction().execute(tx => writeBatch(tx, first!, last))
      while ((await ledgerStore(db).sealJournals(new Date(nowMs).toISOString(), batchSize)) === batchSize);
      const before = Math.floor((written * 20) / orders)
      written += last - first
      if (Math.floor((written * 20) / orders) > before) log(`${Math.floor((100 * written) / orders)} % filled`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  while ((await ledgerStore(db).sealJournals(new Date(nowMs).toISOString(), batchSize)) > 0);
  await sql`insert into closed_orders
    select organisation, status, count(*) from orders where closed_at is not null group by 1, 2`.execute(db)
  await templateTables.drop(db)
  const now = new Date(nowMs).toISOString()
  const { rows } = await sql<{ open: number; overdue: number }>`
    select count(*)::int as open, count(*) filter (where due_at < ${now})::int as overdue
    from orders where closed_at is null`.execute(db)
  return { orders, entries, ...rows[0]! }
}

/** How many orders are made from each. */
function sharesOf(templates: readonly OrderTemplate[], orders: number) {
  const upTo = (index: number) => Math.floor((orders * index) / templates.length)
  return templates.map((template, index) => ({ template, count: upTo(index + 1) - upTo(index) }))
}

/** Orders number `first` + 1 to `last`. */
async function writeBatch(tx: Tx, first: number, last: number): Promise<void> {
  // What the triggers would look at is right by how it is made here.
  await sql`set local session_replication_role = replica`.execute(tx)
  await sql`set local synchronous_commit = off`.execute(tx)
  await sql`set local work_mem = '256MB'`.execute(tx)
  await sql`set local default_statistics_target = 10`.execute(tx)
  const named = (text: string) => sql.raw(`replace(${text}, '${placeholders.orderNo}', o.order_no)`)
  const personal = (text: string) =>
    sql.raw(`replace(replace(${text}, '${placeholders.orderNo}', o.order_no), '${placeholders.customer}', o.customer)`)
  await sql`
    create temp table batch on commit drop as
    select template.id as template, template.organisation, 'B-' || lpad(number::text, 8, '0') as order_no,
      'C-' || lpad((number * 7919::bigint % template.customers + 1)::text, 8, '0') as customer,
      template.created_from
        + (template.started_at - template.created_from) * ((number - template.first) / template.count::float) as created_at
    from generate_series(${first + 1}::int, ${last}::int) as number
      join filling.template on number > template.first and number <= template.first + template.count`.execute(tx)
  await sql`
    create temp table entry on commit drop as
    select * from filling.entry where template in (select template from batch)`.execute(tx)
  await sql`analyze batch`.execute(tx)
  await sql`analyze entry`.execute(tx)
  await sql`
    create temp table chain on commit drop as
    with recursive linked as (
      select template, organisation, order_no, customer, 0 as seq, null::bytea as prev,
        sha256(convert_to('{"orderNo":"' || order_no || '","organisation":"' || organisation || '"}', 'UTF8')) as hash
      from batch
      union all
      select o.template, o.organisation, o.order_no, o.customer, e.seq, o.hash,
        sha256(convert_to(encode(o.hash, 'hex') || ${personal('e.hashed')}, 'UTF8'))
      from linked as o join entry as e on e.template = o.template and e.seq = o.seq + 1
    )
    select * from linked where seq > 0`.execute(tx)
  await sql`analyze chain`.execute(tx)
  await sql`
    insert into journal (organisation, order_no, seq, at, type, actor, reason, command, matrix, data, prev, hash)
    select o.organisation, o.order_no, e.seq, e.at, e.type, e.actor, e.reason, e.command, e.matrix,
      coalesce(e.data, ${personal('e.data_text')}::jsonb), o.prev, o.hash
    from chain as o join entry as e using (template, seq)`.execute(tx)
  await sql`
    insert into orders (organisation, order_no, content_hash, content, process_id, process_version, start_input, placed_by,
      customer_id, skus, created_at, started_at, status, state, view, seq, as_of, steps, owners, due_at, provisional,
      exceptions, closed_at, journal_hash)
    select o.organisation, o.order_no, encode(c.hash, 'hex'), ${personal('t.content')}::jsonb, ${sales.id}, ${sales.version},
      t.start_input, 'shop', o.customer, t.skus, date_trunc('milliseconds', o.created_at), o.created_at, t.status,
      ${personal('t.state')}::jsonb, ${personal('t.view')}::jsonb, t.seq, t.as_of, t.steps, t.owners, t.due_at, t.provisional,
      t.exceptions, t.closed_at, c.hash
    from batch as o join filling.template as t on t.id = o.template
      join chain as c on c.organisation = o.organisation and c.order_no = o.order_no and c.seq = t.seq`.execute(tx)
  await sql`
    insert into order_skus
    select distinct o.organisation, sku, date_trunc('milliseconds', o.created_at), o.order_no
    from batch as o join filling.template as t on t.id = o.template cross join lateral unnest(t.skus) as sku`.execute(
    tx,
  )
  await sql`
    insert into unsealed (organisation, order_no, seq, hash)
    select o.organisation, o.order_no, o.seq, o.hash from chain as o join filling.template as t
      on t.id = o.template and t.seq = o.seq`.execute(tx)
  for (const table of ['tasks', 'exceptions', 'facts', 'notices']) {
    const of = sql.lit(table)
    await sql`
      insert into ${sql.table(table)}
      select row.* from batch as o join filling.beside as b on b.template = o.template and b.of = ${of}
        cross join lateral jsonb_populate_record(null::${sql.table(table)}, ${named('b.row')}::jsonb) as row`.execute(
      tx,
    )
  }
}
