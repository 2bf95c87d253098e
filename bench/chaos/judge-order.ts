import { isDeepStrictEqual } from 'node:util'
import type { Event } from '../../domain/core/events/event.ts'
import { evolve } from '../../domain/core/evolve/evolve.ts'
import type { OrderState } from '../../domain/core/state.ts'
import type { Acknowledged } from './shop.ts'

/** An order as the tables have it. */
export interface OrderRow {
  readonly order_no: string
  readonly status: string
  readonly seq: number
  readonly state: OrderState | null
  readonly closed_at: Date | null
  readonly due_at: Date | null
  readonly owners: readonly string[]
}

export type LedgerEntry = { readonly orderNo: string; readonly key: string; readonly amount?: string }
export type Ledger = Readonly<Record<string, readonly LedgerEntry[]>>

/** What else is known of it: what the outside systems did, what the shop was told, which facts are in the store. */
export interface Evidence {
  readonly ledger: Ledger
  readonly acknowledged: Pick<Acknowledged, 'approved' | 'reported'>
  readonly facts: ReadonlySet<string>
}

/** What is wrong with an order when the dust has settled; nothing: an empty list. */
export function judgeOrder(row: OrderRow, journal: readonly Event[], evidence: Evidence): string[] {
  return [
    ...restingPlace(row),
    ...journalProblems(row, journal),
    ...decisionProblems(row.order_no, journal, evidence),
    ...effectProblems(row, journal, evidence.ledger),
  ]
}

/** Closed, or with somebody who has a deadline. */
function restingPlace({ closed_at, due_at, owners, status, state }: OrderRow): string[] {
  if (closed_at !== null) {
    return Object.keys(state?.calls ?? {}).length === 0 ? [] : ['closed while a call is in flight']
  }
  return due_at !== null && owners.length > 0 ? [] : [`${status}, without ${due_at ? 'an owner' : 'a deadline'}`]
}

function journalProblems(row: OrderRow, journal: readonly Event[]): string[] {
  const gap = journal.findIndex((event, index) => event.seq !== index + 1)
  if (gap >= 0) return [`the journal has a gap at ${gap + 1}`]
  if (journal.length !== row.seq) return [`the journal has ${journal.length} entries, its projection is at ${row.seq}`]
  let state: OrderState | null = null
  for (const event of journal) state = evolve(state, event)
  const folded = JSON.parse(JSON.stringify(state))
  return isDeepStrictEqual(folded, row.state) ? [] : ['the projection is not the fold of the journal']
}

function decisionProblems(orderNo: string, journal: readonly Event[], { acknowledged: known, facts }: Evidence) {
  const problems: string[] = []
  const approved = journal.some(({ type, actor }) => type === 'step.completed' && actor === 'mei')
  if (known.approved.has(orderNo) && !approved) problems.push('an acknowledged approval is lost')
  if (known.reported.has(orderNo) && !facts.has(`off-${orderNo}`)) {
    const inJournal = journal.some(event => event.type === 'fact.received' && event.data.fact.id === `off-${orderNo}`)
    if (!inJournal) problems.push('an acknowledged fact is lost')
  }
  return problems
}

const pairs = [
  ['authorisations', 'voids'],
  ['captures', 'refunds'],
  ['reservations', 'releases'],
  ['parcels', 'recalls'],
] as const

/** What the outside systems did, against what the journal says of it. */
function effectProblems(row: OrderRow, journal: readonly Event[], ledger: Ledger): string[] {
  const problems: string[] = []
  const asked = new Set(journal.flatMap(event => (event.type === 'call.started' ? [event.data.key] : [])))
  const of = (kind: string) => (ledger[kind] ?? []).filter(entry => entry.orderNo === row.order_no)
  for (const [done, undone] of pairs) {
    for (const kind of [done, undone]) {
      const keys = of(kind).map(entry => entry.key)
      for (const key of keys) if (!asked.has(key)) problems.push(`${kind} by a key that the journal has not: ${key}`)
      if (new Set(keys).size < keys.length) problems.push(`${kind} twice by one key`)
    }
    const kept = of(done).length - of(undone).length
    if (kept < 0 || kept > 1) problems.push(`${of(done).length} ${done}, ${of(undone).length} ${undone}`)
    if (row.status === 'cancelled' && kept !== 0) problems.push(`cancelled with ${done} that were not taken back`)
    if (row.status === 'completed' && kept !== 1) problems.push(`completed with ${kept} ${done}`)
  }
  if (row.closed_at !== null && row.state !== null) problems.push(...moneyProblems(row.state, of))
  return problems
}

function moneyProblems({ money }: OrderState, of: (kind: string) => readonly LedgerEntry[]): string[] {
  const sum = (kind: string) => of(kind).reduce((total, { amount }) => total + Math.round(Number(amount) * 100), 0)
  const world = { captured: sum('captures'), refunded: sum('refunds') }
  const said = { captured: money.capturedMinor, refunded: money.refundedMinor }
  return world.captured - world.refunded === said.captured - said.refunded
    ? []
    : [`money: the bank has ${JSON.stringify(world)}, the order ${JSON.stringify(said)}`]
}
