import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { readYaml } from '../../../config/read-yaml.ts'
import { checkDefinition } from '../../../domain/check/check-definition.ts'
import { judgeByRules } from '../../../domain/check/rules/rules.ts'
import { shape } from '../../../domain/check/rules/shape.ts'
import { compileDefinition } from '../../../domain/definition/compile-definition.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { definitionJsonSchema } from '../../../domain/definition/definition-json-schema.ts'
import { observed } from './observed.ts'
import { options, surroundings } from './surroundings.ts'

const everything = readYaml(readFileSync('test/domain/check/good/everything.yaml', 'utf8')).value as object

function paths(here: unknown, path: readonly PropertyKey[] = []): PropertyKey[][] {
  if (typeof here !== 'object' || here === null) return []
  return Object.entries(here).flatMap(([key, value]) => {
    const inside = [...path, Array.isArray(here) ? Number(key) : key]
    return [inside, ...paths(value, inside)]
  })
}

/** The process without it; undefined: it is refused. An empty path: the process as it is. */
function compiledWithout(path: readonly PropertyKey[]): CompiledDefinition | undefined {
  const less = structuredClone(everything)
  const around = path.slice(0, -1).reduce((at: never, part) => at[part as never], less as never)
  if (Array.isArray(around)) (around as unknown[]).splice(Number(path.at(-1)), 1)
  else if (path.length > 0) delete (around as Record<PropertyKey, unknown>)[path.at(-1)!]
  const { definition } = shape(less)
  if (definition === undefined) return
  const operations = Object.keys(surroundings.operations)
  const maximumSilence = { task: '3d', wait: '10d' }
  const problems = judgeByRules({ ...surroundings, definition, organisation: 'main', operations, maximumSilence })
  if (problems.length > 0) return
  return compileDefinition(definition, surroundings.calendars, surroundings.operations)
}

/** The names of all keys in a JSON Schema; of mappings with free names only what is inside. */
function keysOf(schema: unknown): Set<string> {
  if (typeof schema !== 'object' || schema === null) return new Set()
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : []
  return new Set([...own, ...Object.values(schema).flatMap(value => [...keysOf(value)])])
}

describe('the keys of a definition', () => {
  it('[U] can all be used in one that is proven', () => {
    const report = checkDefinition({ ...surroundings, definition: everything }, options)
    assert.deepEqual(report.problems, [])
    assert.equal(report.result, 'proven')
  })

  it('[U] are all in that one', () => {
    const used = new Set(paths(everything).map(path => String(path.at(-1))))
    assert.deepEqual(
      [...keysOf(definitionJsonSchema())].filter(key => !used.has(key)),
      [],
    )
  })

  it('[U] all matter: without any one of them it is refused, or its orders go another way', function () {
    this.timeout(90_000)
    const whole = [...observed(compiledWithout([])!)]
    // The first order that goes another way will do.
    const goesTheSameWay = (definition: CompiledDefinition) => {
      let index = 0
      for (const order of observed(definition)) if (order !== whole[index++]) return false
      return true
    }
    const elsewhere: Readonly<Record<string, string>> = { runs: 'test/workflows/runs.test.ts' }
    const idle = paths(everything).filter(path => {
      const less = compiledWithout(path)
      return less !== undefined && !(path.join('.') in elsewhere) && goesTheSameWay(less)
    })
    assert.deepEqual(
      idle.map(path => path.join('.')),
      [],
    )
    for (const file of Object.values(elsewhere)) assert.ok(existsSync(file), file)
  })
})
