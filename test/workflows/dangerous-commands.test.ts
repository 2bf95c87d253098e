import assert from 'node:assert/strict'
import type { Command } from '../../domain/core/commands/command.ts'
import type { OrderState } from '../../domain/core/state.ts'
import { Random } from '../../domain/simulate/random.ts'
import type { CommandAnswer } from '../../workflows/messages.ts'
import { type Net, nothing } from '../connectors/sandbox/net-of.ts'
import type { OrderUnderTest } from './order-under-test.ts'
import { dear, shop } from './processes.ts'
import { sandboxWorldOfSuite } from './sandbox-world.ts'

/* Two people, a real server, and a sandbox whose ledger says what really happened. */
describe('commands that need a second person, with the sandbox', function () {
  this.timeout(60_000)
  const suite = sandboxWorldOfSuite()

  const outcome = (answer: CommandAnswer) => (answer.ok ? 'done' : answer.code)
  const proposalOf = (answer: CommandAnswer): string => {
    assert.ok(answer.ok, JSON.stringify(answer))
    const id = answer.view.proposals.at(-1)?.id
    assert.ok(id, 'a second person is asked')
    return id
  }
  /** Asked for by one and confirmed by another. */
  const both = async (order: OrderUnderTest, type: Command['type'], parts: object) => {
    const proposal = proposalOf(await order.does('zhao', type, { reason: 'it must be', ...parts }))
    return order.does('ling', 'confirm', { proposal })
  }
  const inTransit = async (): Promise<OrderUnderTest> => {
    const order = await suite().world.place(shop)
    await settled(order)
    return order
  }
  const settled = (order: OrderUnderTest) =>
    order.untilState(
      'settled in transit',
      ({ calls, compensation, steps, reviews }) =>
        Object.keys(calls).length === 0 &&
        compensation === null &&
        (steps.capture?.state === 'done' || Object.keys(reviews).length > 0),
      30_000,
    )
  const held = ({ orderNo }: OrderUnderTest) => suite().holds(orderNo)

  async function assertAgrees(order: OrderUnderTest, { money, lines, parcels }: OrderState): Promise<void> {
    const net = await held(order)
    const units = (counts: Net['shipped']) => Object.values(counts).reduce((all, one) => all + one, 0)
    const sum = (of: (line: OrderState['lines'][number]) => number) => lines.reduce((all, line) => all + of(line), 0)
    assert.equal(net.capturedMinor, money.capturedMinor - money.refundedMinor, 'captured')
    assert.equal(
      units(net.reserved),
      sum(({ reserved }) => reserved),
      'reserved',
    )
    assert.equal(
      units(net.shipped),
      sum(({ shipped }) => shipped),
      'shipped',
    )
    assert.ok(Object.keys(parcels).length >= (units(net.shipped) > 0 ? 1 : 0))
  }

  it('[I] void takes everything back and closes the order', async () => {
    const order = await inTransit()
    assert.equal(outcome(await both(order, 'void', {})), 'done')
    assert.equal(await order.closed(), 'voided')
    assert.deepEqual(await held(order), nothing)
  })

  it('[I] rollback undoes what came after a step, and goes on from there', async () => {
    const order = await inTransit()
    const before = await held(order)
    assert.equal(outcome(await both(order, 'rollback', { to: 'stock' })), 'done')
    const state = await order
      .untilState('sent again', ({ steps }) => steps.capture?.round === 2, 30_000)
      .then(() => settled(order))
    assert.deepEqual([state.steps.stock?.round, state.steps.shipment?.round], [1, 2])
    assert.deepEqual(await held(order), before)
    const { refunds, recalls } = await suite().ledgerOf(order.orderNo)
    assert.deepEqual([refunds.length, recalls.length], [1, 1])
  })

  it('[I] skip passes over what has done nothing', async () => {
    const order = await suite().world.place(shop, {
      order: { lines: [{ line: 1, sku: 'NOSTOCK-1', quantity: 1, unitPriceMinor: 500 }] },
    })
    await order.until('review.opened')
    assert.equal(outcome(await both(order, 'skip', { step: 'stock' })), 'done')
    const state = await settled(order)
    assert.equal(state.steps.stock?.state, 'skipped')
    // It is sent although no warehouse has reserved it.
    const net = await held(order)
    assert.deepEqual([net.reserved, net.shipped], [{}, { 'NOSTOCK-1': 1 }])
    assert.equal(net.capturedMinor, state.money.capturedMinor)
  })

  it('[I] override says what the world has done, by whose word and with whose consent', async () => {
    const order = await inTransit()
    assert.equal(outcome(await both(order, 'override', { status: 'delivered', evidence: 'signed paper' })), 'done')
    assert.equal(await order.closed(), 'completed')
    const made = await order.until('override.made')
    assert.deepEqual([made.actor, made.matrix], ['zhao', 'standard/1'])
    assert.equal((await order.until('proposal.confirmed')).actor, 'ling')
  })

  it('[I] nothing happens where it is declined, or asked for and confirmed by the same', async () => {
    const order = await inTransit()
    const before = await held(order)
    const proposal = proposalOf(await order.does('ling', 'void', { reason: 'wrong' }))
    assert.equal(outcome(await order.does('ling', 'confirm', { proposal })), 'not_permitted')
    assert.equal(outcome(await order.does('zhao', 'decline', { proposal })), 'done')
    assert.equal(outcome(await order.does('zhao', 'confirm', { proposal })), 'not_applicable')
    assert.deepEqual(await held(order), before)
  })

  it('[I] of two who race to approve one wins, and the other is told', async () => {
    const order = await suite().world.place(shop, { order: dear })
    await order.until('notice.delivered')
    const answers = await Promise.all([order.does('mei', 'approve'), order.does('ling', 'approve')])
    assert.deepEqual(answers.map(outcome).sort(), ['done', 'not_applicable'])
    await settled(order)
    const { authorisations } = await suite().ledgerOf(order.orderNo)
    assert.equal(authorisations.length, 1)
    const [attempt] = await order.untilAttempts(1)
    assert.equal(attempt?.code, 'not_applicable')
  })

  it('[I] of two who race to confirm one wins, and the other is told', async () => {
    const order = await inTransit()
    const proposal = proposalOf(await order.does('he', 'rollback', { to: 'shipment', reason: 'wrong label' }))
    const answers = await Promise.all(['ling', 'zhao'].map(who => order.does(who, 'confirm', { proposal })))
    assert.deepEqual(answers.map(outcome).sort(), ['done', 'not_applicable'])
    await order.untilStored()
    assert.equal((await order.journalTypes()).filter(type => type === 'proposal.confirmed').length, 1)
  })

  it('[I] the same command a hundred times under one id acts once', async () => {
    const order = await inTransit()
    const asked = { reason: 'twice is once', to: 'stock', id: 'r-1' }
    for (let wave = 0; wave < 10; wave++) {
      // The server takes ten Updates of one workflow at a time.
      const answers = await Promise.all(Array.from({ length: 10 }, () => order.does('he', 'rollback', asked)))
      assert.deepEqual([...new Set(answers.map(outcome))], ['done'])
    }
    const { proposals = {} } = await order.state()
    assert.equal(Object.keys(proposals).length, 1)
    const confirm = { proposal: Object.keys(proposals)[0], id: 'c-1' }
    for (let wave = 0; wave < 10; wave++) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => order.does('ling', 'confirm', confirm)))
      assert.deepEqual([...new Set(answers.map(outcome))], ['done'])
    }
    await order.untilState('sent again', ({ steps }) => steps.capture?.round === 2, 30_000)
    const state = await settled(order)
    await order.untilStored()
    const types = await order.journalTypes()
    for (const type of ['proposal.made', 'proposal.confirmed', 'compensation.started']) {
      assert.equal(types.filter(other => other === type).length, 1, type)
    }
    await assertAgrees(order, state)
  })

  /** Something that a person might do to an order that is under way. */
  function someCommand(random: Random): [type: Command['type'], parts: object, alone?: string] {
    const to = random.pick(['payment', 'stock', 'shipment'])
    return random.pick<[Command['type'], object, string?]>([
      ['rollback', { to }],
      ['rollback', { to }],
      ['send_back', { step: 'signing', to }, 'ling'],
      ['hold', { hold: 'customer' }, 'he'],
      ['release', { hold: 'customer' }, 'he'],
      ['override', { status: 'lost', evidence: 'the carrier says so' }],
      ['retry', { step: to }, 'ling'],
      ['skip', { step: to }],
    ])
  }

  for (const seed of [1, 2, 3]) {
    it(`[I] after any of them the ledger agrees with the order, and in the end nothing is left over (seed ${seed})`, async () => {
      const random = new Random(seed)
      const order = await inTransit()
      const done: string[] = []
      for (let i = 0; i < 6; i++) {
        const [type, parts, alone] = someCommand(random)
        const asked = await order.does(alone ?? 'zhao', type, { reason: 'it must be', ...parts })
        const proposal = asked.ok ? asked.view.proposals.at(-1)?.id : undefined
        const answer = proposal === undefined ? asked : await order.does('ling', 'confirm', { proposal })
        if (!answer.ok) continue
        done.push(`${type} ${JSON.stringify(parts)}`)
        const state = await order.untilState(
          `settled after ${done.join(', ')}`,
          ({ calls, compensation }) => Object.keys(calls).length === 0 && compensation === null,
          30_000,
        )
        await assertAgrees(order, state)
      }
      assert.ok(done.length > 0)
      const state = await order.state()
      for (const hold of Object.values(state.holds)) await order.does('ling', 'release', { hold: hold.type })
      const lost = Object.values(state.parcels).filter(parcel => parcel.state === 'lost')
      const answer = await both(order, 'void', {})
      if (outcome(answer) === 'done' && lost.length === 0) {
        assert.equal(await order.closed(), 'voided', done.join(', '))
        assert.deepEqual(await held(order), nothing, done.join(', '))
        return
      }
      // What is lost cannot be taken back: then the order stays with a person.
      const end = await order.untilState('at rest', ({ calls }) => Object.keys(calls).length === 0, 30_000)
      await assertAgrees(order, end)
    })
  }
})
