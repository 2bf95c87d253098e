import assert from 'node:assert/strict'
import type { CallOutcome } from '../../../domain/call.ts'
import type { Event } from '../../../domain/core/events/event.ts'
import { drive, type World } from '../../../domain/simulate/virtual-driver.ts'
import { definitionFrom } from '../definitions.ts'
import { mondayMorning, orderOf } from '../specification.ts'

const process = definitionFrom(`
flow: none
on: { customer.cancelled: cancel }
steps:
  - { id: post, kind: call, status: pending_stock, do: erp.post, undo: erp.reverse, owner: role:warehouse, retry: { giveUpAfter: 30m } }
  - { id: look, kind: task, status: pending_payment, owner: role:finance, ladder: [{ after: 2h, remind: owner }, { after: 1d, fallback: cancel }] }
`)
const startMs = Date.parse(mondayMorning)
const minute = 60_000
const done: CallOutcome = { ok: true, result: {} }

/** A world in which everything comes off in a second and nobody does anything, unless said otherwise. */
function play(parts: Partial<World>, untilMs = startMs + 30 * 24 * 60 * minute) {
  const journal: Event[] = []
  const world: World = {
    answer: (_, nowMs) => ({ atMs: nowMs + 1000, outcome: done }),
    tell: (_, nowMs) => ({ atMs: nowMs + 1000, outcome: { ok: true, persons: ['fang'], channel: 'inbox' } }),
    react: () => [],
    ...parts,
  }
  const options = {
    startMs,
    untilMs,
    onTurn: (turn: { events: readonly Event[] }) => void journal.push(...turn.events),
  }
  const state = drive(process, orderOf(), world, options)
  const times = (type: Event['type']) =>
    journal.filter(event => event.type === type).map(event => (Date.parse(event.at) - startMs) / minute)
  return { state, journal, times }
}

describe('the virtual clock', () => {
  it('[U] plays an order to its end in no time, each deadline when it is due', () => {
    const { state, times } = play({})
    assert.equal(state.closed?.status, 'cancelled')
    const entered = 1 / 60
    assert.deepEqual(times('step.entered'), [0, entered])
    assert.deepEqual(times('rung.fired'), [entered + 120, entered + 24 * 60])
    assert.deepEqual(times('order.closed'), [entered + 24 * 60 + entered])
  })

  it('[U] begins each call once, and gives it up when it has had its time', () => {
    let begun = 0
    const { times, journal } = play(
      {
        answer: (call, nowMs) => {
          begun += 1
          return { atMs: call.id.endsWith('/do') ? Number.POSITIVE_INFINITY : nowMs + 1000, outcome: done }
        },
      },
      startMs + 60 * minute,
    )
    assert.equal(begun, 1)
    assert.deepEqual(times('call.cancelling'), [30])
    assert.ok(journal.some(event => event.type === 'call.failed' && event.data.certainty === 'unknown'))
    assert.deepEqual(times('review.opened'), [30])
  })

  it('[U] breaks off what is no longer wanted, and waits for what becomes of it', () => {
    const cancel = {
      type: 'fact',
      fact: { id: '1', source: 'test', type: 'customer.cancelled', claimedAt: mondayMorning },
    } as const
    const answer: World['answer'] = (call, nowMs) => ({
      atMs: nowMs + (call.id.endsWith('/do') ? 20 * minute : 1000),
      outcome: done,
    })
    const react: World['react'] = ({ type }, _, nowMs) =>
      type === 'order.received' ? [{ atMs: nowMs + minute, act: () => cancel }] : []
    const { times, state, journal } = play({ answer, react })
    assert.deepEqual(times('call.cancelling'), [1])
    assert.deepEqual(times('call.failed'), [1 + 1 / 6])
    assert.deepEqual(
      journal.filter(event => event.type === 'call.started').map(event => event.data.kind),
      ['do', 'undo'],
    )
    assert.equal(state.closed?.status, 'cancelled')
  })

  it('[U] answers a notice within a minute, whatever becomes of it', () => {
    const { times, journal } = play(
      {
        tell: (_, nowMs) => ({ atMs: nowMs + 60 * minute, outcome: { ok: true, persons: ['late'], channel: 'inbox' } }),
      },
      startMs + 5 * minute,
    )
    assert.deepEqual(times('notice.failed'), [1 + 1 / 60, 2 + 1 / 60, 3 + 1 / 60])
    assert.ok(journal.every(event => event.type !== 'notice.failed' || event.data.reason === 'no_answer'))
  })

  it('[U] leaves an order as it stands when the time is over', () => {
    const { state } = play({}, startMs + 60 * minute)
    assert.equal(state.closed, null)
    assert.equal(state.steps.look?.state, 'active')
  })
})
