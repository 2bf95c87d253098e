import assert from 'node:assert/strict'
import {
  clock,
  deadline,
  does,
  given,
  type Happening,
  nobodyTold,
  type OrderCase,
  passes,
  placed,
  told,
} from '../specification.ts'

const task = (ladder: string) => `
flow: none
steps:
  - { id: look, kind: task, status: pending_payment, owner: fang, ladder: [${ladder}] }
`
const reminding = task('{ after: 1h, remind: owner, every: 1h }, { after: 5d, fallback: review }')

/** The next rung fires, and its notice is delivered; nobody does anything. */
const rung: Happening = order => {
  told()(order)
  deadline(order)
  told()(order)
}
const rungs = (times: number): Happening[] => Array.from({ length: times }, () => rung)

/** Whom the order's notices went to: the target, and how many levels above it. */
function notices(order: OrderCase): string[] {
  return order.journal.flatMap(event =>
    event.type === 'notice.requested' ? `${event.data.target}${'+'.repeat(event.data.level ?? 0)}` : [],
  )
}

describe('notices that nobody answers', () => {
  it('[U] go one level up after three, and one more after three more, whichever rungs they come from', () => {
    const order = given(reminding, placed(), ...rungs(7))
    assert.deepEqual(notices(order), ['fang', 'fang', 'fang', 'fang+', 'fang+', 'fang+', 'fang++', 'fang++'])
  })

  it('[U] that go up by the ladder itself begin a new three there', () => {
    const climbing = task(
      '{ after: 1h, remind: owner }, { after: 2h, escalate: manager, every: 1h }, { after: 5d, fallback: review }',
    )
    const order = given(climbing, placed(), ...rungs(5))
    assert.deepEqual(notices(order), ['fang', 'fang', 'manager', 'manager', 'manager', 'manager+'])
  })

  it('[U] are counted for the whole ladder: a rung that says the owner does not go down again', () => {
    const three = [1, 2, 3, 4].map(hours => `{ after: ${hours}h, remind: owner }`).join()
    const order = given(task(`${three}, { after: 5d, fallback: review }`), placed(), ...rungs(4))
    assert.deepEqual(notices(order), ['fang', 'fang', 'fang', 'fang+', 'fang+'])
  })

  it('[U] begin anew once a person has done something about the subject', () => {
    const order = given(reminding, placed(), ...rungs(3))
    order.when(does('ling', 'transfer', { to: 'mei', reason: 'fang is busy' }), ...rungs(3))
    assert.deepEqual(notices(order).slice(-4), ['mei', 'mei', 'mei', 'mei+'])
  })

  it('[U] of a review and a hold are counted too', () => {
    const held = `
flow: none
holds: { credit: { title: { en: Credit, zh: 信用 }, owner: fang, blocks: { steps: all, commands: [] }, ladder: [{ after: 1h, remind: owner, every: 1h }, { after: 9d, fallback: review }] } }
steps:
  - { id: look, kind: task, status: pending_payment, owner: mei, ladder: [{ after: 1h, remind: owner, every: 1h }, { after: 9d, fallback: review }] }
`
    const order = given(held, placed(), ...rungs(2), does('he', 'hold', { hold: 'credit' }), ...rungs(3))
    assert.deepEqual(notices(order), ['mei', 'mei', 'mei', 'fang', 'fang', 'fang', 'fang+'])
    order.when(does('he', 'release', { hold: 'credit' }), rung)
    assert.deepEqual(notices(order).at(-1), 'mei', 'who holds an order has looked at it')
  })

  it('[U] a transfer by the clock begins anew with the new owner, who has been told once', () => {
    const moving = task(
      '{ after: 1h, transfer: manager }, { after: 2h, remind: owner, every: 1h }, { after: 5d, fallback: review }',
    )
    const order = given(moving, placed(), told(), deadline, told('ling'), ...rungs(4))
    assert.deepEqual(notices(order), ['fang', 'manager', 'ling', 'ling', 'ling+', 'ling+'])
  })

  it('[U] at the top come to the last resort, and the order has an exception that operators see', () => {
    const top: Happening = order => {
      for (const notice of Object.keys(order.state.notices)) {
        const outcome = { ok: true, persons: ['zhao'], channel: 'inbox', top: true } as const
        order.take({ type: 'notice', at: order.at, notice, outcome })
      }
    }
    const order = given(reminding, placed(), ...rungs(6), told(), deadline)
    order
      .when(top)
      .thenExactly(
        ['notice.delivered', { persons: ['zhao'], top: true }],
        ['exception.raised', { kind: 'undelivered', step: 'look', owner: 'zhao', evidence: { subject: 'step:look' } }],
        ['notice.requested', { subject: 'step:look', target: 'last-resort', about: 'last-resort' }],
      )
      .when(told('last-resort'))
      .thenExactly('notice.delivered')
      .when(deadline, top)
      .thenAmongOthers(['exception.raised', { exception: Object.keys(order.state.exceptions)[0]! }])
    order.when(does('ling', 'approve')).thenAmongOthers(['exception.resolved', { outcome: 'fixed' }], 'order.closed')
    assert.deepEqual(order.state.unanswered, {})
  })

  it('[U] a notice that fails is told to the process owner, who counts for nothing more', () => {
    const order = given(reminding, placed())
    order.when(nobodyTold, told('zhao'), deadline, told(), passes('1m'), clock)
    assert.deepEqual(order.state.unanswered, { 'step:look': { height: 0, times: 2, raised: 0 } })
  })
})
