import type { OrderRequest } from '../../domain/order/order-request.ts'
import type { OrderView } from '../../domain/view/order-view.ts'
import type { ListedOrder } from '../../store/order-list.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { contentTotalMinor, type OrderContent } from './order-content.ts'

/** What a return takes back, or has taken. */
export interface Claim {
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[]
  readonly amountMinor: number
}

const pageSize = 200

/** What the customer's other returns of the same order claim. */
export async function otherClaims(
  deps: Pick<ApiDependencies, 'store' | 'clock'>,
  organisation: string,
  request: OrderRequest,
  since: string,
): Promise<Claim[]> {
  const claims: Claim[] = []
  const filter = {
    organisation,
    customer: request.customer.id,
    since,
    limit: pageSize,
    now: deps.clock().toISOString(),
  }
  let cursor: string | undefined
  do {
    const page = await deps.store.listOrders({ ...filter, ...(cursor === undefined ? {} : { cursor }) })
    for (const row of page.items) {
      const isOfSameOrder = (row.content as OrderContent).returnOf === request.returnOf
      if (isOfSameOrder && row.orderNo !== request.orderNo) claims.push(claimOf(row))
    }
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return claims
}

/** All that has not been cancelled of it; once it is closed, what was really paid back. */
function claimOf({ view, content }: ListedOrder): Claim {
  const known = view as OrderView | null
  if (known === null) {
    const asked = content as OrderContent
    return { lines: asked.lines, amountMinor: contentTotalMinor(asked) }
  }
  return {
    lines: known.lines.map(({ sku, ordered, cancelled }) => ({ sku, quantity: ordered - cancelled })),
    amountMinor: known.closedAt === null ? known.money.payableMinor : known.money.refundedMinor,
  }
}
