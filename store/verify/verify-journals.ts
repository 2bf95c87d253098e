import type { Event } from '../../domain/core/events/event.ts'
import { upcastDefinition, upcastEvents } from '../../domain/core/events/upcast.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import type { Db, Tx } from '../database.ts'
import { toEvent } from '../journal.ts'
import type { Finding } from './finding.ts'
import { judgeEntries } from './judge-entries.ts'
import { type Anchor, judgeHeads, judgeSeals } from './judge-ledger.ts'
import { judgeProjection } from './judge-projection.ts'
import { type OrderToJudge, readOrders, type Scope } from './read-orders.ts'

export interface VerifyRequest extends Scope {
  /** Seals that must be there as they were. */
  readonly expected?: readonly Anchor[]
  readonly onFinding: (finding: Finding) => void
}

export interface VerifyReport {
  readonly orders: number
  readonly entries: number
  readonly seals: number
  readonly findings: number
  readonly anchors: readonly Anchor[]
}

/** Reads everything as of one instant, while nolimbo goes on. */
export function verifyJournals(db: Db, request: VerifyRequest): Promise<VerifyReport> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(tx => verify(tx, request))
}

async function verify(tx: Tx, { expected = [], onFinding, ...scope }: VerifyRequest): Promise<VerifyReport> {
  const told = new Set<string>()
  const found = (finding: Finding) => {
    const { kind, organisation, orderNo, seq } = finding
    const name = JSON.stringify([kind, organisation, orderNo, seq])
    if (told.has(name)) return
    told.add(name)
    onFinding(finding)
  }
  const definitionOf = definitions(tx)
  let [orders, entries] = [0, 0]
  for await (const order of readOrders(tx, scope)) {
    orders += 1
    entries += order.entries.length
    const wrong = judgeEntries(order, order.row, order.entries)
    wrong.forEach(found)
    if (wrong.length === 0) await judgeShown(order, definitionOf, found)
  }
  const { seals, anchors } = await judgeSeals(tx, scope, expected, found)
  await judgeHeads(tx, scope, found)
  return { orders, entries, seals, findings: told.size, anchors }
}

type DefinitionOf = (order: OrderToJudge, events: readonly Event[]) => Promise<CompiledDefinition>

async function judgeShown(
  order: OrderToJudge,
  definitionOf: DefinitionOf,
  found: (finding: Finding) => void,
): Promise<void> {
  const { organisation, orderNo, row, beside, entries } = order
  if (row === null) return
  const untouched = entries.length === 0 && row.state === null
  const events = upcastEvents(entries.map(toEvent))
  const wrong = untouched ? null : judgeProjection(await definitionOf(order, events), row, events, beside)
  if (wrong !== null) found({ kind: 'projection', organisation, orderNo, seq: null, detail: wrong })
}

/**
 * As the orders were started with them; a version never changes, so one order's is that of all. The row may name another
 * version, to which the order was moved: the journal has it.
 */
function definitions(tx: Tx): DefinitionOf {
  const known = new Map<string, Promise<CompiledDefinition>>()
  return ({ organisation, orderNo, row }, [first]) => {
    const version = first?.type === 'order.received' ? first.data.process.version : row?.processVersion
    const name = JSON.stringify([organisation, row?.processId, version])
    if (!known.has(name)) known.set(name, read(organisation, orderNo))
    return known.get(name)!
  }

  async function read(organisation: string, orderNo: string): Promise<CompiledDefinition> {
    const row = await tx
      .selectFrom('orders')
      .select('startInput')
      .where('organisation', '=', organisation)
      .where('orderNo', '=', orderNo)
      .executeTakeFirstOrThrow()
    return upcastDefinition((row.startInput as { definition: object }).definition)
  }
}
