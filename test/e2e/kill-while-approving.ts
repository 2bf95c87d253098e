import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { deliverUntilClosed, isApproval } from './kill-everything.ts'
import type { RunningNolimbo } from './running-nolimbo.ts'
import {
  assertNetsToZero,
  command,
  each,
  everythingOnce,
  type Histories,
  histories,
  insist,
  journal,
  ledger,
  place,
  until,
  untilAll,
  view,
} from './shop.ts'

/** How many approvals are in flight, or just answered, when a round kills everything. */
const perRound = 16
/** The kill comes so long after the sending, at most: half of them, and on a busy machine the others. */
const spreadMs = 150
const longSpreadMs = 400

export interface Approval {
  readonly orderNo: string
  /** How long before the kill it is sent. */
  readonly leadMs: number
  /** Answered with 200 before the kill. */
  acknowledged: boolean
}

/** Numbers from 0 to 1, the same for the same seed (a linear congruential generator, after Numerical Recipes). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Large orders that wait for their approval, its deadline and notice already in the store. */
export async function placeForApproval(nolimbo: RunningNolimbo, round: number): Promise<Approval[]> {
  const random = randomNumbers(round)
  const approvals = Array.from({ length: perRound }, (_, index) => ({
    orderNo: `approve-${round}-${String(index + 1).padStart(2, '0')}`,
    leadMs: random() * (index % 2 === 0 ? spreadMs : longSpreadMs),
    acknowledged: false,
  }))
  await each(approvals, ({ orderNo }) => place(nolimbo, orderNo, 'large'))
  await untilAll(
    approvals.map(({ orderNo }) => orderNo),
    'waiting for approval',
    20_000,
    async orderNo => (await journal(nolimbo, orderNo)).some(event => event.type === 'notice.delivered') || 'not told',
  )
  return approvals
}

/** Approves each so long before `kill` as its lead says. Payment and stock take a while, so that calls are cut off too. */
export async function killWhileApproving(nolimbo: RunningNolimbo, approvals: Approval[], kill: () => Promise<unknown>) {
  await nolimbo.sandbox('PUT', '/faults', { latencyMs: 20, timeoutAfterDoing: 0.3, orderNo: 'approve-' })
  const sent = approvals.map(async approval => {
    await pause(longSpreadMs - approval.leadMs)
    const { status } = await command(nolimbo, 'mei', approval.orderNo, 'approve')
    approval.acknowledged = status === 200
  })
  await pause(longSpreadMs)
  await kill()
  await Promise.all(sent)
}

/**
 * After the start: what was not approved has had no effect and is rejected; of what was approved the first half goes all
 * the way, the others are cancelled. Answers how many had been approved.
 */
export async function settle(nolimbo: RunningNolimbo, approvals: readonly Approval[]): Promise<number> {
  const temporal = await histories(nolimbo)
  const approved = new Set<string>()
  await each(approvals, async approval => {
    if (await isApproved(nolimbo, temporal, approval)) approved.add(approval.orderNo)
  })
  const effectsOf = await ledger(nolimbo)
  for (const { orderNo, acknowledged } of approvals) {
    if (approved.has(orderNo)) continue
    assert.ok(!acknowledged, `the approval of ${orderNo} was acknowledged and is lost`)
    assert.deepEqual(effectsOf(orderNo), {}, `${orderNo}: an effect that nobody decided`)
  }
  const cancelled = new Set([...approved].filter((_, index) => index % 2 === 1))
  await each(approvals, async ({ orderNo }) => {
    const [who, what] = approved.has(orderNo) ? (['he', 'cancel'] as const) : (['mei', 'reject'] as const)
    if (approved.has(orderNo) && !cancelled.has(orderNo)) return
    const { status, body } = await insist(nolimbo, who, orderNo, what)
    assert.equal(status, 200, `${what} ${orderNo}: ${JSON.stringify(body)}`)
  })
  await untilAll(
    approvals.map(({ orderNo }) => orderNo),
    'closed',
    40_000,
    orderNo => deliverUntilClosed(nolimbo, orderNo),
  )
  const finally_ = await ledger(nolimbo)
  for (const { orderNo } of approvals) {
    const completes = approved.has(orderNo) && !cancelled.has(orderNo)
    assert.equal((await view(nolimbo, orderNo)).status, completes ? 'completed' : 'cancelled', orderNo)
    if (completes) assert.deepEqual(finally_(orderNo), everythingOnce, orderNo)
    else assertNetsToZero(finally_(orderNo), orderNo)
    assert.equal((await journal(nolimbo, orderNo)).length, (await temporal.state(orderNo)).seq, orderNo)
  }
  await temporal.close()
  return approved.size
}

/** Journal, workflow and Temporal's history must agree on it. */
async function isApproved(nolimbo: RunningNolimbo, temporal: Histories, { orderNo }: Approval): Promise<boolean> {
  const state = await temporal.state(orderNo)
  const inHistory = (await temporal.commands(orderNo)).includes('approve')
  assert.equal(state.steps.approval?.state === 'done', inHistory, `${orderNo}: the workflow and its history differ`)
  await until(`the journal of ${orderNo} is stored`, 30_000, async () => {
    return (await journal(nolimbo, orderNo)).length >= state.seq
  })
  assert.equal((await journal(nolimbo, orderNo)).some(isApproval), inHistory, `${orderNo}: the journal says otherwise`)
  return inHistory
}
