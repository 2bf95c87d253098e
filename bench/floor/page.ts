import { cpus, loadavg, totalmem } from 'node:os'
import type { Extent, Measured } from './compare.ts'

export interface Setting {
  readonly command: string
  readonly server: string
  readonly store: string
  readonly sdk: string
  readonly extent: Extent
}

/** docs/benchmarks.md: written by the command, ratios first. The first one measured is what the others are held against. */
export function benchmarksPage(setting: Setting, measured: readonly Measured[]): string {
  const [floor] = measured
  if (floor === undefined) throw new RangeError('nothing was measured')
  const { extent } = setting
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const of = (value: number, base: number) => (value / base).toFixed(2)
  const ratios = measured.map(({ name, cost, throughput, latencyMs }) =>
    row([
      name,
      of(cost.events, floor.cost.events),
      of(cost.tasks, floor.cost.tasks),
      of(cost.actions, floor.cost.actions),
      of(cost.bytes, floor.cost.bytes),
      of(quantile(throughput, 0.5), quantile(floor.throughput, 0.5)),
      of(quantile(latencyMs, 0.5), quantile(floor.latencyMs, 0.5)),
    ]),
  )
  const figures = measured.map(({ name, cost, throughput, latencyMs }) =>
    row([
      name,
      cost.events,
      cost.tasks,
      cost.actions,
      cost.bytes,
      `${quantile(throughput, 0.5).toFixed(1)} (${Math.min(...throughput).toFixed(1)} to ${Math.max(...throughput).toFixed(1)})`,
      ...[0.5, 0.95, 0.99].map(part => quantile(latencyMs, part).toFixed(0)),
    ]),
  )
  return `# Benchmarks

Written by \`${setting.command}\`; no figure here is typed by hand.

An order of the sales process with everything on (approval, authorise, reserve, ship, capture, signing; journal, matrix, notices, search attributes), and the shortest hand-written workflow of the same steps and waits with none of that ([bench/floor/floor-workflow.ts](../bench/floor/floor-workflow.ts)). Each really waits for its approval and for its delivery, and both have outside systems that answer at once. \`floorOfLocalActivities\` is the same on local activities: unsafe, since a call is made before its cause is in the history, but the limit.

## Against the floor

| | events | workflow tasks | billable actions | bytes | throughput | latency p50 |
|---|---|---|---|---|---|---|
${ratios.join('\n')}

## What was measured

| | events | workflow tasks | billable actions | bytes of history | orders a second, median (range) | p50 ms | p95 ms | p99 ms |
|---|---|---|---|---|---|---|---|---|
${figures.join('\n')}

Events, workflow tasks, billable actions (counted as Temporal Cloud does) and bytes are those of one order, the cheapest of three: they do not depend on how fast or busy the machine is. Throughput and latency do: alternately in one run, warm, ${extent.rounds} rounds of ${extent.orders} orders, ${extent.atOnce} at once; latency is from the start to the end of an order less the waits made on purpose.

- Server: ${setting.server}; store: ${setting.store}
- SDK: ${setting.sdk}; Node ${process.version}
- Machine: ${cpus().length} cores, ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB; load ${loadavg()[1]!.toFixed(1)} over five minutes: where that is more than the cores, other work had its share, and throughput and latency say little
- Date: ${new Date().toISOString().slice(0, 10)}
`
}

/** Of the values, in order, the one that this part of them does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]!
}
