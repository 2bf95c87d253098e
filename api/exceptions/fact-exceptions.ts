import { createHash } from 'node:crypto'
import { dueAfter } from '../../domain/exception/climb.ts'
import { rulesOf } from '../../domain/exception/exception-rules.ts'
import type { ExceptionKind } from '../../domain/exception/kind.ts'
import type { NewException } from '../../store/exception-queue.ts'
import type { FactRow } from '../../store/facts.ts'
import type { OrderKey, OrderRow } from '../../store/orders.ts'
import type { OrderInput } from '../../workflows/messages.ts'
import type { ApiDependencies } from '../dependencies.ts'
import type { FieldError } from '../http/problem.ts'

/*
 * Facts that no order can take: they stay parked, and somebody is told. Each fact is counted once, however often the
 * sweep comes by.
 */

type Needed = Pick<ApiDependencies, 'store' | 'clock' | 'processes'>

/** It cannot be of this order: its currency is another, say. */
export async function raiseForeignFact(
  deps: Needed,
  row: OrderRow,
  fact: FactRow,
  errors: readonly FieldError[],
): Promise<void> {
  const digest = createHash('sha256')
    .update(JSON.stringify([fact.source, fact.id]))
    .digest('hex')
    .slice(0, 12)
  await raise(deps, fact, {
    ...ofOrder(row),
    id: `${row.orderNo}:fact:${digest}`,
    kind: 'mismatch',
    evidence: {
      expected: `a report of ${fact.type} that can be of this order`,
      seen: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
      since: fact.receivedAt,
      fact: reported(fact),
      errors,
    },
  })
}

/** The order is closed and takes nothing more: one exception for each such order, with a count. */
export async function raiseLateFact(deps: Needed, row: OrderRow, fact: FactRow): Promise<void> {
  const closed = row.closedAt === null ? 'closed' : `closed as ${row.status} since ${row.closedAt}`
  await raise(deps, fact, {
    ...ofOrder(row),
    id: `${row.orderNo}:closed`,
    kind: 'mismatch',
    evidence: {
      expected: `nothing more is reported: the order is ${closed}`,
      seen: `${fact.source} reports ${fact.type}`,
      since: fact.receivedAt,
      fact: reported(fact),
    },
  })
}

/** Nobody has placed such an order for as long as exceptions.yaml lets it be late: one exception for each number. */
export async function raiseGhosts(deps: Needed, atMost: number): Promise<void> {
  const now = deps.clock().toISOString()
  const { calendar, after } = rulesOf(deps.processes.exceptions, 'ghost')
  for (const fact of await deps.store.orphanedFacts(atMost)) {
    // They come oldest first, and what came later is due later.
    if (dueAfter(calendar, fact.receivedAt, after) > now) return
    await raise(deps, fact, {
      organisation: fact.organisation,
      orderNo: null,
      id: ghostId(fact.orderNo),
      kind: 'ghost',
      evidence: {
        expected: `an order ${fact.orderNo} is placed`,
        seen: `${fact.source} reports ${fact.type} of it, and there is none`,
        since: fact.receivedAt,
        orderNo: fact.orderNo,
        fact: reported(fact),
      },
    })
  }
}

/** The order has come, and has taken what was reported of it. */
export async function endGhost(deps: Needed, { organisation, orderNo }: OrderKey): Promise<void> {
  const said = { by: 'sweep', at: deps.clock().toISOString(), note: 'the order was placed' }
  // Where somebody has resolved it otherwise, that stands.
  await deps.store.resolveException(organisation, ghostId(orderNo), { ...said, outcome: 'fixed' })
}

function ghostId(orderNo: string): string {
  return `ghost:${orderNo}`
}

type Raised = Pick<NewException, 'organisation' | 'orderNo' | 'id' | 'evidence'> & {
  readonly kind: ExceptionKind
  readonly owner?: string
}

async function raise(deps: Needed, { source, id }: FactRow, raised: Raised): Promise<void> {
  const { severity, owner } = rulesOf(deps.processes.exceptions, raised.kind)
  const exception = { severity, owner, step: null, openedAt: deps.clock().toISOString(), ...raised }
  await deps.store.raiseException(exception, { fact: { source, id } })
}

export function ofOrder({ organisation, orderNo, startInput }: OrderRow) {
  return { organisation, orderNo, owner: (startInput as OrderInput).definition.owner }
}

function reported({ source, id, type, claimedAt, data }: FactRow) {
  return { source, id, type, at: claimedAt, data }
}
