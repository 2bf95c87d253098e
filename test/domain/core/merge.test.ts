import assert from 'node:assert/strict'
import { type MergeAnswer, type PendingMessage, pendingMessages } from '../../../domain/core/commands/merging.ts'
import type { Input } from '../../../domain/core/input.ts'
import { pending } from '../../../domain/core/pending.ts'
import type { Order } from '../../../domain/order/order.ts'
import { totalMinor } from '../../../domain/order/order.ts'
import {
  begun,
  deadline,
  does,
  type Happening,
  type OrderCase,
  reports,
  succeeds,
  told,
  undoFails,
  undoSucceeds,
} from '../specification.ts'
import { packed, takenBack, unsent } from './sales-so-far.ts'

const lead = () => unsent({ charges: [{ type: 'tax', amountMinor: 7 }] })
const other = (parts: Partial<Order> = {}) => unsent({ orderNo: 'SO-2', ...parts })
const merges: Happening = does('he', 'merge', { orders: ['SO-2'] })

/** What the lead has to say is said to the member, and what that answers comes back. */
function talk(leads: OrderCase, member: OrderCase): MergeAnswer | undefined {
  const [one] = pendingMessages(leads.state)
  return one === undefined ? undefined : say(one, leads, member)
}

function say({ orderNo, message }: PendingMessage, leads: OrderCase, member: OrderCase): MergeAnswer {
  let refusal: MergeAnswer | undefined
  try {
    member.when(order => order.take({ type: 'merge', at: order.at, message })).thenNotRefused()
  } catch {
    refusal = { ok: false, code: 'not_applicable', message: 'refused' }
  }
  const { merging } = member.state
  const mine = merging?.role === 'member' ? merging : undefined
  const answer = refusal ?? { ok: true, isReady: mine?.phase === 'ready', ...(mine && { share: mine.share }) }
  leads.when(answered(orderNo, message.kind, answer))
  return answer
}

const answered =
  (orderNo: string, kind: 'ask' | 'go' | 'close' | 'release', answer: MergeAnswer): Happening =>
  order =>
    order.take({ type: 'member', at: order.at, orderNo, kind, answer } as Input)

function agreed(): { leads: OrderCase; member: OrderCase } {
  const [leads, member] = [lead(), other()]
  leads.when(merges)
  talk(leads, member)
  return { leads, member }
}

function ready(): { leads: OrderCase; member: OrderCase } {
  const both = agreed()
  talk(both.leads, both.member)
  both.member.when(...takenBack)
  talk(both.leads, both.member)
  both.leads.when(...takenBack)
  return both
}

