import assert from 'node:assert/strict'
import type { Command } from '../../../domain/core/commands/command.ts'
import { transition } from '../../../domain/core/decide.ts'
import { callerOf } from '../../../domain/permission/caller.ts'
import { availableCommands } from '../../../domain/view/available-commands.ts'
import { type Driven, matrix, monday, sales, salesOrder } from './sales-order.ts'

const as = (actor: string, ...roles: string[]) => ({ actor, roles, organisation: 'main' })
const mei = as('mei', 'sales-supervisor')
const he = as('he', 'order-desk')

function available(order: Driven, identity: ReturnType<typeof as>) {
  return availableCommands(sales, order.state(), { matrix, identity, at: monday })
}
const texts = (order: Driven, identity: ReturnType<typeof as>) =>
  available(order, identity).map(({ type, ...about }) => [type, ...Object.values(about)].join(' '))

describe('the commands that are available', () => {
  it('[U] depend on who asks', () => {
    const order = salesOrder('20000.00')
    assert.deepEqual(texts(order, mei), [
      'approve approval',
      'reject approval',
      'claim approval',
      'transfer approval',
      'send_back approval approval',
      'hold customer',
      'hold credit',
      'amend',
    ])
    assert.deepEqual(texts(order, as('fang', 'finance')), ['hold customer', 'hold credit'])
    assert.deepEqual(texts(order, as('shop', 'service')), ['cancel', 'amend'])
    assert.deepEqual(texts(order, as('qin', 'auditor')), [])
    assert.deepEqual(texts(order, { ...mei, organisation: 'elsewhere' }), [])
  })

  it('[U] depend on what has happened', () => {
    const order = salesOrder()
    order.fail('payment')
    assert.deepEqual(texts(order, he), [
      'retry payment',
      'claim payment',
      'transfer payment',
      'skip payment',
      'send_back payment approval',
      'send_back payment payment',
      'override payment done',
      'claim stock',
      'transfer stock',
      'send_back stock approval',
      'send_back stock stock',
      'hold customer',
      'hold credit',
      'cancel',
      'amend',
      'rollback approval',
      'split',
    ])
    order.command('he', { type: 'hold', hold: 'customer' })
    assert.ok(texts(order, he).includes('release customer'))
    assert.ok(!texts(order, he).includes('hold customer'))
    assert.ok(!texts(order, as('fang', 'finance')).includes('release customer'), 'not hers to release')
  })

  it('[U] offer to release a review of the order, also beside a hold that has the same id', () => {
    const order = salesOrder()
    order.fact('stock.short')
    order.command('he', { type: 'hold', hold: 'credit' })
    assert.deepEqual(Object.keys(order.state().reviews), Object.keys(order.state().holds))
    assert.ok(texts(order, he).includes('release review:1'))
    order.command('he', { type: 'release', hold: 'review:1' })
    assert.deepEqual(order.state().reviews, {})
    assert.equal(Object.keys(order.state().holds).length, 1)
  })

  it('[U] are not refused when they are sent, and none is left out that would be done', () => {
    const order = salesOrder()
    order.fail('payment')
    const send = (command: Command) =>
      transition(sales, order.state(), {
        at: monday,
        type: 'command',
        command,
        caller: callerOf(matrix, he, command.type),
      }).ok
    const itsOwn: Readonly<Record<string, object>> = {
      transfer: { to: 'mei', reason: 'on leave' },
      amend: { changes: { attributes: { address: 'Nanjing Road 2' } } },
      split: { parts: order.state().lines.map(({ line, ordered }) => ({ lines: [{ line, quantity: ordered }] })) },
    }
    for (const command of available(order, he)) {
      assert.ok(send({ ...command, ...itsOwn[command.type] } as Command), command.type)
    }
    const others: Command[] = [
      { type: 'approve', step: 'approval' },
      { type: 'retry', step: 'stock' },
      { type: 'release', hold: 'review:1' },
      { type: 'send_back', step: 'stock', to: 'signing' },
    ]
    for (const command of others) assert.ok(!send(command), command.type)
  })

  it('[U] are none once the order is closed', () => {
    const order = salesOrder('20000.00')
    order.command('mei', { type: 'reject' })
    assert.deepEqual(available(order, as('zhao', 'process-owner')), [])
  })
})
