import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { readYaml } from '../../../config/read-yaml.ts'
import { judgeEnds } from '../../../domain/check/verdict/judge-ends.ts'
import { compileDefinition } from '../../../domain/definition/compile-definition.ts'
import { definitionSchema } from '../../../domain/definition/definition-schema.ts'
import { draws } from '../../draws.ts'
import { randomDefinition } from '../core/random-definition.ts'
import { Explored } from './explored.ts'
import { surroundings } from './surroundings.ts'

const files = [
  ...['sales', 'express', 'cod', 'purchase', 'return'].map(name => `processes/${name}.yaml`),
  'test/domain/check/good/ten-steps.yaml',
  'test/domain/check/good/everything.yaml',
]

function explored(file: string): Explored {
  const definition = definitionSchema.parse(readYaml(readFileSync(file, 'utf8')).value)
  return new Explored(compileDefinition(definition, surroundings.calendars, surroundings.operations))
}

for (const file of files) {
  describe(`the exploration of ${file}`, () => {
    let process: Explored
    before(() => {
      process = explored(file)
    })

    it('[U] has visited every state that orders come to in real time', () => {
      const seen = process.assertVisited(draws(150))
      assert.ok(seen > 15, `${seen}`)
    })

    it('[U] bounds the silence of orders in real time, and not idly', () => {
      const longest = process.assertBounded(draws(150))
      assert.ok(longest > 0.5, `${longest}`)
    })

    it('[U] bounds it also where an order is disturbed in ways that are not covered', () => {
      process.assertBoundedWhenDisturbed(draws(150))
    })
  })
}

describe('what people set right by hand', () => {
  it('[U] is explored: passing over, going back, and what is kept', () => {
    const { nodes } = explored('processes/sales.yaml')
    const labels = new Set(nodes.map(({ from }) => from?.label))
    for (const label of ['skip stock', 'skip payment', 'rollback', 'override shipment'])
      assert.ok(labels.has(label), label)
  })
})

describe('the exploration of any small process', () => {
  // The same ones every time: how long they take is known, and what is not covered stays out.
  const definitions = fc.sample(randomDefinition, { numRuns: 25, seed: 11 })

  it('[U] finds no limbo and an end everywhere, visits what orders come to, and bounds their silence', function () {
    this.timeout(180_000)
    let complete = 0
    for (const random of definitions) {
      const definition = { ...random, flow: 'none' as const }
      const process = new Explored(definition, 3000)
      if (!process.complete) continue
      complete++
      const problems = judgeEnds(definition, process.nodes).filter(({ code }) => code === 'limbo' || code === 'no_end')
      assert.deepEqual(problems, [])
      process.assertVisited(20)
      process.assertBounded(20)
      process.assertBoundedWhenDisturbed(20)
    }
    assert.ok(complete > 15, `${complete}`)
  })
})
