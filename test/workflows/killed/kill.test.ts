import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import type { OrderUnderTest } from '../order-under-test.ts'
import { shop, shopInRuns } from '../processes.ts'
import { sideBySide } from '../side-by-side.ts'
import { KillRound } from './kill-round.ts'

/** Each approved at another instant around the kill. */
const orders = 20
const apartMs = 20
/** `NOLIMBO_KILLS=20` for a longer look. */
const rounds = Number(process.env.NOLIMBO_KILLS ?? 1)
const patienceMs = 40_000

const once = { authorisations: 1, reservations: 1, parcels: 1, captures: 1 }

describe('a worker that is killed around an approval', function () {
  this.timeout((rounds + 1) * 60_000)

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
    await approveUntil(orders / 4, round)
    await round.killWorker()

    const approved = new Set<OrderUnderTest>()
    for (const order of round.orders) {
      if (await isApproved(order)) approved.add(order)
      else assert.deepEqual(await round.effectsOf(order), {}, `${order.orderNo}: an effect without its cause`)
    }
    // Somebody else decides otherwise, as long as nothing has been decided.
    for (const order of round.orders) if (!approved.has(order)) await order.signals('ling', 'reject')
    assert.ok(
      approved.size > 0 && approved.size < orders,
      `${approved.size} of ${orders} approved: a kill too early or too late`,
    )

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

/** Approves all, one shortly after the other, and comes back when so many answers have. */
async function approveUntil(enough: number, round: KillRound): Promise<void> {
  const reached = Promise.withResolvers<void>()
  let answered = 0
  round.orders.forEach(async (order, index) => {
    await sleep(index * apartMs)
    // Of the others it is not known what became of them, which is what this is about.
    await order.does('mei', 'approve').catch(() => {})
    answered += 1
    if (answered >= enough) reached.resolve()
  })
  await reached.promise
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
