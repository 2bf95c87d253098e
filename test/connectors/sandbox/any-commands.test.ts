import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { parse } from 'yaml'
import { connectorsDescription } from '../../../connectors/description.ts'
import { type Connectors, createConnectors } from '../../../connectors/registry.ts'
import type { Ledger } from '../../../connectors/sandbox/ledger.ts'
import { type CallOutcome, neverBegun } from '../../../domain/call.ts'
import { transition } from '../../../domain/core/decide.ts'
import type { Input } from '../../../domain/core/input.ts'
import { pending } from '../../../domain/core/pending.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { inputOf, type RandomHappening, randomHappenings } from '../../domain/core/random-happenings.ts'
import { mondayMorning, orderOf } from '../../domain/specification.ts'
import { pausingAbove, shop } from '../../workflows/processes.ts'
import { netOf, nothing } from './net-of.ts'
import { TestSandbox } from './test-sandbox.ts'

/* The core with the connectors as they are shipped and a real sandbox: no Temporal, so that many sequences can be tried. */

const runs = Number(process.env.NOLIMBO_LEDGER_RUNS ?? 100)

/** What is about other orders, or says what the world has done instead of doing it. */
const elsewhere: readonly string[] = ['split', 'merge', 'override']

let orders = 0

class LedgerRun {
  readonly orderNo: string
  private readonly definition: CompiledDefinition
  private readonly connectors: Connectors
  private at = mondayMorning
  state: OrderState
  /** Commands that were done. */
  readonly done: string[] = []

  constructor(definition: CompiledDefinition, connectors: Connectors) {
    orders += 1
    this.orderNo = `L-${orders}`
    this.definition = definition
    this.connectors = connectors
    const lines = [
      { line: 1, sku: 'A', quantity: 2, unitPriceMinor: 9_000 },
      { line: 2, sku: 'B', quantity: 3, unitPriceMinor: 500 },
    ]
    const order = orderOf({ orderNo: this.orderNo, lines })
    const started = transition(definition, null, { type: 'start', at: this.at, order })
    assert.ok(started.ok)
    this.state = started.state
  }

  async happens(one: RandomHappening): Promise<void> {
    if (one.kind === 'command' || one.kind === 'amend') {
      const input = inputOf(this.definition, this.state, this.at, one)
      if (input.type !== 'command' || elsewhere.includes(input.command.type)) return
      if (this.take(input)) this.done.push(`${input.command.type} by ${input.caller.actor}`)
    } else if (one.kind === 'clock') this.take(inputOf(this.definition, this.state, this.at, one))
    else await this.calls(one.which)
  }

  /** One of the calls that are due comes back. */
  private async calls(which: number): Promise<void> {
    const { calls } = pending(this.definition, this.state)
    const call = calls[which % Math.max(1, calls.length)]
    if (call === undefined) return
    const { request, id, cancel } = call
    // Half of those that are withdrawn had not begun.
    const outcome: CallOutcome =
      cancel && which % 2 === 0 ? neverBegun : await this.connectors.call(request, AbortSignal.timeout(10_000), 1)
    const kind = id.slice(id.lastIndexOf('/') + 1) as 'do' | 'undo' | 'check'
    this.take({ type: 'result', at: this.at, call: { step: request.step, round: request.round, kind }, outcome })
  }

  async settle(): Promise<void> {
    for (let turns = 0; pending(this.definition, this.state).calls.length > 0; turns += 1) {
      assert.ok(turns < 50, `never at rest: ${JSON.stringify(pending(this.definition, this.state).calls)}`)
      await this.calls(1)
    }
  }

  private take(input: Input): boolean {
    const decision = transition(this.definition, this.state, input)
    this.at = input.at
    if (!decision.ok) return false
    this.state = decision.state
    return decision.events.length > 0
  }
}

describe('an order and the ledger of the sandbox', function () {
  this.timeout(120_000)
  let sandbox: TestSandbox
  let connectors: Connectors
  before(async () => {
    sandbox = await TestSandbox.start()
    const folder = join(import.meta.dirname, '../../../processes')
    const description = connectorsDescription.parse(parse(readFileSync(join(folder, 'connectors.yaml'), 'utf8')))
    connectors = createConnectors(description, { SANDBOX_URL: sandbox.url })
  })
  after(() => sandbox.stop())

  async function assertAgrees(run: LedgerRun): Promise<void> {
    const net = netOf((await sandbox.client.get(`/ledger?orderNo=${run.orderNo}`)).body as Ledger)
    const { money, lines, closed, steps } = run.state
    const bySku = (of: (line: OrderState['lines'][number]) => number) => {
      const counts = new Map<string, number>()
      for (const line of lines) counts.set(line.sku, (counts.get(line.sku) ?? 0) + of(line))
      return Object.fromEntries([...counts].filter(([, count]) => count !== 0).sort())
    }
    const sorted = (counts: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(counts).sort())
    const what = `after ${run.done.join(', ')}`
    assert.equal(net.capturedMinor, money.capturedMinor - money.refundedMinor, `captured ${what}`)
    // What was passed over and is sent all the same counts as reserved: the warehouse has not heard of it.
    const reserved = steps.stock?.state === 'skipped' ? {} : bySku(line => line.reserved)
    assert.deepEqual(sorted(net.reserved), reserved, `reserved ${what}`)
    assert.deepEqual(
      sorted(net.shipped),
      bySku(({ shipped }) => shipped),
      `shipped ${what}`,
    )
    if (closed !== null && closed.status !== 'completed') assert.deepEqual(net, nothing, `${closed.status} ${what}`)
  }

  for (const [name, definition] of [
    ['approved first', shop],
    ['approved last', pausingAbove(1)],
  ] as const) {
    it(`[I] agree on money and goods after any commands, in whatever order calls come back (${name})`, async () => {
      const seen = new Set<string>()
      await fc.assert(
        fc.asyncProperty(randomHappenings, async happenings => {
          const run = new LedgerRun(definition, connectors)
          for (const one of happenings) await run.happens(one)
          await run.settle()
          for (const command of run.done) seen.add(command.split(' ')[0]!)
          await assertAgrees(run)
        }),
        { numRuns: runs, ...(process.env.NOLIMBO_FUZZ_SEED && { seed: Number(process.env.NOLIMBO_FUZZ_SEED) }) },
      )
      assert.ok(seen.size >= 4, `what is asked is too poor: only ${[...seen].join(', ')} were done`)
    })
  }
})
