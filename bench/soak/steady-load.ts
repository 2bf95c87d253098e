import { setTimeout as pause } from 'node:timers/promises'

export const calls = ['place', 'approve', 'deliver', 'end'] as const
export type Call = (typeof calls)[number]

/** How long one call of one order took, and when it began. */
export interface Timed {
  readonly call: Call
  readonly at: number
  readonly ms: number
}

export interface SteadyLoad {
  readonly timed: Timed[]
  placed: number
  completed: number
  /** Requests that were answered with 503, and sent again. */
  repeats: number
  /** Answers that were none, and orders that did not come to their end. */
  readonly failures: string[]
  /** Orders that were due while too many were still under way. */
  left: number
}

const mostUnderWay = 200
/** An order waits for its approval, and for its delivery. */
const restsMs = [700, 2_000] as const
const endLookMs = 100
const [mostRepeats, repeatAfterMs] = [5, 500] as const
const endLimitMs = 60_000

/** Places an order every so often, whatever becomes of the others, and brings each to its end over HTTP. */
export async function steadyLoad(apiUrl: string, rate: number, untilMs: number): Promise<SteadyLoad> {
  const load: SteadyLoad = { timed: [], placed: 0, completed: 0, repeats: 0, failures: [], left: 0 }
  const underWay = new Set<Promise<void>>()
  const begunMs = Date.now()
  for (let index = 0; ; index += 1) {
    const dueMs = begunMs + (index * 1000) / rate
    if (dueMs > untilMs) break
    await pause(Math.max(0, dueMs - Date.now()))
    if (underWay.size >= mostUnderWay) {
      load.left += 1
      continue
    }
    const one: Promise<void> = wholeOrder(apiUrl, `S-${index}`, load)
      .catch((error: Error) => void load.failures.push(`S-${index}: ${error.message}`))
      .finally(() => underWay.delete(one))
    underWay.add(one)
  }
  await Promise.all(underWay)
  return load
}

async function wholeOrder(apiUrl: string, orderNo: string, load: SteadyLoad): Promise<void> {
  const timed = async (call: Call, act: () => Promise<void>) => {
    const at = Date.now()
    const begun = performance.now()
    await act()
    load.timed.push({ call, at, ms: performance.now() - begun })
  }
  const path = `/api/orders/${orderNo}`
  load.placed += 1
  const send = (person: string, to: string, body: object, expected: readonly number[]) =>
    insist(apiUrl, person, to, body, expected, load)
  // One that is sent again may have been taken the first time.
  await timed('place', () => send('shop', '/api/orders', placing(orderNo), [201, 200]))
  await pause(restsMs[0])
  const approval = { type: 'approve', id: `yes-${orderNo}` }
  await timed('approve', () => send('mei', `${path}/commands`, approval, [200]))
  await pause(restsMs[1])
  const at = new Date().toISOString()
  const fact = { id: orderNo, source: 'soak', type: 'shipment.delivered', at, data: {} }
  const delivered = performance.now()
  await timed('deliver', () => send('shop', `${path}/facts`, fact, [202]))
  await untilCompleted(`${apiUrl}${path}`)
  load.timed.push({ call: 'end', at: Date.parse(at), ms: performance.now() - delivered })
  load.completed += 1
}

/** Sends it again, the same, as it may be after a 503. */
async function insist(
  apiUrl: string,
  person: string,
  path: string,
  body: object,
  expected: readonly number[],
  load: SteadyLoad,
): Promise<void> {
  for (let repeat = 0; ; repeat += 1) {
    const response = await fetch(`${apiUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer demo-${person}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
    const text = await response.text()
    if (expected.includes(response.status)) return
    if (response.status !== 503 || repeat === mostRepeats) {
      throw new Error(`${path}: ${response.status} ${text.slice(0, 200)}`)
    }
    load.repeats += 1
    await pause(repeatAfterMs)
  }
}

async function untilCompleted(url: string): Promise<void> {
  for (const giveUpAt = Date.now() + endLimitMs; ; await pause(endLookMs)) {
    const response = await fetch(url, { headers: { authorization: 'Bearer demo-shop' } })
    const { status } = (await response.json()) as { status: string }
    if (status === 'completed') return
    if (Date.now() > giveUpAt) throw new Error(`still ${status}`)
  }
}

/** One that needs an approval. */
function placing(orderNo: string) {
  const lines = [{ sku: 'TEA', quantity: 2, unitPrice: '9000.00' }]
  return { orderNo, customer: { id: 'c-soak', name: 'Ada' }, currency: 'CNY', lines }
}
