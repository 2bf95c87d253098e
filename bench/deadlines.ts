/**
 * How late rungs fire when many fall due at about the same time: `node bench/deadlines.ts [--orders 10000]
 * [--seconds 60] [--lead S]`. On a Temporal dev server of its own, with PGlite in memory and one worker. Each order
 * waits for an approval; its first rung falls within the same span of `seconds`, `lead` seconds after the start. Exit
 * 0: every one fired; 1: some were missed, or the orders were not all there before the first.
 */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { findTemporal } from '../cli/temporal/find-temporal.ts'
import { startTemporal } from '../cli/temporal/start-temporal.ts'
import { loadProcesses } from '../config/processes.ts'
import { compileDefinition } from '../domain/definition/compile-definition.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import { definitionSchema } from '../domain/definition/definition-schema.ts'
import { openStore, type Store } from '../store/open-store.ts'
import { startWorker } from '../worker/start-worker.ts'
import { orderWorkflow, startInput, workflowIdOf } from '../workflows/messages.ts'

const root = join(import.meta.dirname, '..')
const organisation = 'main'
const taskQueue = 'deadlines'
const startedAtOnce = 50
/** After the last deadline; whatever has not fired by then is missed. */
const patienceMs = 120_000

const whole = { type: 'string' } as const
const { values } = parseArgs({ options: { orders: whole, seconds: whole, lead: whole } })
const count = Number(values.orders ?? 10_000)
const spreadMs = Number(values.seconds ?? 60) * 1000
const leadMs = Number(values.lead ?? Math.ceil(count / 15) + 15) * 1000
if (![count, spreadMs, leadMs].every(number => Number.isInteger(number) && number > 0)) {
  console.error('usage: node bench/deadlines.ts [--orders 10000] [--seconds 60] [--lead S]')
  process.exit(2)
}

const processes = loadProcesses(join(root, 'processes'))
const definitions = new Map<string, CompiledDefinition>()
const program = await findTemporal({ dataFolder: join(root, '.nolimbo') })
const server = await startTemporal({ executable: program.path, port: 0, uiPort: 'none', onLine: () => {} })
const store = await openStore({ dataFolder: 'memory://' })
const worker = await startWorker(
  { access: { address: server.address }, namespace: server.namespace, taskQueue },
  {
    store,
    connectors: { operations: () => ({}), call: async () => ({ ok: true, result: {} }) },
    directory: () => processes.directory,
    exceptions: processes.exceptions,
    definition: async ({ id }) => definitions.get(id)!,
  },
)
const connection = await Connection.connect({ address: server.address })
try {
  const client = new Client({ connection, namespace: server.namespace })
  const firstMs = Date.now() + leadMs
  for (let index = 0; index < count; index += startedAtOnce) {
    const batch = Array.from({ length: Math.min(startedAtOnce, count - index) }, (_, offset) => index + offset)
    await Promise.all(batch.map(number => place(client, number, firstMs + Math.floor((number / count) * spreadMs))))
  }
  const lastDueMs = await untilAllWait(store, firstMs)
  console.log(`${count} orders wait; the first deadline is ${((firstMs - Date.now()) / 1000).toFixed(1)} s away`)
  // Nobody reads while it is measured.
  await pause(lastDueMs - Date.now())
  const fired = (await lagsOf(store, lastDueMs + patienceMs)).sort((a, b) => a - b)
  const missed = count - fired.length
  const at = (share: number) =>
    `${Math.round(fired[Math.min(fired.length - 1, Math.floor(fired.length * share))] ?? 0)} ms`
  console.log(`${fired.length} fired within ${spreadMs / 1000} s of deadlines, ${missed} missed`)
  console.log(`lag p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`)
  process.exitCode = missed === 0 ? 0 : 1
} finally {
  await connection.close()
  await worker.stop()
  await store.close()
  await server.stop()
}

/** An order whose first rung falls due at that time, or in the second after it. */
async function place(client: Client, number: number, dueMs: number): Promise<void> {
  const orderNo = `D-${number}`
  const after = Math.max(1, Math.ceil((dueMs - Date.now()) / 1000))
  const definition = waiting(`deadline-${number}`, after)
  definitions.set(definition.id, definition)
  const customer = { id: 'c-1', name: 'Ada' }
  const money = { currency: 'CNY', exponent: 2, lines: [{ line: 1, sku: 'TEA', quantity: 1, unitPriceMinor: 100 }] }
  const order = { organisation, orderNo, customer, ...money, charges: [], attributes: {}, placedBy: 'shop' }
  const input = startInput(definition, order)
  await store.insertOrder({
    organisation,
    orderNo,
    contentHash: orderNo,
    content: order,
    processId: definition.id,
    processVersion: 1,
    startInput: input,
    placedBy: 'shop',
    customerId: customer.id,
    skus: ['TEA'],
    createdAt: new Date().toISOString(),
  })
  const workflowId = workflowIdOf(organisation, orderNo)
  await client.workflow.start(orderWorkflow, { workflowId, taskQueue, args: [input] })
}

function waiting(id: string, after: number): CompiledDefinition {
  const ladder = [
    { after: `${after}s!`, remind: 'owner' },
    { after: '3d', fallback: 'review' },
  ]
  const review = { owner: 'role:order-desk', ladder: [{ after: '4h', escalate: 'role:ops-manager', every: '1d' }] }
  const step = { id: 'look', kind: 'task', status: 'pending_stock', owner: 'role:finance', ladder }
  const title = { en: 'Deadline', zh: '时限' }
  const base = { process: id, version: 1, title, owner: 'zhao', calendar: 'wall-clock', flow: 'none' }
  return compileDefinition(definitionSchema.parse({ ...base, review, steps: [step] }), processes.calendars)
}

/** The last deadline, once every order has come to its wait. @throws Error if some come too late to be measured */
async function untilAllWait(store: Store, firstMs: number): Promise<number> {
  for (;;) {
    const due = (await ladders(store)).map(({ dueMs }) => dueMs)
    if (Date.now() >= firstMs) throw new Error(`only ${due.length} of ${count} orders wait in time: give more --lead`)
    if (due.length === count) return Math.max(...due)
    await pause(2000)
  }
}

/** How late each rung fired, by the journals, once all have or the time is up. */
async function lagsOf(store: Store, untilMs: number): Promise<number[]> {
  for (;;) {
    const lags = (await ladders(store)).flatMap(({ dueMs, firedMs }) => (firedMs === undefined ? [] : firedMs - dueMs))
    if (lags.length === count || Date.now() > untilMs) return lags
    await pause(5000)
  }
}

/** Of every order that has come to its wait: when its rung is due, and when it fired. */
async function ladders(store: Store): Promise<{ readonly dueMs: number; readonly firedMs: number | undefined }[]> {
  const found = []
  for await (const { events } of store.journals({ organisation })) {
    const clock = events.find(({ type }) => type === 'step.entered')?.data.clock as { dueAt: string } | undefined
    const fired = events.find(({ type }) => type === 'rung.fired')
    if (clock !== undefined) found.push({ dueMs: Date.parse(clock.dueAt), firedMs: fired && Date.parse(fired.at) })
  }
  return found
}
