/**
 * Sends past orders of a shop through nolimbo over HTTP: `node bench/past-orders.ts FILE.csv [--url URL]`.
 *
 * The file has the columns of the Olist data set (order_id, customer_id, order_approved_at,
 * order_delivered_customer_date). It says nothing of prices: they are made from the order's number, so that the same
 * file always asks for the same. Sending it again changes nothing; the last lines say what the board shows.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

interface PastOrder {
  readonly orderNo: string
  readonly customer: string
  readonly approved: boolean
  readonly deliveredAt: string | undefined
}

const [file, ...rest] = process.argv.slice(2)
const url = rest[0] === '--url' ? rest[1] : 'http://127.0.0.1:3000'
if (file === undefined || url === undefined) {
  console.error('usage: node bench/past-orders.ts FILE.csv [--url http://127.0.0.1:3000]')
  process.exit(2)
}

const orders = readOrders(readFileSync(file, 'utf8'))
console.log(`${orders.length} orders from ${file}`)
await each('placed', orders, place)
const due = orders.filter(order => isLarge(order) && order.approved)
await each('approved', due, approve)
const delivered = orders.filter(order => order.deliveredAt !== undefined && (order.approved || !isLarge(order)))
await each('delivered', delivered, deliver)
await until(async () => (await boardCount('completed')) >= delivered.length)
await showBoard()

function readOrders(text: string): PastOrder[] {
  const [header = '', ...lines] = text.trim().split(/\r?\n/)
  const columns = header.split(',')
  return lines.map(line => {
    const cells = line.split(',')
    const cell = (name: string) => cells[columns.indexOf(name)] ?? ''
    return {
      orderNo: cell('order_id'),
      customer: cell('customer_id'),
      approved: cell('order_approved_at') !== '',
      deliveredAt: isoTime(cell('order_delivered_customer_date')),
    }
  })
}

/** `M/D/YYYY H:MM`, taken as UTC: a fact's own time is evidence only. */
function isoTime(text: string): string | undefined {
  const match = /^(\d+)\/(\d+)\/(\d+) (\d+):(\d+)$/.exec(text)
  if (match === null) return undefined
  const [month, day, year, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number]
  return new Date(Date.UTC(year, month - 1, day, hour, minute)).toISOString()
}

/** 10.00 to 13,999.99: about three in ten need an approval. */
function priceOf(order: PastOrder): string {
  const number = createHash('sha256').update(order.orderNo).digest().readUInt32BE() % 1_399_000
  return ((number + 1000) / 100).toFixed(2)
}

function isLarge(order: PastOrder): boolean {
  return Number(priceOf(order)) >= 10_000
}

function place(order: PastOrder): Promise<string> {
  return ask('shop', 'POST', '/api/orders', {
    orderNo: order.orderNo,
    process: 'sales',
    customer: { id: order.customer, name: `Customer ${order.customer.slice(0, 6)}` },
    currency: 'CNY',
    lines: [{ sku: `SKU-${order.orderNo.slice(0, 2)}`, quantity: 1, unitPrice: priceOf(order) }],
  })
}

function approve(order: PastOrder): Promise<string> {
  const headers = { 'idempotency-key': `past-orders-approve-${order.orderNo}` }
  return ask('mei', 'POST', `/api/orders/${order.orderNo}/commands`, { type: 'approve' }, headers)
}

function deliver(order: PastOrder): Promise<string> {
  return ask('shop', 'POST', `/api/orders/${order.orderNo}/facts`, {
    id: `delivered-${order.orderNo}`,
    source: 'past-orders',
    type: 'shipment.delivered',
    at: order.deliveredAt,
    data: {},
  })
}

async function each(
  what: string,
  some: readonly PastOrder[],
  act: (order: PastOrder) => Promise<string>,
): Promise<void> {
  const begun = Date.now()
  const answers = new Map<string, number>()
  const queue = [...some]
  const work = async () => {
    for (let order = queue.shift(); order !== undefined; order = queue.shift()) {
      const answer = await act(order)
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 8 }, work))
  const counts = [...answers].map(([answer, count]) => `${count} x ${answer}`).join(', ')
  console.log(`${what.padEnd(10)} ${some.length} in ${((Date.now() - begun) / 1000).toFixed(1)} s: ${counts || 'none'}`)
}

async function ask(person: string, method: string, path: string, body?: object, headers: object = {}): Promise<string> {
  const { status, json } = await request(person, method, path, body, headers)
  const said = (json as { code?: string; state?: string }).code ?? (json as { state?: string }).state
  return said === undefined ? String(status) : `${status} ${said}`
}

async function request(person: string, method: string, path: string, body?: object, headers: object = {}) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer demo-${person}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, json: (await response.json()) as unknown }
}

interface Board {
  readonly open: number
  readonly overdue: number
  readonly byStatus: readonly { status: string; count: number }[]
  readonly byStep: readonly { step: string; count: number; overdue: number }[]
  readonly byOwner: readonly { owner: string; count: number }[]
}

async function board(): Promise<Board> {
  return (await request('qin', 'GET', '/api/board')).json as Board
}

async function boardCount(status: string): Promise<number> {
  return (await board()).byStatus.find(row => row.status === status)?.count ?? 0
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    if (await condition()) return
    await new Promise(resolve => setTimeout(resolve, 250))
  }
}

async function showBoard(): Promise<void> {
  const { open, overdue, byStatus, byStep, byOwner } = await board()
  console.log(`\nboard: ${open} open, ${overdue} overdue`)
  for (const { status, count } of byStatus) console.log(`  ${status.padEnd(18)} ${count}`)
  for (const { step, count } of byStep) console.log(`  at ${step.padEnd(15)} ${count}`)
  for (const { owner, count } of byOwner) console.log(`  ${owner.padEnd(26)} ${count}`)
  const waiting = (await request('qin', 'GET', '/api/orders?status=in_transit&limit=3')).json as {
    items: { orderNo: string; owners?: string[]; dueAt?: string }[]
  }
  for (const { orderNo, owners, dueAt } of waiting.items) {
    console.log(`  never delivered, e.g. ${orderNo}: with ${owners?.join(', ')}, due ${dueAt}`)
  }
}
