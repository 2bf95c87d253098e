import { quantile, table } from '../page/figures.ts'
import { surroundings } from '../page/surroundings.ts'
import type { Section } from '../page/write-section.ts'
import type { Extent, Measured } from './compare.ts'
import type { CpuUse } from './cpu-meter.ts'

export interface Setting {
  readonly command: string
  /** Of the section that this setting has. */
  readonly title: string
  readonly server: string
  readonly store: string
  readonly extent: Extent
}

const what = `An order of the sales process with everything on (approval, authorise, reserve, ship, capture, signing; journal, matrix, notices, search attributes), and the shortest hand-written workflow of the same steps and waits with none of that ([bench/floor/floor-workflow.ts](../bench/floor/floor-workflow.ts)). Each really waits for its approval and for its delivery, and both have outside systems that answer at once. \`floorOfLocalActivities\` is the same on local activities: unsafe, since a call is made before its cause is in the history, but the limit. Where the events go, and what was tried: [ADR 0021](adr/0021-what-an-order-costs.md).

Events, workflow tasks, billable actions (counted as Temporal Cloud does) and bytes are those of one order, the cheapest of six: they do not depend on how fast or busy the machine is. The rest does: measured alternately in one run, warm. Latency is from the start to the end of an order less the waits made on purpose. CPU is milliseconds an order; \`worker\` is the worker and the client that sends the orders.`

/** Ratios first; the first one measured is what the others are held against. */
export function comparisonSection(setting: Setting, measured: readonly Measured[]): Section {
  const [floor] = measured
  if (floor === undefined) throw new RangeError('nothing was measured')
  const { extent, title, command, server, store } = setting
  const of = (value: number, base: number) => (value / base).toFixed(2)
  const ratios = measured.map(({ name, cost, throughput, latencyMs, cpu }) => [
    name,
    of(cost.events, floor.cost.events),
    of(cost.tasks, floor.cost.tasks),
    of(cost.actions, floor.cost.actions),
    of(cost.bytes, floor.cost.bytes),
    of(quantile(throughput, 0.5), quantile(floor.throughput, 0.5)),
    of(quantile(latencyMs, 0.5), quantile(floor.latencyMs, 0.5)),
    of(total(cpu), total(floor.cpu)),
  ])
  const counts = measured.map(({ name, cost, clientCalls }) => [
    ...[name, cost.events, cost.tasks, cost.actions, cost.bytes],
    clientCalls.toFixed(1),
  ])
  const timed = measured.map(({ name, throughput, latencyMs, cpu }) => [
    name,
    `${quantile(throughput, 0.5).toFixed(1)} (${Math.min(...throughput).toFixed(1)} to ${Math.max(...throughput).toFixed(1)})`,
    ...[0.5, 0.95, 0.99].map(part => quantile(latencyMs, part).toFixed(0)),
    ...(['worker', 'server', 'database'] as const).map(part => middle(cpu, part).toFixed(0)),
  ])
  const text = `Against the floor:

${table(['', 'events', 'workflow tasks', 'billable actions', 'bytes', 'throughput', 'latency p50', 'CPU'], ratios)}

${what}

An order:

${table(['', 'events', 'workflow tasks', 'billable actions', 'bytes of history', 'client calls'], counts)}

${table(['', 'orders a second, median (range)', 'p50 ms', 'p95 ms', 'p99 ms', 'CPU worker', 'CPU server', 'CPU database'], timed)}

${surroundings({ server, store, extent: `${extent.rounds} rounds of ${extent.orders} orders, ${extent.atOnce} at once` })}`
  return { title, command, text }
}

function middle(cpu: readonly CpuUse[], part: keyof CpuUse): number {
  return quantile(
    cpu.map(use => use[part]),
    0.5,
  )
}

function total(cpu: readonly CpuUse[]): number {
  return quantile(
    cpu.map(({ worker, server, database }) => worker + server + database),
    0.5,
  )
}
