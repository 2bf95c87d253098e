import pg from 'pg'
import type { Event } from '../../domain/core/events/event.ts'
import { judgeOrder, type Ledger, type OrderRow } from './judge-order.ts'
import type { Acknowledged } from './shop.ts'

export interface Verdict {
  readonly problems: readonly string[]
  readonly byStatus: Readonly<Record<string, number>>
  readonly events: number
}

/** Everything that must be true when the dust has settled, looked at from outside: the tables and the ledger alone. */
export async function verify(databaseUrl: string, ledger: Ledger, acknowledged: Acknowledged): Promise<Verdict> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    // Those in review go on being told: rows and journals must be of one instant.
    await client.query('begin transaction isolation level repeatable read read only')
    const { rows } = await client.query<OrderRow>('select * from orders order by order_no')
    const facts = await client.query<{ id: string }>('select id from facts')
    const problems: string[] = []
    const reported = new Set(facts.rows.map(({ id }) => id))
    const known = new Set(rows.map(row => row.order_no))
    for (const orderNo of acknowledged.placed) if (!known.has(orderNo)) problems.push(`${orderNo}: accepted and lost`)
    let events = 0
    for (const row of rows) {
      const journal = await journalOf(client, row.order_no)
      events += journal.length
      const found = judgeOrder(row, journal, { ledger, acknowledged, facts: reported })
      problems.push(...found.map(problem => `${row.order_no}: ${problem}`))
    }
    const byStatus: Record<string, number> = {}
    for (const { status } of rows) byStatus[status] = (byStatus[status] ?? 0) + 1
    return { problems, byStatus, events }
  } finally {
    await client.end()
  }
}

async function journalOf(client: pg.Client, orderNo: string): Promise<readonly Event[]> {
  const { rows } = await client.query(
    'select seq, at, type, actor, reason, command, data from journal where order_no = $1 order by seq',
    [orderNo],
  )
  return rows.map(({ reason, command, at, ...row }) => ({
    ...row,
    at: (at as Date).toISOString(),
    ...(reason === null ? {} : { reason }),
    ...(command === null ? {} : { command }),
  })) as Event[]
}
