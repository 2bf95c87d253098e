import assert from 'node:assert/strict'
import { callerOf } from '../../../domain/permission/caller.ts'
import { matrix, processNamed } from '../definitions.ts'
import { clock, does, fails, given, passes, placed, reports, succeeds, told } from '../specification.ts'

const sales = processNamed('sales')
const because = { reason: 'placed by mistake' }
const asked = () => given(sales, placed({ total: 10_000 }), told(), does('zhao', 'void', because))
const id = (order: ReturnType<typeof asked>) => Object.keys(order.state.proposals ?? {})[0]!

describe('a command that a second person must confirm', () => {
  it('[U] is put to those who may, and nothing is done yet', () => {
    const order = given(sales, placed({ total: 10_000 }), told()).when(does('zhao', 'void', because))
    order.thenExactly(
      ['proposal.made', { command: { type: 'void', reason: 'placed by mistake' }, confirm: { levels: 1 } }],
      ['notice.requested', { target: 'role:ops-manager', about: 'proposal' }],
      ['notice.requested', { target: 'role:process-owner', about: 'proposal' }],
    )
    order.thenStatus('pending_approval')
    order.when(does('mei', 'approve')).thenAmongOthers('step.completed')
  })

  it('[U] is done once another person confirms, as the doing of the one who asked', () => {
    const order = asked()
    order.when(does('ling', 'confirm', { proposal: id(order), reason: 'right' }))
    order.thenAmongOthers(['proposal.confirmed', { level: 1 }], ['order.closed', { status: 'voided' }])
    assert.deepEqual([order.by('proposal.confirmed'), order.by('compensation.started')], ['ling', 'zhao'])
    const started = order.journal.find(({ type }) => type === 'compensation.started')
    assert.equal(started?.reason, 'placed by mistake')
  })

  it('[U] is confirmed and declined by nobody who asked, or has no right to', () => {
    const order = asked()
    for (const type of ['confirm', 'decline'] as const) {
      order.when(does('zhao', type, { proposal: id(order) })).thenRefused('not_permitted')
      order.when(does('he', type, { proposal: id(order) })).thenRefused('not_permitted')
      order.when(does('sun', type, { proposal: id(order) })).thenRefused('not_permitted')
      order.when(does('ling', type, { proposal: 'p99' })).thenRefused('not_applicable', 'proposal')
    }
    order.when(does('zhao', 'void', because)).thenRefused('not_applicable')
  })

  it('[U] is dropped when it is declined', () => {
    const order = asked()
    order.when(does('ling', 'decline', { proposal: id(order), reason: 'no' })).thenExactly('proposal.declined')
    assert.deepEqual(order.state.proposals, {})
  })

  it('[U] lapses by the clock', () => {
    const order = asked().when(passes('3h'), clock)
    assert.equal(Object.keys(order.state.proposals ?? {}).length, 1)
    order.when(told(), passes('2h'), clock)
    assert.equal(order.by('proposal.lapsed'), 'clock')
    assert.deepEqual(order.state.proposals, {})
  })

  it('[U] goes stale when the order changes, not when somebody is told', () => {
    const order = asked().when(told())
    assert.equal(Object.keys(order.state.proposals ?? {}).length, 1)
    const proposal = id(order)
    order.when(does('mei', 'approve')).thenAmongOthers(['proposal.stale', { proposal }])
    order.when(does('ling', 'confirm', { proposal })).thenRefused('not_applicable', 'proposal')
    asked().when(reports('invoice.matched')).thenAmongOthers('proposal.stale')
  })

  it('[U] asked for in the place of somebody who is away is judged by what may be done in their place', () => {
    const order = given(sales, placed({ total: 10_000 }), told())
    const absent = { id: 'zhao', because: 'absent' as const, roles: ['sales', 'process-owner'] }
    const identity = { actor: 'sun', roles: ['sales'], organisation: 'main', standsInFor: [absent] }
    order.when(at =>
      at.take({
        type: 'command',
        at: at.at,
        command: { type: 'void', ...because },
        caller: callerOf(matrix, identity, 'void'),
      }),
    )
    order.thenAmongOthers(['proposal.made', { roles: ['sales', 'process-owner'] }])
    order.when(does('ling', 'confirm', { proposal: id(order) })).thenAmongOthers(['order.closed', { status: 'voided' }])
  })

  it('[U] is not confirmed any more once whoever asked has left, but can be declined and asked anew', () => {
    const order = asked()
    const proposal = id(order)
    const say = (type: 'confirm' | 'decline', left: string[]) =>
      order.when(at => {
        const identity = { actor: 'ling', roles: ['ops-manager'], organisation: 'main', left }
        const command = { type, proposal } as const
        at.take({ type: 'command', at: at.at, command, caller: callerOf(matrix, identity, type) })
      })
    say('confirm', ['zhao']).thenRefused('not_permitted')
    say('decline', ['zhao']).thenExactly('proposal.declined')
    const again = asked()
    again.when(at => {
      const identity = { actor: 'ling', roles: ['ops-manager'], organisation: 'main', left: ['mei'] }
      const command = { type: 'confirm', proposal: id(again) } as const
      at.take({ type: 'command', at: at.at, command, caller: callerOf(matrix, identity, 'confirm') })
    })
    again.thenAmongOthers(['order.closed', { status: 'voided' }])
  })

  it('[U] is not put to anybody where it would be refused anyway', () => {
    given(sales, placed(), succeeds('payment'), fails('stock', 'unknown'))
      .when(does('zhao', 'skip', because))
      .thenRefused('not_applicable')
  })
})
