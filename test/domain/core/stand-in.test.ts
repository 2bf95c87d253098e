import assert from 'node:assert/strict'
import { callerOf, type Identity } from '../../../domain/permission/caller.ts'
import { matrix } from '../definitions.ts'
import { deadline, does, given, type Happening, type OrderCase, passes, placed, told } from '../specification.ts'

const task = (owner: string) => `
flow: none
steps:
  - { id: look, kind: task, status: pending_approval, owner: ${owner}, ladder: [{ after: 1h, transfer: manager }, { after: 2h, transfer: manager }, { after: 5d, fallback: review }] }
`
const sunFor = (id: string, ...roles: string[]): Identity => ({
  actor: 'sun',
  roles: ['sales'],
  organisation: 'main',
  standsInFor: [{ id, because: 'absent', roles }],
})

const asks =
  (identity: Identity, type: 'approve' | 'reject' | 'claim'): Happening =>
  order =>
    order.take({ type: 'command', at: order.at, command: { type }, caller: callerOf(matrix, identity, type) })

function answered(order: OrderCase, because: 'absent' | 'left'): void {
  const standIns = [{ person: 'he', insteadOf: 'ling', because, ...(because === 'absent' && { until: '2026-03-06' }) }]
  for (const notice of Object.keys(order.state.notices)) {
    order.take({
      type: 'notice',
      at: order.at,
      notice,
      outcome: { ok: true, persons: ['he'], channel: 'inbox', standIns },
    })
  }
}

describe('standing in', () => {
  it('[U] whoever stands in for an absent owner may do what that one may, and the journal says so', () => {
    const order = given(task('mei'), placed(), told())
    order.when(does('sun', 'approve')).thenRefused('not_permitted')
    order
      .when(asks(sunFor('mei', 'sales-supervisor'), 'approve'))
      .thenExactly('step.completed', ['deputy.acted', { insteadOf: 'mei', because: 'absent' }], 'order.closed')
    assert.equal(order.by('step.completed'), 'sun')
    assert.equal(order.by('deputy.acted'), 'sun')
  })

  it('[U] and what a role of theirs owns', () => {
    const order = given(task('role:sales-supervisor'), placed(), told())
    order.when(asks(sunFor('mei', 'sales-supervisor'), 'reject')).thenAmongOthers('step.rejected', 'deputy.acted')
  })

  it('[U] but nothing that the absent one may not', () => {
    const order = given(task('fang'), placed(), told())
    order.when(asks(sunFor('mei', 'sales-supervisor'), 'approve')).thenRefused('not_permitted')
    order.when(asks(sunFor('wu', 'warehouse'), 'approve')).thenRefused('not_permitted')
  })

  it('[U] what they may in their own right they do as themselves', () => {
    const ling: Identity = { ...sunFor('mei', 'sales-supervisor'), actor: 'ling', roles: ['ops-manager'] }
    given(task('mei'), placed(), told()).when(asks(ling, 'approve')).thenExactly('step.completed', 'order.closed')
  })

  it('[U] a step that is transferred to somebody who is away for a time is theirs, and their deputy acts', () => {
    const order = given(task('fang'), placed(), told(), deadline)
    order
      .when(it => answered(it, 'absent'))
      .thenExactly(
        ['notice.delivered', { persons: ['he'], standIns: [{ person: 'he', insteadOf: 'ling', because: 'absent' }] }],
        ['step.transferred', { from: 'fang', to: 'ling', standIn: { person: 'he', until: '2026-03-06' } }],
      )
    // Their manager is the next one up, not the deputy's.
    order.when(deadline).thenAmongOthers(['notice.requested', { target: 'manager', owner: 'ling' }])
    order.when(told('zhao')).thenExactly('notice.delivered', ['step.transferred', { from: 'ling', to: 'zhao' }])
  })

  it('[U] and to somebody who has left, it is whoever takes their place', () => {
    given(task('fang'), placed(), told(), deadline)
      .when(it => answered(it, 'left'))
      .thenAmongOthers(['step.transferred', { from: 'fang', to: 'he' }])
  })
})

describe('claiming', () => {
  const order = () => given(task('role:finance'), placed(), told())

  it('[U] makes what a role owns the task of one of its people; the ladder goes on, and nobody else is told', () => {
    const claimed = order()
    const before = claimed.state.clocks['step:look']
    claimed
      .when(passes('10m'), does('fang', 'claim'))
      .thenExactly(['step.claimed', { from: 'role:finance', to: 'fang' }])
    assert.deepEqual(claimed.state.clocks['step:look'], before)
    assert.equal(claimed.state.steps.look?.pool, 'role:finance')
    claimed.when(does('fang', 'claim')).thenRefused('not_applicable')
    claimed.when(does('ling', 'claim')).thenRefused('not_applicable')
    claimed.when(does('fang', 'transfer', { to: 'role:finance', reason: 'no time' }))
    assert.equal(claimed.state.steps.look?.pool, undefined)
    claimed.when(does('fang', 'approve')).thenAmongOthers('order.closed')
  })

  it('[U] is for those whose it is, and not for who stands in for them', () => {
    order().when(does('wu', 'claim')).thenRefused('not_permitted')
    order()
      .when(asks(sunFor('fang', 'finance'), 'claim'))
      .thenRefused('not_permitted')
  })

  it('[U] a review can be claimed as well', () => {
    const reviewed = given(
      task('role:finance')
        .replace('{ after: 1h, transfer: manager }', '{ after: 1h, fallback: review }')
        .replace('{ after: 2h, transfer: manager }, { after: 5d, fallback: review }', '')
        .replace(', ]', ']'),
      placed(),
      told(),
      deadline,
    )
    reviewed
      .when(told(), does('he', 'claim', { step: 'look' }))
      .thenAmongOthers(['review.claimed', { review: '1', from: 'role:order-desk', to: 'he' }])
    assert.equal(reviewed.state.reviews['1']?.pool, 'role:order-desk')
  })
})

describe('passing on', () => {
  it('[U] needs a reason, which stands in the journal', () => {
    const order = given(task('role:finance'), placed(), told())
    order.when(does('fang', 'transfer', { to: 'wu' })).thenRefused('invalid', 'reason')
    order.when(does('fang', 'transfer', { to: 'wu', reason: 'about stock' })).thenAmongOthers('step.transferred')
    assert.equal(order.journal.find(({ type }) => type === 'step.transferred')?.reason, 'about stock')
  })
})
