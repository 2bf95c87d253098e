import { setTimeout as pause } from 'node:timers/promises'
import type { Installation } from '../installation/start-installation.ts'
import type { CostBeside } from './cost-beside.ts'
import { cpuBetween, type PartsCpu, type PartsMemory, partsCpu } from './part-use.ts'

/** What was measured while so many orders waited. */
export interface Level {
  readonly waiting: number
  /** How fast the last of them came to their wait; null: none came. */
  readonly aSecond: number | null
  /** Milliseconds of CPU a second while nothing was asked of anybody. */
  readonly idle: PartsCpu
  readonly memory: PartsMemory
  readonly beside: CostBeside
}

/** What was under way when the last order came to its wait. */
const settleMs = 5_000

export async function idleUse(installation: Installation, seconds: number): Promise<PartsCpu> {
  await pause(settleMs)
  const before = partsCpu(installation)
  await pause(seconds * 1000)
  const used = cpuBetween(before, partsCpu(installation))
  return {
    worker: used.worker / seconds,
    api: used.api / seconds,
    server: used.server / seconds,
    database: used.database / seconds,
  }
}
