import { sql } from 'kysely'
import type { OrderContent } from '../../api/orders/order-content.ts'
import { toDecimal } from '../../domain/money/money.ts'
import type { Db } from '../../store/database.ts'
import type { JournalEntry } from '../../store/journal.ts'
import { entryText } from '../../store/journal-chain.ts'
import { sales } from '../made-up-journals.ts'
import { type OrderTemplate, placeholders } from './order-templates.ts'

export interface Share {
  readonly template: OrderTemplate
  /** How many orders are made from it. */
  readonly count: number
}

const rowsAtOnce = 2_000

/** What the statements that fill the tables read: a schema beside the store's own, dropped when they are done. */
export const templateTables = {
  async create(db: Db, shares: readonly Share[], customers: number): Promise<void> {
    await sql`
      drop schema if exists filling cascade;
      create schema filling;
      create unlogged table filling.template (
        id int primary key, organisation text, first int, count int, customers int, created_from timestamptz(3),
        started_at timestamptz(3), content text, start_input jsonb, skus text[], status text, state text, view text,
        seq int, as_of timestamptz(3), steps text[], owners text[], due_at timestamptz(3), provisional boolean, exceptions text[],
        closed_at timestamptz(3));
      create unlogged table filling.entry (
        template int, seq int, at timestamptz(3), type text, actor text, reason text, command text, matrix text,
        data jsonb, data_text text, hashed text, primary key (template, seq));
      create unlogged table filling.beside (template int, of text, row text)`.execute(db)
    let first = 0
    let createdFromMs = (shares[0]?.template.startedMs ?? 0) - 3_600_000
    const templates: object[] = []
    for (const [id, { template, count }] of shares.entries()) {
      templates.push(templateRow(id, template, { first, count, customers, createdFromMs }))
      first += count
      createdFromMs = template.startedMs
    }
    await insert(db, 'template', templates)
    await insert(
      db,
      'entry',
      shares.flatMap(({ template }, id) => entryRows(id, template)),
    )
    await insert(
      db,
      'beside',
      shares.flatMap(({ template }, id) => besideRows(id, template)),
    )
    await sql`analyze filling.template; analyze filling.entry; create index on filling.beside (template, of)`.execute(
      db,
    )
  },

  async drop(db: Db): Promise<void> {
    await sql`drop schema filling cascade`.execute(db)
  },
}

async function insert(db: Db, table: string, rows: readonly object[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = JSON.stringify(rows.slice(from, from + rowsAtOnce))
    const name = sql.table(`filling.${table}`)
    await sql`insert into ${name} select * from jsonb_populate_recordset(null::${name}, ${some}::jsonb)`.execute(db)
  }
}

interface Place {
  readonly first: number
  readonly count: number
  readonly customers: number
  readonly createdFromMs: number
}

function templateRow(id: number, { organisation, startedMs, projection }: OrderTemplate, place: Place): object {
  const { state, view, status, seq, asOf, steps, owners, dueAt, provisional, exceptions, closedAt } = projection
  const { orderNo, customer, lines, currency, exponent } = state.order
  const content: OrderContent = {
    ...{
      orderNo,
      process: sales.id,
      customer: { id: customer.id, name: customer.name },
      currency,
      charges: [],
      attributes: {},
      returnOf: null,
    },
    lines: lines.map(({ sku, quantity, unitPriceMinor }) => ({
      ...{ sku, quantity, unitPrice: toDecimal(unitPriceMinor, exponent) },
    })),
  }
  const open = exceptions.filter(exception => exception.status !== 'resolved').map(({ kind }) => kind)
  return {
    ...{ id, organisation, first: place.first, count: place.count, customers: place.customers },
    created_from: new Date(place.createdFromMs).toISOString(),
    started_at: new Date(startedMs).toISOString(),
    content: JSON.stringify(content),
    start_input: { definition: sales },
    skus: lines.map(({ sku }) => sku),
    ...{ status, state: JSON.stringify(state), view: JSON.stringify(view), seq, as_of: asOf, steps, owners },
    due_at: dueAt,
    provisional,
    exceptions: [...new Set(open)].sort(),
    closed_at: closedAt,
  }
}

function entryRows(template: number, { organisation, events }: OrderTemplate): object[] {
  return events.map(({ seq, at, type, actor, reason = null, command = null, matrix = null, data }) => {
    const written = { seq, at, type, actor, reason, command, matrix }
    const hashed = entryText({
      ...{ ...written, organisation, orderNo: placeholders.orderNo },
      data: data as unknown as JournalEntry['data'],
    })
    const text = JSON.stringify(data)
    const differs = Object.values(placeholders).some(placeholder => text.includes(placeholder))
    return { template, ...written, hashed, ...(differs ? { data_text: text } : { data }) }
  })
}

function besideRows(template: number, { organisation, events, projection }: OrderTemplate): object[] {
  const order = { organisation, order_no: placeholders.orderNo }
  const tasks = projection.tasks.map(({ enteredAt, dueAt, ...task }) => ({
    ...{ ...order, ...task, entered_at: enteredAt, due_at: dueAt },
  }))
  const exceptions = projection.exceptions.map(({ openedAt, resolvedAt, ...exception }) => ({
    ...{ ...order, ...exception, opened_at: openedAt, resolved_at: resolvedAt, last_seen_at: openedAt },
    ...{ climb: 1, climbs_since: openedAt, resolved_by: resolvedAt === null ? null : 'order' },
  }))
  const facts = projection.takenFacts.map(({ source, id, type, at, data }) => ({
    ...{ ...order, source, id, type, claimed_at: at, data },
    ...{ state: 'taken', received_at: at },
  }))
  const notices = events.flatMap(({ type, at, data }) => {
    if (type !== 'notice.delivered') return []
    const { notice, persons, channel } = data
    const sent = { state: 'sent', tries: 0, repeats: 0, sent_at: at }
    const subject = { about: 'entered', subject: notice, process: sales.title }
    return persons.map(person => ({
      ...order,
      id: `${placeholders.orderNo}/${notice}`,
      person,
      channel,
      subject,
      at,
      ...sent,
    }))
  })
  const rows = { tasks, exceptions, facts, notices }
  return Object.entries(rows).flatMap(([of, list]) => list.map(row => ({ template, of, row: JSON.stringify(row) })))
}
