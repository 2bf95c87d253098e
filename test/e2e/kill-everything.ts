import assert from 'node:assert/strict'
import type { RunningNolimbo } from './running-nolimbo.ts'
import {
  assertNetsToZero,
  command,
  each,
  everythingOnce,
  histories,
  type JournalEvent,
  journal,
  ledger,
  place,
  report,
  untilAll,
  view,
} from './shop.ts'

const count = 60
const orders = Array.from({ length: count }, (_, index) => ({
  orderNo: `kill-${String(index + 1).padStart(3, '0')}`,
  size: index % 3 === 0 ? ('large' as const) : ('small' as const),
  /** The customer changes their mind. */
  cancelled: index % 10 === 7,
}))
type KilledOrder = (typeof orders)[number]

/** What was answered before the kill: that must not be lost. */
export interface Acknowledged {
  readonly placed: Set<string>
  readonly approved: Set<string>
  readonly reported: Set<string>
}

/** Sends orders, approvals and facts to systems that are slow and fail, and kills everything in the middle of it. */
export async function killInTheMiddle(nolimbo: RunningNolimbo): Promise<Acknowledged> {
  const acknowledged: Acknowledged = { placed: new Set(), approved: new Set(), reported: new Set() }
  await nolimbo.sandbox('PUT', '/faults', {
    latencyMs: 60,
    errorRate: 0.1,
    timeoutAfterDoing: 0.15,
    callback: 'doubled',
    orderNo: 'kill-',
    seed: 42,
  })
  await nolimbo.sandbox('PUT', '/auto', { deliverAfterMs: 300 })
  const pids = nolimbo.processes()
  let killed: Promise<void> | undefined
  await each(orders, async order => {
    if (killed !== undefined) return
    await send(nolimbo, order, acknowledged)
    if (acknowledged.placed.size >= (count * 2) / 3) killed ??= nolimbo.killNine(pids)
  })
  await killed
  assert.ok(acknowledged.placed.size < count, 'the kill came too late')
  return acknowledged
}

async function send(nolimbo: RunningNolimbo, order: KilledOrder, acknowledged?: Acknowledged): Promise<void> {
  const { orderNo, size, cancelled } = order
  const placed = await place(nolimbo, orderNo, size)
  if (placed.status === 201) acknowledged?.placed.add(orderNo)
  if (size === 'large' && (await command(nolimbo, 'mei', orderNo, 'approve')).status === 200) {
    acknowledged?.approved.add(orderNo)
  }
  if (cancelled && (await report(nolimbo, orderNo, 'customer.cancelled')).status === 202) {
    acknowledged?.reported.add(orderNo)
  }
}

/** Without anybody doing anything: each order that was accepted goes on until it waits for a person or a parcel. */
export async function everyOrderGoesOn(nolimbo: RunningNolimbo, acknowledged: Acknowledged, limitMs: number) {
  await untilAll([...acknowledged.placed], 'gone on', limitMs, async orderNo => {
    const order = await view(nolimbo, orderNo)
    const active = order.steps.filter((step: { state: string }) => step.state === 'active')
    const where = `${order.status}: ${active.map((step: { id: string }) => step.id).join(', ')}`
    return /^(completed|cancelled|pending_approval|in_transit: signing$)/.test(where) || where
  })
  for (const orderNo of acknowledged.approved) {
    const events = await journal(nolimbo, orderNo)
    assert.ok(events.some(isApproval), `the approval of ${orderNo} was acknowledged and is lost`)
  }
  for (const orderNo of acknowledged.reported) {
    const events = await journal(nolimbo, orderNo)
    const known = events.some(event => event.type === 'fact.received' && event.data.fact.source === 'e2e')
    assert.ok(known, `the fact of ${orderNo} was acknowledged and is lost`)
  }
}

export function isApproval({ type, actor, data }: JournalEvent): boolean {
  return type === 'step.completed' && actor === 'mei' && data.how === 'approved'
}

/** Everything is sent (again) and delivered until all orders are closed. */
export async function finishAll(nolimbo: RunningNolimbo): Promise<void> {
  await each(orders, order => send(nolimbo, order))
  await untilAll(
    orders.map(({ orderNo }) => orderNo),
    'closed',
    40_000,
    orderNo => deliverUntilClosed(nolimbo, orderNo),
  )
}

/** Whether it is closed, or what it waits for. */
export async function deliverUntilClosed(nolimbo: RunningNolimbo, orderNo: string): Promise<true | string> {
  const { status, closedAt } = await view(nolimbo, orderNo)
  if (status === 'in_transit') await nolimbo.sandbox('POST', '/deliver', { organisation: 'main', orderNo })
  return closedAt === null ? status : true
}

/** Each payment, reservation and parcel exactly once; the journal is what the workflow says. */
export async function assertExactlyOnce(nolimbo: RunningNolimbo): Promise<readonly number[]> {
  const effectsOf = await ledger(nolimbo)
  const temporal = await histories(nolimbo)
  const seqs = new Map<string, number>()
  await each(orders, async ({ orderNo, cancelled }) => {
    const { status } = await view(nolimbo, orderNo)
    // A cancellation that comes when the parcel has been handed over is too late.
    if (status === 'cancelled') assertNetsToZero(effectsOf(orderNo), orderNo)
    else assert.deepEqual([status, effectsOf(orderNo)], ['completed', everythingOnce], orderNo)
    if (!cancelled) assert.equal(status, 'completed', orderNo)
    const state = await temporal.state(orderNo)
    assert.equal((await journal(nolimbo, orderNo)).length, state.seq, `journal and workflow of ${orderNo} differ`)
    seqs.set(orderNo, state.seq)
  })
  await temporal.close()
  return orders.map(({ orderNo }) => seqs.get(orderNo)!)
}

/** Every order and fact is answered as before, and nothing moves. */
export async function sendAllAgain(nolimbo: RunningNolimbo): Promise<void> {
  await each(orders, async ({ orderNo, size, cancelled }) => {
    const placed = await place(nolimbo, orderNo, size)
    assert.equal(placed.status, 200, JSON.stringify(placed.body))
    if (cancelled) assert.equal((await report(nolimbo, orderNo, 'customer.cancelled')).status, 202)
    if (size === 'large') assert.ok([200, 409].includes((await command(nolimbo, 'mei', orderNo, 'approve')).status))
  })
}
