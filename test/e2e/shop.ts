/** What a shop, its people and an auditor do with a running nolimbo, and what its systems have in their books. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import type { OrderState } from '../../domain/core/state.ts'
import { commandUpdate, stateQuery, workflowIdOf } from '../../workflows/messages.ts'
import type { Installation, Reply } from './installation.ts'

export interface JournalEvent {
  readonly seq: number
  readonly at: string
  readonly type: string
  readonly actor: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not there
  readonly data: any
}

/** An order of two chairs; `large`: mei must approve it. */
export function orderRequest(orderNo: string, size: 'small' | 'large' = 'small', changes: object = {}) {
  return {
    orderNo,
    process: 'sales',
    customer: { id: 'c-7', name: 'Li' },
    currency: 'CNY',
    lines: [{ sku: 'chair', quantity: 2, unitPrice: size === 'large' ? '9000.00' : '45.50' }],
    ...changes,
  }
}

export function place(nolimbo: Installation, orderNo: string, size: 'small' | 'large' = 'small'): Promise<Reply> {
  return nolimbo.ask('shop', 'POST', '/api/orders', orderRequest(orderNo, size))
}

export function command(nolimbo: Installation, person: string, orderNo: string, type: string): Promise<Reply> {
  const body = { type, id: `${type}-${orderNo}`, reason: 'e2e' }
  return nolimbo.ask(person, 'POST', `/api/orders/${orderNo}/commands`, body)
}

/** As a caller should: an answer that did not come is asked for again, under the same id. */
export async function insist(nolimbo: Installation, person: string, orderNo: string, type: string): Promise<Reply> {
  for (let left = 4; ; left -= 1) {
    const reply = await command(nolimbo, person, orderNo, type)
    if (reply.status !== 503 || left === 0) return reply
    await pause(500)
  }
}

export function report(nolimbo: Installation, orderNo: string, type: string): Promise<Reply> {
  const fact = { id: `${type}-${orderNo}`, source: 'e2e', type, at: '2026-03-02T01:00:00.000Z', data: {} }
  return nolimbo.ask('shop', 'POST', `/api/orders/${orderNo}/facts`, fact)
}

export async function view(nolimbo: Installation, orderNo: string): Promise<Reply['body']> {
  const reply = await nolimbo.ask('qin', 'GET', `/api/orders/${orderNo}`)
  assert.equal(reply.status, 200, `GET ${orderNo}: ${JSON.stringify(reply.body)}`)
  return reply.body
}

/** The whole journal, which must be without a gap. */
export async function journal(nolimbo: Installation, orderNo: string): Promise<readonly JournalEvent[]> {
  const events: JournalEvent[] = []
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const path = `/api/orders/${orderNo}/journal?limit=100&cursor=${cursor}`
    const { status, body }: Reply = await nolimbo.ask('qin', 'GET', path)
    assert.equal(status, 200, JSON.stringify(body))
    events.push(...body.items)
    cursor = body.nextCursor
  }
  assert.deepEqual(
    events.map(event => event.seq),
    events.map((_, index) => index + 1),
    `the journal of ${orderNo} has a gap`,
  )
  return events
}

/** How often each kind of thing took effect for an order. */
export type Effects = Readonly<Record<string, number>>

export async function ledger(nolimbo: Installation): Promise<(orderNo: string) => Effects> {
  const lists: Record<string, { orderNo: string }[]> = await nolimbo.sandbox('GET', '/ledger')
  return orderNo => {
    const counts = Object.entries(lists).map(
      ([kind, entries]) => [kind, entries.filter(entry => entry.orderNo === orderNo).length] as const,
    )
    return Object.fromEntries(counts.filter(([, count]) => count > 0))
  }
}

/** Of an order that has gone all the way. */
export const everythingOnce: Effects = { authorisations: 1, captures: 1, reservations: 1, parcels: 1 }

/** @throws AssertionError unless what was done at most once has been undone as often */
export function assertNetsToZero(effects: Effects, orderNo: string): void {
  for (const [done, undone] of [
    ['authorisations', 'voids'],
    ['captures', 'refunds'],
    ['reservations', 'releases'],
    ['parcels', 'recalls'],
  ] as const) {
    const [times = 0, back = 0] = [effects[done], effects[undone]]
    assert.ok(times <= 1 && back === times, `${orderNo} does not net to zero: ${JSON.stringify(effects)}`)
  }
}

/** @throws Error naming `what` if it has not come true in time */
export async function until(what: string, limitMs: number, condition: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = performance.now() + limitMs; !(await condition()); await pause(200)) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${limitMs / 1000} s: ${what}`)
  }
}

/** Looks at each order until it is `done`; @throws Error saying what those that never were had come to */
export async function untilAll(
  orderNos: readonly string[],
  done: string,
  limitMs: number,
  look: (orderNo: string) => Promise<true | string>,
): Promise<void> {
  const others = new Map(orderNos.map(orderNo => [orderNo, '']))
  await until(`all orders are ${done}`, limitMs, async () => {
    await each([...others.keys()], async orderNo => {
      const found = await look(orderNo)
      if (found === true) others.delete(orderNo)
      else others.set(orderNo, found)
    })
    return others.size === 0
  }).catch(error => {
    throw new Error(`${error.message}\n${[...others].map(([orderNo, found]) => `${orderNo} ${found}`).join('\n')}`)
  })
}

/** Runs `act` for each, some at a time. */
export async function each<T>(items: readonly T[], act: (item: T) => Promise<unknown>, atOnce = 8): Promise<void> {
  const queue = [...items]
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

/** What Temporal itself knows of the orders, without the API and the store. */
export interface Histories {
  readonly state: (orderNo: string) => Promise<OrderState>
  /** Types of the commands whose Updates are in the history: accepted, whatever they led to. */
  readonly commands: (orderNo: string) => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

export async function histories(nolimbo: Installation): Promise<Histories> {
  const connection = await Connection.connect({ address: nolimbo.temporalAddress })
  const client = new Client({ connection })
  const handle = (orderNo: string) => client.workflow.getHandle(workflowIdOf('main', orderNo))
  return {
    state: orderNo => handle(orderNo).query(stateQuery),
    async commands(orderNo) {
      const { events } = await handle(orderNo).fetchHistory()
      return (events ?? []).flatMap(event => {
        const { input } = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest ?? {}
        const [payload] = input?.args?.payloads ?? []
        if (input?.name !== commandUpdate.name || !payload?.data) return []
        return [JSON.parse(Buffer.from(payload.data).toString()).command.type as string]
      })
    },
    close: () => connection.close(),
  }
}
