import type { Logger } from 'pino'
import { withWorkflow } from '../../commands/with-workflow.ts'
import { factSchema } from '../../domain/fact.ts'
import type { FactRow } from '../../store/facts.ts'
import type { OrderRow } from '../../store/orders.ts'
import type { OrderInput } from '../../workflows/messages.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { endGhost, raiseForeignFact } from '../exceptions/fact-exceptions.ts'
import { type FactReading, readFact } from './read-fact.ts'

type Needed = Pick<ApiDependencies, 'store' | 'orders' | 'clock' | 'processes'>

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
      await raiseForeignFact(deps, row, parked, read.errors)
      continue
    }
    const answer = await withWorkflow(deps, row, () => deps.orders.fact(row, read.fact))
    if (answer === null || !answer.ok) break
    await deps.store.markTaken(row.organisation, parked.source, parked.id)
    delivered += 1
    if (parked.exception !== null) await endGhost(deps, row)
  }
  if (delivered > 0) log.info({ orderNo: row.orderNo, delivered }, 'parked facts delivered')
  return delivered
}

function readParked({ id, source, type, claimedAt, data }: FactRow, row: OrderRow): FactReading {
  const request = factSchema.safeParse({ id, source, type, at: claimedAt, data })
  if (!request.success) return { ok: false, errors: [{ field: 'data', message: 'cannot be read' }] }
  return readFact(request.data, (row.startInput as OrderInput).order)
}
