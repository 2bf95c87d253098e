import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import limits from '../../bench/floor/limits.json' with { type: 'json' }
import { workflowBundle } from '../workflow-bundle.ts'

describe('the bundle of the workflows', function () {
  this.timeout(60_000)
  let code: string
  /** The modules that are in it, as webpack names them. */
  let modules: readonly string[]

  before(async () => {
    code = (await workflowBundle()).code
    modules = [...code.matchAll(/^\/\*\*\*\/ "([^"]+)":?/gm)].map(match => match[1]!)
  })

  it('[I] is small enough to be loaded by every worker in no time', () => {
    const [script = ''] = code.split('//# sourceMappingURL=')
    console.log(`      ${(script.length / 1e6).toFixed(2)} MB, ${modules.length} modules`)
    assert.ok(script.length <= limits.bundleBytes)
    assert.ok(modules.length > 100, 'it names its modules')
  })

  it('[I] holds the core and the expression library, but no schema library', () => {
    assert.ok(modules.some(name => name.endsWith('/domain/core/decide.ts')))
    assert.ok(modules.some(name => name.includes('/@marcbachmann/cel-js/')))
    assert.deepEqual(
      modules.filter(name => /node_modules\/zod\//.test(name)),
      [],
    )
  })

  /** Loaded once for all orders: what a module remembers must follow from what it is remembered for, and nothing else. */
  it('[I] remembers only what is the same for every order', () => {
    const ours = modules.filter(name => /^\.\/(domain|workflows)\/.*\.ts$/.test(name))
    const remembered = ours.flatMap(name => {
      const source = readFileSync(join(import.meta.dirname, '../..', name), 'utf8')
      const state = /^(?:export )?(?:let (\w+)|const (\w+)\b.* = new (?:Weak)?(?:Map|Set)\b)/gm
      return [...source.matchAll(state)].map(match => `${name} ${match[1] ?? match[2]}`)
    })
    assert.deepEqual(remembered.sort(), [
      './domain/calendar/calendar-index.ts indexes',
      './domain/core/clock/ruling-calendars.ts known',
      './domain/core/steps/step-graph.ts graphs',
      './domain/expression/compile-expression.ts compiledTexts',
      './domain/expression/environment.ts environments',
      './domain/expression/environment.ts thresholds',
      './domain/money/currencies.ts exponents',
    ])
  })

  it('[I] holds nothing of Node, nor of activities, connectors and store', () => {
    const node = new Set(builtinModules)
    assert.deepEqual(
      modules.filter(name => name.startsWith('node:') || node.has(name)),
      [],
    )
    assert.deepEqual(
      modules.filter(name => /^\.\/(activities|connectors|store|worker|config|api|cli)\//.test(name)),
      [],
    )
  })
})
