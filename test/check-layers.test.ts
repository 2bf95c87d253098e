import assert from 'node:assert/strict'
import { checkFile } from './check-file.ts'
import { checkLayers } from './check-layers.ts'

const BAD: readonly (readonly [path: string, code: string, wrong: RegExp])[] = [
  ['domain/a.ts', "import { readFileSync } from 'node:fs'", /imports the package node:fs.* leave I\/O to activities/],
  ['domain/a.ts', "import type { Client } from '@temporalio/client'", /imports the package @temporalio\/client/],
  ['domain/a.ts', "import { z } from 'zodiac'", /imports the package zodiac/],
  ['domain/core/a.ts', "export * from '../../store/journal.ts'", /imports store\/journal\.ts/],
  ['domain/core/a.ts', "export { b } from '../../api/b.ts'", /imports api\/b\.ts/],
  ['domain/a.ts', "const b = await import('../config/b.ts')", /imports config\/b\.ts/],
  ['domain/a.ts', 'const b = await import(name)', /imports a module whose name is computed/],
  ['domain/a.ts', "type B = import('../store/b.ts').B", /imports store\/b\.ts/],
  ['domain/a.ts', 'const at = Date.now()', /uses Date\.now\. .*input\.at/],
  ['domain/a.ts', 'const at = new Date()', /uses new Date\(\)/],
  ['domain/a.ts', 'const at = new Date', /uses new Date\(\)/],
  ['domain/a.ts', 'const at = Date()', /uses Date\(\)/],
  ['domain/a.ts', 'const f = () => Math.random()', /uses Math\.random/],
  ['domain/a.ts', 'const f = Math["random"]', /uses Math\.\[\.\.\.\]/],
  ['domain/a.ts', 'setTimeout(() => {}, 1)', /uses setTimeout\(\)/],
  ['domain/a.ts', 'class A { b = process.env.B }', /uses process\.env/],
  ['domain/a.ts', 'const f = async () => fetch("http://x")', /uses fetch\(\)/],
  ['domain/a.ts', 'globalThis["fetch"]("http://x")', /uses globalThis\.\[\.\.\.\]/],
  ['workflows/order.ts', "import { createActivities } from '../activities/a.ts'", /by value.*write `import type`/],
  ['workflows/order.ts', "import { type Activities } from '../activities/a.ts'", /by value/],
  ['workflows/order.ts', "import { Client } from '@temporalio/client'", /imports the package @temporalio\/client/],
  ['workflows/order.ts', "import type { Journal } from '../store/journal.ts'", /imports store\/journal\.ts/],
  ['activities/a.ts', "import { order } from '../workflows/order.ts'", /imports workflows\/order\.ts/],
  ['connectors/a.ts', "import { journal } from '../store/journal.ts'", /imports store\/journal\.ts/],
  ['connectors/a.ts', "import { sandbox } from './sandbox/b.ts'", /imports connectors\/sandbox\/b\.ts/],
  ['connectors/sandbox/a.ts', "import type { Call } from '../../domain/call.ts'", /imports domain\/call\.ts.*stranger/],
  ['connectors/sandbox/a.ts', "import { b } from '../b.ts'", /imports connectors\/b\.ts/],
  ['store/a.ts', "import { b } from '../config/b.ts'", /imports config\/b\.ts/],
  ['config/a.ts', "import { b } from '../store/b.ts'", /imports store\/b\.ts/],
  ['worker/main.ts', "import { b } from '../api/b.ts'", /imports api\/b\.ts/],
  ['worker/main.ts', "import { b } from '../cli/b.ts'", /imports cli\/b\.ts/],
  ['api/main.ts', "import { order } from '../workflows/order.ts'", /workflows\/order\.ts by value/],
  ['api/main.ts', "import type { A } from '../activities/a.ts'", /imports activities\/a\.ts/],
  ['api/main.ts', "import { c } from '../connectors/c.ts'", /imports connectors\/c\.ts/],
  ['console/page.ts', "import { b } from '../api/b.ts'", /by value/],
  ['console/page.ts', "import type { B } from '../domain/b.ts'", /imports domain\/b\.ts/],
  ['cli/main.ts', "import { devServer } from '../test/temporal.ts'", /imports test\/temporal\.ts/],
  ['processes/a.ts', "import { b } from '../domain/b.ts'", /holds YAML only/],
]

const GOOD: readonly (readonly [path: string, code: string])[] = [
  ['domain/core/a.ts', "import { z } from 'zod'; import { Environment } from '@marcbachmann/cel-js'; import '../b.ts'"],
  ['domain/a.ts', 'const at = new Date(input.at); const ms = Date.parse(at); const day = Date.UTC(2026, 1)'],
  [
    'domain/a.ts',
    '// Date.now() and fetch(x)\nconst text = "import x from \'node:fs\'; process.env"; order.process.id',
  ],
  [
    'workflows/order.ts',
    "import type { Activities } from '../activities/a.ts'; import { decide } from '../domain/d.ts'",
  ],
  ['workflows/order.ts', "import { condition } from '@temporalio/workflow'; const at = Date.now()"],
  ['api/main.ts', "import { command } from '../workflows/messages.ts'; import type { O } from '../workflows/order.ts'"],
  ['console/page.ts', "import type { B } from '../api/b.ts'"],
  [
    'worker/main.ts',
    "import { createActivities } from '../activities/a.ts'; import { order } from '../workflows/order.ts'",
  ],
  [
    'cli/main.ts',
    "import { app } from '../api/app.ts'; import { startSandbox } from '../connectors/sandbox/server.ts'",
  ],
  ['test/a.ts', "import { a } from '../domain/a.ts'; setTimeout(() => {}, 1)"],
]

describe('check of the layers', () => {
  for (const [path, code, wrong] of BAD) {
    it(`[U] refuses ${path}: ${code}`, () => {
      const wrongs = checkLayers(path, code)
      assert.equal(wrongs.length, 1, wrongs.join('\n'))
      assert.match(wrongs[0]!, wrong)
      assert.ok(wrongs[0]!.startsWith(`${path} `))
    })
  }

  for (const [path, code] of GOOD) {
    it(`[U] lets ${path} do: ${code}`, () => {
      assert.deepEqual(checkLayers(path, code), [])
    })
  }
})

describe('check of a file', () => {
  it('[U] refuses more than 300 lines', () => {
    assert.deepEqual(checkFile('domain/a.ts', 'x\n'.repeat(300)), [])
    assert.match(checkFile('domain/a.ts', 'x\n'.repeat(301))[0]!, /has 301 lines.*Split it/)
  })

  for (const path of ['domain/utils.ts', 'domain/helpers/a.ts', 'api/http-common.ts', 'test/test-helper.test.ts']) {
    it(`[U] refuses the name ${path}`, () => assert.match(checkFile(path, '')[0]!, /says nothing/))
  }

  for (const path of ['domain/orderLine.ts', 'domain/Order.ts', 'store/order_line.ts']) {
    it(`[U] refuses the name ${path}`, () => assert.match(checkFile(path, '')[0]!, /is not kebab-case/))
  }

  it('[U] lets be what is named for its export', () => {
    assert.deepEqual(checkFile('store/migrations/0001-tables.sql', ''), [])
    assert.deepEqual(checkFile('test/domain/order-line.test.ts', ''), [])
  })
})