describe('merge', () => {
  it('[U] asks first: both stand still, and nothing is taken back before all have agreed', () => {
    const [leads, member] = [lead(), other()]
    leads.when(merges).thenExactly(['merge.asked', { others: ['SO-2'], into: 'SO-1-1' }])
    leads.thenStatus('manual_review')
    talk(leads, member)
    assert.deepEqual(
      member.journal.slice(-1).map(({ type }) => type),
      ['merge.agreed'],
    )
    assert.ok(leads.journal.some(({ type }) => type === 'merge.decided'))
    assert.equal(member.state.compensation, null)
    leads.when(does('he', 'retry', { step: 'shipment' })).thenRefused('not_applicable')
    member.when(does('he', 'split', { parts: [] })).thenRefused('not_applicable')
  })

  it('[U] begins the new order when everybody has taken everything back; then the others close, and the lead last', () => {
    const { leads, member } = ready()
    leads.thenStatus('compensating')
    const [merged] = pending(leads.definition, leads.state).begin
    assert.ok(merged)
    assert.deepEqual(merged.mergedFrom, ['SO-1', 'SO-2'])
    assert.equal(totalMinor(merged), totalMinor(leads.state.order) + totalMinor(member.state.order))
    assert.deepEqual(
      merged.lines.map(({ line, sku, quantity }) => [line, sku, quantity]),
      [
        [1, 'A', 2],
        [2, 'B', 1],
        [3, 'A', 2],
        [4, 'B', 1],
      ],
    )
    leads.when(begun('SO-1-1'))
    assert.equal(leads.state.closed, null, 'the others first')
    talk(leads, member)
    assert.deepEqual(member.state.closed, { status: 'merged', at: member.at, into: ['SO-1-1'] })
    assert.deepEqual(leads.state.closed, { status: 'merged', at: leads.at, into: ['SO-1-1'] })
    for (const { state } of [leads, member]) assert.equal(state.money.authorisedMinor, 0)
  })

  it('[U] begins nothing while one of them has not taken everything back', () => {
    const { leads, member } = agreed()
    leads.when(...takenBack)
    talk(leads, member)
    member.when(undoFails('stock'), undoSucceeds('payment')).thenStatus('manual_review')
    assert.deepEqual(talk(leads, member)?.ok && (talk(leads, member) as { isReady: boolean }).isReady, false)
    assert.deepEqual(pending(leads.definition, leads.state).begin, [])
    member.when(does('he', 'retry', { step: 'stock' }), undoSucceeds('stock'))
    talk(leads, member)
    assert.equal(pending(leads.definition, leads.state).begin.length, 1)
  })

  it('[U] the same said again changes nothing', () => {
    const { leads, member } = agreed()
    const [go] = pendingMessages(leads.state)
    say(go!, leads, member)
    const { seq } = member.state
    member.when(order => order.take({ type: 'merge', at: order.at, message: go!.message }))
    assert.equal(member.state.seq, seq)
  })

  it('[U] of strangers is refused: another customer, currency or process, or no order at all', () => {
    const same = { orderNo: 'SO-2', customerId: 'c1', currency: 'CNY', process: 'sales' }
    const refusedFor = (known: readonly object[]) => lead().when(does('he', 'merge', { orders: ['SO-2'], known }))
    refusedFor([{ ...same, customerId: 'c2' }]).thenRefused('strangers', 'orders.0')
    refusedFor([{ ...same, currency: 'EUR' }]).thenRefused('strangers', 'orders.0')
    refusedFor([{ ...same, process: 'cod' }]).thenRefused('strangers', 'orders.0')
    refusedFor([]).thenRefused('invalid', 'orders.0')
    lead()
      .when(does('he', 'merge', { orders: ['SO-1'] }))
      .thenRefused('invalid', 'orders')
    const numbered = { orders: ['SO-2'], orderNo: 'SO-9', taken: ['SO-9'], known: [same] }
    lead()
      .when(does('he', 'merge', numbered))
      .thenRefused('number_taken', 'orderNo')
  })

  it('[U] a stranger, a closed order, one of which goods have been sent, one that is held: none agrees, all go on', () => {
    const unwilling = [
      unsent({ orderNo: 'SO-2', customer: { id: 'c2', name: 'Bo' } }),
      packed({ orderNo: 'SO-2' }).when(succeeds('shipment')),
      other().when(does('he', 'hold', { hold: 'customer' })),
      other().when(does('he', 'cancel'), ...takenBack),
    ]
    for (const member of unwilling) {
      const leads = lead().when(merges)
      assert.equal(talk(leads, member)?.ok, false)
      leads.thenAmongOthers('merge.released')
      assert.equal(leads.state.merging, undefined)
      assert.equal(member.state.merging, undefined)
      leads.when(does('he', 'retry', { step: 'shipment' })).thenAmongOthers('call.started')
    }
  })

  it('[U] who may not merge the other order does not', () => {
    const leads = lead().when(merges)
    const [ask] = pendingMessages(leads.state)
    assert.ok(ask?.message.kind === 'ask')
    const message = { ...ask.message, caller: { ...ask.message.caller, allowed: [] } }
    other()
      .when(order => order.take({ type: 'merge', at: order.at, message }))
      .thenRefused('not_permitted')
  })

  it('[U] comes to nothing where somebody does not answer: the lead gives up first, then who has agreed', () => {
    const leads = lead().when(merges, told(), deadline)
    leads.thenAmongOthers(['merge.released', { because: 'not everybody has answered in time' }])
    const { member } = agreed()
    member.when(told(), deadline).thenAmongOthers('merge.released')
    assert.equal(member.state.merging, undefined)
  })

  it('[U] what has been taken back is done anew where another one leaves', () => {
    const { leads, member } = agreed()
    leads.when(undoSucceeds('stock'))
    member.when(does('he', 'cancel'))
    talk(leads, member)
    leads.when(undoSucceeds('payment'))
    assert.equal(leads.state.merging, undefined)
    assert.deepEqual(
      Object.values(leads.state.calls).map(({ step, kind, round }) => [step, kind, round]),
      [
        ['payment', 'do', 2],
        ['stock', 'do', 2],
      ],
    )
  })

  it('[U] releases all where the customer cancels one, until the new order is being begun', () => {
    const { leads, member } = agreed()
    talk(leads, member)
    leads.when(reports('customer.cancelled')).thenAmongOthers('merge.released')
    leads.when(...takenBack).thenStatus('cancelled')
    member.when(...takenBack)
    assert.equal(member.state.closed, null)
    const bound = ready()
    for (const order of [bound.leads, bound.member]) {
      order.when(does('he', 'cancel')).thenRefused('not_applicable')
      order.when(reports('customer.cancelled')).thenAmongOthers(['review.opened', { code: 'overtaken' }])
    }
  })

  it('[U] who is ready and hears nothing more asks a person, and goes on by itself only if that one says so', () => {
    const { member } = ready()
    member.when(told(), deadline).thenAmongOthers('merge.overdue', ['review.opened', { code: 'merge_unanswered' }])
    assert.equal(member.state.closed, null)
    member.when(does('he', 'release')).thenAmongOthers('merge.released')
    assert.deepEqual(
      Object.values(member.state.calls).map(({ step, round }) => [step, round]),
      [
        ['payment', 2],
        ['stock', 2],
      ],
    )
  })

  it('[U] does not go on with an order that has changed since it agreed', () => {
    const { leads, member } = agreed()
    member.when(does('zhao', 'override', { status: 'shipped', evidence: 'seen', reason: 'sent' }))
    const [proposal] = Object.keys(member.state.proposals ?? {})
    member.when(does('ling', 'confirm', { proposal }))
    if (member.state.lines.every(({ shipped }) => shipped === 0)) return
    assert.equal(talk(leads, member)?.ok, false)
    leads.thenAmongOthers('merge.released')
  })
})
