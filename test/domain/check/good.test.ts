import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readYaml } from '../../../config/read-yaml.ts'
import { checkDefinition } from '../../../domain/check/check-definition.ts'
import { standardFacts } from '../../../domain/fact.ts'
import { options, surroundings } from './surroundings.ts'

const processes = ['sales', 'express', 'cod', 'purchase', 'return']

type Raw = Record<string, unknown>

function read(file: string): Raw {
  return readYaml(readFileSync(file, 'utf8')).value as Raw
}

const check = (definition: unknown) => checkDefinition({ ...surroundings, definition }, options)

/** The definition once for each way of taking one thing away that keeps an order out of limbo. */
function* weakened(definition: Raw): Generator<readonly [what: string, Raw]> {
  const copy = () => structuredClone(definition)
  const all = function* (here: unknown, path: PropertyKey[]): Generator<PropertyKey[]> {
    if (typeof here !== 'object' || here === null) return
    for (const [key, value] of Object.entries(here)) {
      yield [...path, Array.isArray(here) ? Number(key) : key]
      yield* all(value, [...path, Array.isArray(here) ? Number(key) : key])
    }
  }
  const facts = standardFacts as readonly PropertyKey[]
  const safety: PropertyKey[] = [
    'owner',
    'ladder',
    'undo',
    'irreversible',
    'retry',
    'giveUpAfter',
    'onFailure',
    'review',
  ]
  for (const path of all(definition, [])) {
    const key = path.at(-1)!
    const isFact = path[0] === 'on' && facts.includes(key)
    const repeats = path[0] === 'review' && key === 'every'
    const rungs = path.at(-2) === 'ladder' && Array.isArray(at(definition, path.slice(0, -1)))
    const isLastRung = rungs && Number(key) === (at(definition, path.slice(0, -1)) as unknown[]).length - 1
    if (!safety.includes(key) && !isFact && !repeats && !isLastRung) continue
    const less = copy()
    const around = at(less, path.slice(0, -1)) as Record<PropertyKey, unknown>
    if (Array.isArray(around)) around.pop()
    else delete around[key]
    yield [path.join('.'), less]
  }
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((here, part) => (here as Record<PropertyKey, unknown>)[part], value)
}

describe('the check of a good definition', () => {
  it('[U] proves a reservation that splits the order where only a part is there', () => {
    const sales = read('processes/sales.yaml') as { steps: { partial?: { mode: string } }[] }
    const [stock] = sales.steps.filter(({ partial }) => partial !== undefined)
    assert.ok(stock?.partial)
    stock.partial.mode = 'split'
    assert.equal(check(sales).result, 'proven')
  })

  for (const name of processes) {
    it(`[U] proves ${name}`, () => {
      const report = check(read(`processes/${name}.yaml`))
      assert.deepEqual(report.problems, [])
      assert.equal(report.result, 'proven')
      assert.ok(report.states > 20)
      for (const { step, states, toPerson, toEnd } of report.steps) {
        assert.ok(states > 0, step)
        assert.ok(toPerson.workingMs > 0 && toPerson.workingMs <= toPerson.wallMs, step)
        assert.ok(Number.isFinite(toEnd.wallMs), step)
      }
    })

    it(`[U] refuses ${name} without any one of the things that keep it safe`, () => {
      let tried = 0
      for (const [what, definition] of weakened(read(`processes/${name}.yaml`))) {
        const report = check(definition)
        assert.equal(report.result, 'refused', `${name} without ${what}`)
        tried++
      }
      assert.ok(tried > 15, `${tried}`)
    })
  }

  it('[U] is done with ten steps on two branches in some thousand states, and in seconds', () => {
    const definition = read('test/domain/check/good/ten-steps.yaml')
    const runs = [1, 2].map(() => {
      const before = process.cpuUsage().user
      const { result, states } = check(definition)
      assert.equal(result, 'proven')
      // What would make it slow on any machine.
      assert.ok(states < 6000, `${states} states`)
      return (process.cpuUsage().user - before) / 1000
    })
    // Under two seconds on a machine of its own. Processor time, and the better of two, for the first is not compiled yet.
    assert.ok(Math.min(...runs) < 6000, `${runs} ms`)
  })

  it('[U] says the worst time of each step', () => {
    const hours = (ms: number) => Math.round(ms / 3_600_000)
    const { steps } = check(read('processes/return.yaml'))
    const [approval, receipt] = steps
    // From a day's escalation to the transfer on the second day, and the fallback on the third.
    assert.equal(hours(approval!.toPerson.workingMs), 8)
    assert.equal(hours(approval!.toEnd.workingMs), 24)
    assert.equal(hours(receipt!.toPerson.workingMs), 40)
    assert.equal(hours(receipt!.toEnd.workingMs), 80)
    // Over the spring festival of 2026: nine days off.
    assert.ok(hours(receipt!.toPerson.wallMs) > 14 * 24, `${hours(receipt!.toPerson.wallMs)}`)
  })
})
