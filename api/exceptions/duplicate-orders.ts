import { rulesOf } from '../../domain/exception/exception-rules.ts'
import type { OrderRow } from '../../store/orders.ts'
import type { ApiDependencies } from '../dependencies.ts'
import type { Difference } from '../orders/order-content.ts'
import { ofOrder } from './fact-exceptions.ts'

type Needed = Pick<ApiDependencies, 'store' | 'clock' | 'processes' | 'logger'>

/**
 * Other content was sent under the number of an order: whoever sent it is refused, but one of the two is not what
 * somebody believes it to be. One exception for each order, with a count; it changes nothing about the answer.
 */
export async function raiseDuplicate(
  deps: Needed,
  row: OrderRow,
  sentBy: string,
  differences: readonly Difference[],
): Promise<void> {
  const now = deps.clock().toISOString()
  const { severity } = rulesOf(deps.processes.exceptions, 'duplicate')
  const fields = differences.map(({ field }) => field)
  const exception = {
    ...ofOrder(row),
    id: `${row.orderNo}:duplicate`,
    kind: 'duplicate',
    severity,
    step: null,
    openedAt: now,
    evidence: {
      expected: `the order ${row.orderNo} as ${row.placedBy} placed it at ${row.createdAt}`,
      seen: `${sentBy} sent it again with other content: ${fields.join(', ')}`,
      since: now,
      sentBy,
      placedBy: row.placedBy,
      differences,
    },
  } as const
  try {
    await deps.store.raiseException(exception, { by: 'api' })
  } catch (error) {
    deps.logger.warn({ err: error, orderNo: row.orderNo }, 'a duplicate could not be recorded')
  }
}
