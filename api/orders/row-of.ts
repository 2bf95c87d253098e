import { orderNoText } from '../../domain/order/order-request.ts'
import type { OrderRow } from '../../store/orders.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'

/** @throws Problem not_found */
export async function rowOf(deps: ApiDependencies, organisation: string, orderNo: string): Promise<OrderRow> {
  const row = orderNoText.safeParse(orderNo).success ? await deps.store.getOrder(organisation, orderNo) : null
  if (row === null) throw new Problem('not_found', `there is no order ${orderNo}`)
  return row
}
