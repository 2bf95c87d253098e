import type { Up } from './start-up.ts'

type Kind = 'smooth' | 'approved' | 'forgotten' | 'lost' | 'nostock'

const kinds: readonly Kind[] = ['smooth', 'approved', 'forgotten', 'lost', 'nostock']

const stories: Readonly<Record<Kind, string>> = {
  smooth: 'goes through by itself',
  approved: 'is large: mei approves it',
  forgotten: 'is large, and nobody approves it',
  lost: "is delivered, but the carrier's callback is lost",
  nostock: 'is out of stock',
}

interface JournalEvent {
  readonly seq: number
  readonly at: string
  readonly type: string
  readonly data: Record<string, unknown>
}

interface Order {
  readonly orderNo: string
  readonly kind: Kind
  seen: number
  status: string
  closed: boolean
}

/** Long enough for every ladder of the demo process to be climbed to its end. */
const patienceMs = 60_000

/** Sends orders through the demo process and says what the clock does about those that stall. */
export async function runDemo(up: Up, count: number): Promise<void> {
  const series = new Date().toISOString().replace(/\D/g, '').slice(4, 14)
  const call = caller(up.apiUrl)
  await sandbox(up, 'PUT', '/faults', { callback: 'lost', orderNo: `lost-${series}` })
  await sandbox(up, 'PUT', '/auto', { deliverAfterMs: 1500 })
  console.log(`demo: sending ${count} orders of the process "demo" (its deadlines are seconds)`)
  const orders: Order[] = []
  for (let index = 0; index < count; index += 1) {
    const kind = kinds[index % kinds.length]!
    const orderNo = `${kind}-${series}-${String(index + 1).padStart(4, '0')}`
    const answer = await call('shop', 'POST', '/api/orders', request(orderNo, kind))
    if (answer.status !== 201)
      throw new Error(`POST /api/orders answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    orders.push({ orderNo, kind, seen: 0, status: 'received', closed: false })
    if ((index + 1) % 100 === 0) console.log(`demo: ${index + 1} of ${count} sent`)
  }
  for (const kind of kinds) {
    const some = orders.filter(order => order.kind === kind)
    if (some.length > 0) console.log(`demo: ${String(some.length).padStart(4)} x ${stories[kind]}`)
  }
  const end = Date.now() + patienceMs
  const talkative = orders.filter(order => order.kind !== 'smooth').slice(0, 40)
  while (Date.now() < end) {
    for (const order of orders) if (!order.closed) await follow(call, order, talkative.includes(order))
    if (orders.every(order => order.closed || order.kind === 'nostock') && Date.now() > end - patienceMs + 25_000) break
    await new Promise(resolve => setTimeout(resolve, 500))
  }
  summary(orders)
}

function request(orderNo: string, kind: Kind): object {
  const large = kind === 'approved' || kind === 'forgotten'
  return {
    orderNo,
    process: 'demo',
    customer: { id: `customer-${orderNo.slice(-4)}`, name: 'Demo customer' },
    currency: 'CNY',
    lines: [{ sku: kind === 'nostock' ? 'NOSTOCK-1' : 'SKU-1', quantity: 2, unitPrice: large ? '9000.00' : '45.50' }],
  }
}

async function follow(call: Call, order: Order, talk: boolean): Promise<void> {
  const { body } = await call('qin', 'GET', `/api/orders/${order.orderNo}/journal`)
  const events = ((body as { items?: JournalEvent[] }).items ?? []).filter(event => event.seq > order.seen)
  for (const event of events) {
    order.seen = event.seq
    const line = clockLine(event)
    if (talk && line !== undefined) console.log(`demo: ${order.orderNo}  ${line}`)
    if (event.type === 'order.closed') {
      order.closed = true
      order.status = String(event.data.status)
    }
    const waits = event.type === 'step.entered' && event.data.step === 'approval'
    if (waits && order.kind === 'approved') {
      await call('mei', 'POST', `/api/orders/${order.orderNo}/commands`, { type: 'approve', reason: 'demo' })
    }
  }
}

/** What the clock, a failure or a look-up did; what goes as it should is not worth a line. */
function clockLine({ type, data }: JournalEvent): string | undefined {
  switch (type) {
    case 'rung.fired':
      return `the clock: ${data.action}${data.fallback === undefined ? '' : `, ${data.fallback}`} (${data.subject}${Number(data.repeat) > 0 ? ', again' : ''})`
    case 'notice.delivered':
      return `told ${(data.persons as string[]).join(', ')}`
    case 'step.transferred':
      return `"${data.step}" now belongs to ${data.to}`
    case 'review.opened':
      return `to manual review: ${data.message}`
    case 'fact.received':
      return (data.fact as { source: string }).source === 'carrier.track'
        ? 'asked the carrier: it was delivered'
        : undefined
    case 'order.closed':
      return `closed: ${data.status}`
    default:
      return undefined
  }
}

function summary(orders: readonly Order[]): void {
  const counts = new Map<string, number>()
  for (const order of orders) {
    const end = order.closed ? order.status : 'with a person, who keeps being told'
    counts.set(end, (counts.get(end) ?? 0) + 1)
  }
  console.log('\ndemo: how they ended')
  for (const [end, count] of counts) console.log(`demo: ${String(count).padStart(4)} ${end}`)
  console.log('demo: done; everything goes on serving\n')
}

type Call = (person: string, method: string, path: string, body?: object) => Promise<{ status: number; body: unknown }>

function caller(apiUrl: string): Call {
  return async (person, method, path, body) => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer demo-${person}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
}

async function sandbox(up: Up, method: string, path: string, body: object): Promise<void> {
  const response = await fetch(`${up.sandboxUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok)
    throw new Error(`the sandbox answered ${response.status} to ${method} ${path}: ${await response.text()}`)
}
