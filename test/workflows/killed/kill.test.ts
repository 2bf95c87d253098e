import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import type { OrderUnderTest } from '../order-under-test.ts'
import { shop, shopInRuns } from '../processes.ts'
import { sideBySide } from '../side-by-side.ts'
import { KillRound } from './kill-round.ts'

/** The first ones are approved before the kill, the others one shortly after the other, half of them before it. */
const orders = 24
const surely = 3
const apartMs = 8
/** `NOLIMBO_KILLS=20` for a longer look. */
const rounds = Number(process.env.NOLIMBO_KILLS ?? 1)
const patienceMs = 120_000

const once = { authorisations: 1, reservations: 1, parcels: 1, captures: 1 }

describe('a worker that is killed around an approval', function () {
  this.timeout((rounds + 1) * 180_000)

  const inRounds = (definition: CompiledDefinition) => async () => {
    for (let count = 0; count < rounds; count += 1) await killAndGoOn(definition)
  }

  sideBySide({
    '[I] causes no effect that is not in the history with its cause, and none twice': inRounds(shop),
    '[I] in the middle of a run loses nothing, and does nothing twice': inRounds(shopInRuns),
  })
})

async function killAndGoOn(definition: CompiledDefinition): Promise<void> {
  const round = await KillRound.begin(definition, orders)
  try {
    await beginToApprove(round)
    await round.killWorker()

    const approved = new Set<OrderUnderTest>()
    for (const order of round.orders) {
      if (await isApproved(order)) approved.add(order)
      else assert.deepEqual(await round.effectsOf(order), {}, `${order.orderNo}: an effect without its cause`)
    }
    // Somebody else decides otherwise, as long as nothing has been decided.
    for (const order of round.orders) if (!approved.has(order)) await order.signals('ling', 'reject')
    assert.ok(approved.size >= surely && approved.size < orders, `${approved.size} of ${orders} are approved`)

    await round.startWorker()
    for (const order of round.orders) {
      const isOver = approved.has(order) ? 'in transit' : 'cancelled'
      const state = await order.untilState(
        isOver,
        ({ closed, steps }) => (approved.has(order) ? steps.capture?.state === 'done' : closed?.status === 'cancelled'),
        patienceMs,
      )
      assertNetsTo(await round.effectsOf(order), approved.has(order) ? once : {}, order)
      if (state.closed === null) await order.reports('shipment.delivered')
      await order.closed()
      assert.equal(round.journalOf(order).at(-1)?.type, 'order.closed')
    }
  } finally {
    await round.end()
  }
}

/** Comes back in the midst of it: of most orders it is not known what became of their approval. */
async function beginToApprove({ orders: all }: KillRound): Promise<void> {
  for (const order of all.slice(0, surely)) assert.ok((await order.does('mei', 'approve')).ok)
  const others = all.slice(surely)
  others.forEach(async (order, index) => {
    await sleep(index * apartMs)
    await order.does('mei', 'approve').catch(() => {})
  })
  await sleep((others.length / 2) * apartMs)
}

async function isApproved(order: OrderUnderTest): Promise<boolean> {
  return (await order.history()).some(event => event.workflowExecutionUpdateAcceptedEventAttributes)
}

function assertNetsTo(
  effects: Readonly<Record<string, number>>,
  wanted: Readonly<Record<string, number>>,
  { orderNo }: OrderUnderTest,
): void {
  const net = (done: string, undone: string) => (effects[done] ?? 0) - (effects[undone] ?? 0)
  const sums = {
    authorisations: net('authorisations', 'voids'),
    reservations: net('reservations', 'releases'),
    parcels: net('parcels', 'recalls'),
    captures: net('captures', 'refunds'),
  }
  const none = { authorisations: 0, reservations: 0, parcels: 0, captures: 0 }
  assert.deepEqual(sums, { ...none, ...wanted }, `${orderNo}: ${JSON.stringify(effects)}`)
}
