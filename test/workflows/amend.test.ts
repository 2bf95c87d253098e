import assert from 'node:assert/strict'
import type { Ledger } from '../../connectors/sandbox/ledger.ts'
import type { OrderState } from '../../domain/core/state.ts'
import { toDecimal, toMinor } from '../../domain/money/money.ts'
import { Random } from '../../domain/simulate/random.ts'
import { processNamed } from '../domain/definitions.ts'
import type { OrderUnderTest } from './order-under-test.ts'
import { sandboxWorldOfSuite } from './sandbox-world.ts'

/** Something to amend: quantities up and down, prices, an address, another line. */
function changes(random: Random, { lines }: OrderState): object {
  const { line } = random.pick(lines)
  return random.pick([
    { lines: [{ line, quantity: random.whole(1, 5) }] },
    { lines: [{ line, unitPrice: random.whole(1, 9) }] },
    { attributes: { address: `${random.whole(1, 99)} Nanjing Road` } },
    { lines: [{ sku: `C${random.whole(1, 9)}`, quantity: random.whole(1, 2), unitPrice: '1.50' }] },
  ])
}

const unitsOf = (entries: Ledger['parcels']) =>
  entries.flatMap(({ quantities = [] }) => quantities).reduce((sum, { quantity }) => sum + quantity, 0)

function minorOf(entries: Ledger['captures']): number {
  return entries.reduce((sum, { amount = '0' }) => {
    const minor = toMinor(amount, 2)
    return sum + (minor.ok ? minor.minor : Number.NaN)
  }, 0)
}

describe('orders that are amended, with the sandbox', () => {
  const suite = sandboxWorldOfSuite()

  const settled = (order: OrderUnderTest) =>
    order.untilState('in transit', ({ calls, compensation, steps }) => {
      return Object.keys(calls).length === 0 && compensation === null && steps.capture?.state === 'done'
    })

  async function assertAgrees(order: OrderUnderTest, { money, lines }: OrderState): Promise<void> {
    const ledger = await suite().ledgerOf(order.orderNo)
    const sum = (of: (line: OrderState['lines'][number]) => number) => lines.reduce((all, line) => all + of(line), 0)
    assert.equal(minorOf(ledger.captures), money.capturedMinor)
    assert.equal(minorOf(ledger.refunds), money.refundedMinor)
    assert.equal(
      unitsOf(ledger.reservations) - unitsOf(ledger.releases),
      sum(({ reserved }) => reserved),
    )
    assert.equal(
      unitsOf(ledger.parcels) - unitsOf(ledger.recalls),
      sum(({ shipped }) => shipped),
    )
  }

  for (const seed of [1, 2, 3, 4]) {
    it(`[I] have in the ledger what they say, whatever is amended, and as it was previewed (seed ${seed})`, async function () {
      this.timeout(60_000)
      const random = new Random(seed)
      const order = await suite().world.place(processNamed('sales'))
      let state = await settled(order)
      let amended = 0
      for (let i = 0; i < 6; i++) {
        const asked = { changes: changes(random, state) }
        const told = await order.previews('sun', 'amend', asked)
        const answer = await order.does('sun', 'amend', asked)
        assert.equal('ok' in told ? told.ok : true, answer.ok, 'the preview says the same')
        if (!answer.ok || 'ok' in told) continue
        amended += 1
        const { seq } = state
        state = await settled(order)
        await assertAgrees(order, state)
        await order.untilStored()
        const calls = (await order.journal()).filter(event => event.seq > seq && event.type === 'call.started')
        const keys = (kind: string) =>
          calls.filter(({ data }) => data.kind === kind).map(({ data }) => `${data.operation} ${data.key}`)
        const shown = (list: typeof told.calls) => list.map(({ operation, key }) => `${operation} ${key}`)
        assert.deepEqual(keys('undo'), shown(told.undo))
        assert.deepEqual(keys('do').sort(), shown(told.calls).sort())
        assert.equal(told.money.inTheEnd.captured, toDecimal(state.money.capturedMinor, 2))
        assert.equal(told.money.inTheEnd.refunded, toDecimal(state.money.refundedMinor, 2))
      }
      assert.ok(amended > 0)
      const { capturedMinor, refundedMinor } = state.money
      const paid = toDecimal(capturedMinor - refundedMinor, 2)
      await order.reports('shipment.delivered')
      assert.equal(await order.closed(), 'completed')
      const ledger = await suite().ledgerOf(order.orderNo)
      assert.equal(toDecimal(minorOf(ledger.captures) - minorOf(ledger.refunds), 2), paid)
    })
  }

  it('[I] and cancelled have given everything back', async function () {
    this.timeout(60_000)
    const order = await suite().world.place(processNamed('sales'))
    await settled(order)
    for (const quantity of [4, 5]) {
      assert.ok((await order.does('sun', 'amend', { changes: { lines: [{ line: 1, quantity }] } })).ok)
      await settled(order)
    }
    assert.ok((await order.does('he', 'cancel')).ok)
    assert.equal(await order.closed(), 'cancelled')
    const ledger = await suite().ledgerOf(order.orderNo)
    assert.equal(minorOf(ledger.captures), minorOf(ledger.refunds))
    assert.equal(unitsOf(ledger.reservations), unitsOf(ledger.releases))
    assert.equal(unitsOf(ledger.parcels), unitsOf(ledger.recalls))
  })
})
