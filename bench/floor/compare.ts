import { setTimeout as pause } from 'node:timers/promises'
import type { Captured, Contender } from './contender.ts'
import { type Cost, costOfHistory } from './cost-of-history.ts'
import { type CpuUse, cpuSince } from './cpu-meter.ts'

export interface Measured {
  readonly name: string
  readonly cost: Cost
  /** Of each round, orders a second. */
  readonly throughput: readonly number[]
  /** Of every order, from start to end without the waits that were made on purpose. */
  readonly latencyMs: readonly number[]
  /** Of each round, milliseconds an order. */
  readonly cpu: readonly CpuUse[]
  /** Of the client to the server, an order. */
  readonly clientCalls: number
}

/** What is read before and after each round. */
export interface Meters {
  readonly cpu: () => CpuUse
  readonly clientCalls: () => number
}

export interface Extent {
  readonly rounds: number
  readonly orders: number
  readonly atOnce: number
}

/** Between an order's being ready and the next word of the outside world, so that it really waits. */
export const waitMs = { counted: 2_500, timed: 400 } as const
const countedOrders = 6

/** Warm, alternately, every round in another order. */
export async function compare(
  contenders: readonly Contender[],
  captured: Captured,
  { rounds, orders, atOnce }: Extent,
  meters: Meters,
): Promise<Measured[]> {
  const costs = new Map<Contender, Cost>()
  for (const contender of contenders) costs.set(contender, await count(contender, captured))
  const throughput = new Map(contenders.map(contender => [contender, [] as number[]]))
  const latencyMs = new Map(contenders.map(contender => [contender, [] as number[]]))
  const cpu = new Map(contenders.map(contender => [contender, [] as CpuUse[]]))
  const clientCalls = new Map<Contender, number>()
  for (let round = 0; round < rounds; round += 1) {
    const turn = round % contenders.length
    for (const contender of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
      const numbers = Array.from({ length: orders }, (_, index) => `${numberOf(contender)}-${round}-${index}`)
      const begun = performance.now()
      const before = { cpu: meters.cpu(), calls: meters.clientCalls() }
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
            latencyMs.get(contender)!.push((await play(contender, captured, number, waitMs.timed)).ms)
          }
        }),
      )
      throughput.get(contender)!.push((orders * 1000) / (performance.now() - begun))
      cpu.get(contender)!.push(perOrder(cpuSince(before.cpu, meters.cpu()), orders))
      clientCalls.set(contender, (clientCalls.get(contender) ?? 0) + meters.clientCalls() - before.calls)
    }
  }
  return contenders.map(contender => ({
    name: contender.name,
    cost: costs.get(contender)!,
    throughput: throughput.get(contender)!,
    latencyMs: latencyMs.get(contender)!,
    cpu: cpu.get(contender)!,
    clientCalls: (clientCalls.get(contender) ?? 0) / (rounds * orders),
  }))
}

function perOrder({ worker, server, database }: CpuUse, orders: number): CpuUse {
  return { worker: worker / orders, server: server / orders, database: database / orders }
}

function numberOf({ name }: Contender): string {
  return name.replaceAll(' ', '-')
}

/** The cheapest of a few: where two things fall into one workflow task or into two depends on the machine. */
export async function count(contender: Contender, captured: Captured, again = ''): Promise<Cost> {
  const numbers = Array.from({ length: countedOrders }, (_, index) => `${numberOf(contender)}-count${again}-${index}`)
  const costs = await Promise.all(
    numbers.map(async number => costOfHistory((await play(contender, captured, number, waitMs.counted)).handle)),
  )
  return costs.sort((a, b) => a.events - b.events)[0]!
}

export async function play(contender: Contender, captured: Captured, orderNo: string, restMs: number) {
  const begun = performance.now()
  const handle = await contender.start(orderNo)
  await pause(restMs)
  await contender.approve(orderNo)
  await captured.of(orderNo)
  await pause(restMs)
  await contender.deliver(orderNo)
  await handle.result()
  return { handle, ms: performance.now() - begun - 2 * restMs }
}
