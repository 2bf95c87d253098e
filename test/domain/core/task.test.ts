import assert from 'node:assert/strict'
import { deadline, deadlines, does, given, placed, succeeds, told, undoSucceeds } from '../specification.ts'

const withLadder = (fallback: string, more = '') => `
steps:
  - { id: post, kind: call, status: pending_stock, do: erp.post, undo: erp.reverse, owner: role:warehouse }
  - id: look
    kind: task
    status: pending_payment
    owner: role:finance
    ladder: [{ after: 2h, remind: owner }, { after: 4h, escalate: manager }, { after: 8h, transfer: manager }, { after: 1d, fallback: ${fallback} }]
    ${more}
`

const inTask = (text: string) => given(text, placed(), succeeds('post'))

describe('a task', () => {
  it('[U] that is rejected is cancelled with undo, unless it says otherwise', () => {
    inTask(withLadder('cancel'))
      .when(does('fang', 'reject', { reason: 'not creditworthy' }))
      .thenExactly(
        ['step.rejected', { step: 'look', round: 1 }],
        ['compensation.started', { goal: { kind: 'close', status: 'cancelled' } }],
        ['step.withdrawn', { step: 'look' }],
        ['call.started', { step: 'post', kind: 'undo', operation: 'erp.reverse', key: 'main/SO-1/post/1' }],
      )
      .thenStatus('compensating')
  })

  it('[U] that is rejected goes to review where it says so', () => {
    inTask(withLadder('cancel', 'onReject: review'))
      .when(does('fang', 'reject'))
      .thenExactly(
        'step.rejected',
        ['step.failed', { code: 'rejected' }],
        'exception.raised',
        'review.opened',
        'notice.requested',
      )
      .thenStatus('manual_review')
  })

  it('[U] that is rejected goes back where it says so, in a new round after the undo', () => {
    inTask(withLadder('cancel', 'onReject: { send_back: post }'))
      .when(does('fang', 'reject'))
      .thenAmongOthers(
        'step.rejected',
        ['compensation.started', { goal: { kind: 'rewind', to: 'post' } }],
        ['call.started', { kind: 'undo' }],
      )
  })

  it('[U] climbs its ladder when nobody acts: told again, one level up, given to the manager', () => {
    inTask(withLadder('cancel'))
      .when(deadlines(3))
      .thenExactly(
        'notice.delivered',
        ['rung.fired', { rung: 0, action: 'remind', target: 'owner' }],
        ['notice.requested', { target: 'role:finance', about: 'remind' }],
        'notice.delivered',
        ['rung.fired', { rung: 1, action: 'escalate', target: 'manager' }],
        ['exception.raised', { kind: 'overdue', step: 'look', owner: 'role:finance' }],
        ['notice.requested', { target: 'manager', owner: 'role:finance', about: 'escalate' }],
        'notice.delivered',
        ['rung.fired', { rung: 2, action: 'transfer' }],
        ['notice.requested', { target: 'manager', about: 'transfer' }],
      )
      .when(told('ling'))
      .thenExactly(
        ['notice.delivered', { persons: ['ling'] }],
        ['step.transferred', { from: 'role:finance', to: 'ling' }],
      )
      .when(does('ling', 'approve'))
      .thenExactly(
        ['step.completed', { how: 'approved' }],
        ['exception.resolved', { outcome: 'fixed' }],
        'order.closed',
      )
  })

  it('[U] is cancelled by its fallback as the actor clock', () => {
    inTask(withLadder('cancel'))
      .when(deadlines(3), told(), deadline)
      .thenAmongOthers(['rung.fired', { action: 'fallback', fallback: 'cancel', clock: null }], 'compensation.started')
      .thenStatus('compensating')
      .when(undoSucceeds('post'))
      .thenExactly('call.succeeded', 'lines.cancelled', 'compensation.ended', ['order.closed', { status: 'cancelled' }])
    assert.equal(inTask(withLadder('cancel')).when(deadlines(4)).by('compensation.started'), 'clock')
  })

  it('[U] goes to review by its fallback', () => {
    inTask(withLadder('review'))
      .when(deadlines(4))
      .thenAmongOthers(
        ['rung.fired', { fallback: 'review' }],
        ['step.failed', { code: 'overdue' }],
        ['review.opened', { step: 'look' }],
      )
      .when(told(), does('ling', 'retry'))
      .thenAmongOthers(['step.entered', { step: 'look', round: 1 }], ['notice.requested', { about: 'entered' }])
  })

  it('[U] is passed over by its fallback', () => {
    inTask(withLadder('continue'))
      .when(deadlines(4))
      .thenAmongOthers(['step.skipped', { step: 'look', because: 'fallback' }], 'exception.resolved', [
        'order.closed',
        { status: 'completed' },
      ])
  })

  it('[U] that is an approval is never passed over: silence is no yes', () => {
    inTask(withLadder('continue').replace('status: pending_payment', 'status: pending_approval'))
      .when(deadlines(4))
      .thenAmongOthers(['rung.fired', { fallback: 'continue' }], ['review.opened', { step: 'look', code: 'overdue' }])
  })
})
