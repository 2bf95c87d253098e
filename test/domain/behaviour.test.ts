import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { generatedPages } from '../../cli/commands/table.ts'
import { behaviourTable } from '../../domain/behaviour/behaviour-table.ts'
import { groups, happenings } from '../../domain/behaviour/happening.ts'
import { showcase } from '../../domain/behaviour/showcase.ts'
import { outcomeOf, reach, situations } from '../../domain/behaviour/situation.ts'
import { commandTypes } from '../../domain/core/commands/command.ts'
import { eventData } from '../../domain/core/events/event.ts'
import { orderStatus } from '../../domain/core/order-status.ts'
import { standardFacts } from '../../domain/fact.ts'
import { statuses } from '../../domain/status.ts'

describe('the behaviour table', () => {
  for (const situation of situations) {
    it(`[U] is what the core does: ${situation.name}`, () => {
      const state = reach(situation)
      assert.equal(orderStatus(showcase, state), situation.status)
      const expected = behaviourTable.get(situation.name)
      for (const group of groups) {
        for (const happening of Object.keys(happenings[group])) {
          assert.equal(outcomeOf(state, happening), expected?.get(happening), `${situation.name}, ${happening}`)
        }
      }
    })
  }

  it('[U] has every situation, command and fact, and no others', () => {
    assert.deepEqual(
      [...behaviourTable.keys()],
      situations.map(({ name }) => name),
    )
    assert.deepEqual(Object.keys(happenings.commands).sort(), [...commandTypes].sort())
    assert.deepEqual(Object.keys(happenings.facts), [...standardFacts])
    const names = groups.flatMap(group => Object.keys(happenings[group]))
    for (const [situation, rows] of behaviourTable) {
      for (const [happening, outcome] of rows) {
        assert.ok(names.includes(happening), `${situation}: "${happening}"`)
        if (outcome === 'nothing' || outcome.startsWith('refused: ')) continue
        for (const type of outcome.split(', ')) assert.ok(Object.hasOwn(eventData, type), `${situation}: ${type}`)
      }
    }
  })

  it('[U] has every status that an order can rest in', () => {
    const unreached = statuses.filter(status => !situations.some(situation => situation.status === status))
    assert.deepEqual(unreached, ['received', 'split', 'merged'])
  })
})

describe('the generated pages', () => {
  for (const [name, page] of Object.entries(generatedPages)) {
    it(`[U] docs/generated/${name}.md is current (npm run nolimbo -- table --write)`, () => {
      const file = new URL(`../../docs/generated/${name}.md`, import.meta.url)
      assert.equal(readFileSync(file, 'utf8'), page())
    })
  }

  it('[U] say of every event what it means and what is in it', () => {
    const text = generatedPages.events!()
    for (const [type, schema] of Object.entries(eventData)) {
      assert.ok(text.includes(`## ${type}\n`), type)
      assert.ok((schema.description ?? '').length > 10, `${type} says nothing`)
    }
  })
})
