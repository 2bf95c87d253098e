import assert from 'node:assert/strict'
import { randomScenario } from '../../../domain/simulate/random-scenario.ts'
import { journalOf, type Scenario } from '../../../domain/simulate/scenario.ts'
import { processNamed } from '../definitions.ts'
import { mondayMorning, orderOf } from '../specification.ts'

const sales = processNamed('sales')
const seeds = Array.from({ length: 60 }, (_, seed) => seed + 1)

const scenario: Scenario = {
  name: 'the first payment is declined, and tried again',
  order: orderOf(),
  startAt: mondayMorning,
  arrivals: [
    {
      afterMs: 60_000,
      arrival: {
        type: 'command',
        command: { type: 'retry', id: 'c-1' },
        caller: {
          actor: 'fang',
          roles: ['finance'],
          organisation: 'main',
          matrixVersion: '1',
          allowed: [{ statuses: 'open' }],
        },
      },
    },
    {
      afterMs: 3_600_000,
      arrival: {
        type: 'fact',
        fact: { id: 'f-1', source: 'carrier', type: 'shipment.delivered', claimedAt: mondayMorning },
      },
    },
  ],
  answers: {
    'payment/1/do': [
      { afterMs: 3000, outcome: { ok: false, code: 'declined', message: 'declined', certainty: 'not_done' } },
      { afterMs: 3000, outcome: { ok: true, result: { reference: 'A-7' } } },
    ],
  },
  unreachable: [],
  untilMs: 24 * 3_600_000,
}

describe('a scenario', () => {
  it('[U] plays what is written in it', () => {
    const journal = journalOf(sales, scenario)
    assert.deepEqual(
      journal
        .filter(({ type }) => type.startsWith('call.') || type === 'order.closed')
        .map(({ type, data }) => [type, (data as { step?: string }).step]),
      [
        ['call.started', 'payment'],
        ['call.started', 'stock'],
        ['call.succeeded', 'stock'],
        ['call.failed', 'payment'],
        ['call.started', 'payment'],
        ['call.succeeded', 'payment'],
        ['call.started', 'shipment'],
        ['call.succeeded', 'shipment'],
        ['call.started', 'capture'],
        ['call.succeeded', 'capture'],
        ['order.closed', undefined],
      ],
    )
    assert.equal(journal.find(({ command }) => command === 'c-1')?.type, 'review.closed')
  })

  it('[U] is data: it survives a journey through JSON', () => {
    const copy = JSON.parse(JSON.stringify(scenario)) as Scenario
    assert.deepEqual(journalOf(sales, copy), journalOf(sales, scenario))
  })

  it('[U] leaves a journal without times, which no two drivers have in common', () => {
    for (const seed of seeds) {
      for (const event of journalOf(sales, randomScenario(sales, seed))) {
        assert.doesNotMatch(JSON.stringify(event), /\d{4}-\d\d-\d\dT/, event.type)
      }
    }
  })

  it('[U] made of a seed is the same each time, and takes many courses', () => {
    const journals = seeds.map(seed => JSON.stringify(journalOf(sales, randomScenario(sales, seed))))
    assert.deepEqual(
      seeds.map(seed => JSON.stringify(journalOf(sales, randomScenario(sales, seed)))),
      journals,
    )
    assert.ok(new Set(journals).size > 50)
    for (const type of [
      'order.closed',
      'rung.fired',
      'review.opened',
      'compensation.ended',
      'step.reset',
      'hold.placed',
    ]) {
      assert.ok(
        journals.some(journal => journal.includes(`"${type}"`)),
        type,
      )
    }
  })

  it('[U] made of a seed has nothing happen at the same time as something else', () => {
    for (const seed of seeds) {
      const { arrivals } = randomScenario(sales, seed)
      const times = arrivals.map(({ afterMs }) => afterMs)
      assert.ok(times.every((time, index) => index === 0 || time - times[index - 1]! >= 60_000))
    }
  })
})
