import { ApiAway, type AskApi } from './ask-api.ts'

/** Numbers of the open orders that the list finds by this. @throws ApiAway */
export async function openOrders(ask: AskApi, filter: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const found: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ limit: '200', ...filter, ...(cursor === '' ? {} : { cursor }) })
    const { ok, status, body } = await ask(`/api/orders?${query}`)
    if (!ok) throw new ApiAway(body.detail ?? `the API answered ${status}`)
    for (const { orderNo, closedAt } of body.items) if (closedAt === null) found.push(orderNo)
    cursor = body.nextCursor
  }
  return found
}

/** Each waits for a workflow, so that a few at a time are faster and hurt nobody. */
export async function eachOrder(orders: readonly string[], work: (orderNo: string) => Promise<void>): Promise<void> {
  const left = [...orders]
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}
