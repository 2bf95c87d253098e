import type { Logger } from 'pino'
import { factSchema } from '../../domain/fact.ts'
import type { FactRow } from '../../store/facts.ts'
import type { OrderRow } from '../../store/orders.ts'
import type { OrderInput } from '../../workflows/messages.ts'
import type { ApiDependencies } from '../dependencies.ts'
import type { FieldError } from '../http/problem.ts'
import { type FactReading, readFact } from './read-fact.ts'
import { withWorkflow } from './with-workflow.ts'

type Needed = Pick<ApiDependencies, 'store' | 'orders' | 'clock'>

/**
 * Hands an order the facts that were parked for it, in the order they came. One that cannot be of this order (its
 * currency is another) stays parked and becomes an exception.
 * @throws OrdersUnavailable, StoreUnavailable: the sweep comes again
 */
export async function deliverParked(deps: Needed, row: OrderRow, log: Logger): Promise<number> {
  let delivered = 0
  for (const parked of await deps.store.parkedFor(row.organisation, row.orderNo)) {
    const read = readParked(parked, row)
    if (!read.ok) {
      await raiseMismatch(deps, row, parked, read.errors)
      continue
    }
    const answer = await withWorkflow(deps, row, () => deps.orders.fact(row, read.fact))
    if (answer === null || !answer.ok) break
    await deps.store.markTaken(row.organisation, parked.source, parked.id)
    delivered += 1
  }
  if (delivered > 0) log.info({ orderNo: row.orderNo, delivered }, 'parked facts delivered')
  return delivered
}

function readParked({ id, source, type, claimedAt, data }: FactRow, row: OrderRow): FactReading {
  const request = factSchema.safeParse({ id, source, type, at: claimedAt, data })
  if (!request.success) return { ok: false, errors: [{ field: 'data', message: 'cannot be read' }] }
  return readFact(request.data, (row.startInput as OrderInput).order)
}

async function raiseMismatch(
  deps: Needed,
  row: OrderRow,
  { source, id, type, claimedAt, data }: FactRow,
  errors: readonly FieldError[],
): Promise<void> {
  const exception = `${row.orderNo}:fact:${source}/${id}`
  // The sweep comes by again and again: it is one exception all the same.
  if ((await deps.store.getException(row.organisation, exception)) !== null) return
  await deps.store.raiseException({
    organisation: row.organisation,
    orderNo: row.orderNo,
    id: exception,
    kind: 'mismatch',
    severity: 'error',
    step: null,
    owner: (row.startInput as OrderInput).definition.owner,
    evidence: { fact: { source, id, type, at: claimedAt, data }, errors },
    openedAt: deps.clock().toISOString(),
  })
}
