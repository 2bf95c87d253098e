import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import { bundleWorkflowCode } from '@temporalio/worker'
import { loadCalendar } from '../calendar/calendars.ts'
import { contextOf } from './orders.ts'
import { judged } from './sandbox-workflow.ts'

const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} }

describe('[I] calendars and expressions in the workflow sandbox', function () {
  this.timeout(60_000)
  let code: string

  before(async () => {
    // Throws if anything of Node, or a module that Temporal does not allow in a workflow, is imported.
    const workflowsPath = fileURLToPath(new URL('./sandbox-workflow.ts', import.meta.url))
    code = (await bundleWorkflowCode({ workflowsPath, logger: { ...silent } as never })).code
  })

  it('bring no schema library and no time-zone data of the machine with them', () => {
    assert.ok(code.includes('marcbachmann'), 'the bundle names its modules by their paths')
    assert.ok(!code.includes('node_modules/zod'))
    assert.ok(!code.includes('domain/calendar/time-zone.ts'))
  })

  it('give the same there as outside, without Intl, Buffer or anything else of Node', () => {
    const sandbox = vm.createContext({ TextEncoder, TextDecoder, AbortController, __webpack_module_cache__: {} })
    vm.runInContext('delete globalThis.Intl', sandbox)
    vm.runInContext(code, sandbox)
    const calendar = loadCalendar('cn-office')
    const from = '2026-02-13T03:00:00.000Z'
    for (const text of [
      'atLeast(order.total, "10000.00 CNY") && order.lines.exists(line, line.quantity > 3)',
      'order.attributes.nothing == 1',
      'order.totl == 1',
    ]) {
      const args = [calendar, from, text, contextOf()] as const
      sandbox.args = JSON.stringify(args)
      const inside = vm.runInContext(
        'JSON.stringify(__TEMPORAL__.importWorkflows().judged(...JSON.parse(args)))',
        sandbox,
      )
      assert.deepEqual(JSON.parse(inside), judged(...args))
    }
  })
})
