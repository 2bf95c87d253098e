import { sql } from 'kysely'
import type { Tx } from '../database.ts'
import { hexOf } from '../hex.ts'
import { type Hash, ledgerStart, type SealContent, sealHash } from '../journal-chain.ts'
import type { Finding } from './finding.ts'
import type { Scope } from './read-orders.ts'

/** The last seal of an organisation: kept elsewhere, it proves later that nothing before it was changed or cut off. */
export interface Anchor {
  readonly organisation: string
  readonly number: number
  readonly hash: Hash
}

export interface JudgedSeals {
  readonly seals: number
  readonly anchors: readonly Anchor[]
}

type Seal = SealContent & { readonly prev: Hash; readonly hash: Hash }
type Found = (finding: Finding) => void

/** The seals themselves: each whole, after the one before, and those that were expected among them. */
export async function judgeSeals(
  tx: Tx,
  scope: Scope,
  expected: readonly Anchor[],
  found: Found,
): Promise<JudgedSeals> {
  const anchors = new Map<string, Anchor>()
  const unseen = new Set(expected)
  let seals = 0
  for await (const seal of readSeals(tx, scope)) {
    const { organisation, number, hash } = seal
    const before = anchors.get(organisation) ?? { number: 0, hash: ledgerStart(organisation) }
    const wrong = (seq: number, detail: string) => found({ kind: 'ledger', organisation, orderNo: null, seq, detail })
    for (let lost = before.number + 1; lost < number; lost += 1) wrong(lost, 'there is no such seal')
    if (sealHash(seal.prev, seal) !== hash) wrong(number, 'it is not what was sealed')
    else if (number === before.number + 1 && seal.prev !== before.hash) {
      wrong(number, 'it was not made after the one before it')
    }
    for (const anchor of unseen) {
      if (anchor.organisation !== organisation || anchor.number !== number) continue
      unseen.delete(anchor)
      if (anchor.hash !== hash) wrong(number, 'it is not the seal that was expected')
    }
    anchors.set(organisation, { organisation, number, hash })
    seals += 1
  }
  for (const { organisation, number } of unseen) {
    found({
      kind: 'ledger',
      organisation,
      orderNo: null,
      seq: number,
      detail: 'there is no such seal, and it was expected',
    })
  }
  return { seals, anchors: [...anchors.values()] }
}

async function* readSeals(tx: Tx, { organisation }: Scope): AsyncGenerator<Seal> {
  let last = { organisation: '', number: 0 }
  for (;;) {
    let query = tx
      .selectFrom('ledger')
      .select(['organisation', 'number', 'at', 'heads'])
      .select([hexOf('prev').$notNull().as('prev'), hexOf('hash').$notNull().as('hash')])
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('organisation', 'number'), '>', tuple(last.organisation, last.number)),
      )
    if (organisation !== undefined) query = query.where('organisation', '=', organisation)
    const page = await query.orderBy('organisation').orderBy('number').limit(100).execute()
    yield* page
    if (page.length < 100) return
    last = page.at(-1)!
  }
}

interface HeadRow {
  readonly organisation: string
  readonly orderNo: string
  readonly seq: number
}

/** What was sealed, or waits to be, against the journals: nothing may be missing, and nothing be more. */
export async function judgeHeads(tx: Tx, scope: Scope, found: Found): Promise<void> {
  const organisation = scope.organisation ?? null
  const orderNo = scope.orderNo ?? null
  const heads = sql`
    select organisation, head ->> 0 as order_no, (head ->> 1)::int as seq, decode(head ->> 2, 'hex') as hash
      from ledger cross join jsonb_array_elements(heads) as head
      where (${organisation}::text is null or organisation = ${organisation})
        and (${orderNo}::text is null or head ->> 0 = ${orderNo})
    union all
    select organisation, order_no, seq, hash from unsealed
      where (${organisation}::text is null or organisation = ${organisation})
        and (${orderNo}::text is null or order_no = ${orderNo})`

  const lost = await sql<HeadRow & { there: boolean }>`
    select head.organisation, head.order_no, head.seq, journal.hash is not null as there
    from (${heads}) as head left join journal using (organisation, order_no, seq)
    where journal.hash is distinct from head.hash
    order by head.organisation, head.order_no, head.seq`.execute(tx)
  for (const { there, ...head } of lost.rows) {
    found({
      kind: there ? 'changed' : 'missing',
      ...head,
      detail: there ? 'the ledger has another hash of it' : 'the ledger has it, and the journal has not',
    })
  }

  const more = await sql<HeadRow & { known: number }>`
    select orders.organisation, orders.order_no, orders.seq, coalesce(head.seq, 0) as known
    from orders left join (select organisation, order_no, max(seq) as seq from (${heads}) as head group by 1, 2) as head
      using (organisation, order_no)
    where orders.seq > coalesce(head.seq, 0)
      and (${organisation}::text is null or orders.organisation = ${organisation})
      and (${orderNo}::text is null or orders.order_no = ${orderNo})
    order by orders.organisation, orders.order_no`.execute(tx)
  for (const { known, ...order } of more.rows) {
    const detail = `what comes after entry ${known} is neither in the ledger nor waits to be`
    found({ kind: 'inserted', ...order, detail })
  }
}
