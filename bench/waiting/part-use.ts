import { familyMs, processMs } from '../floor/cpu-meter.ts'
import { processUse } from '../installation/process-use.ts'
import type { Installation } from '../installation/start-installation.ts'

/** Milliseconds of CPU that each part of an installation has used so far. */
export interface PartsCpu {
  readonly worker: number
  readonly api: number
  readonly server: number
  readonly database: number
}

export const partNames = ['worker', 'api', 'server', 'database'] as const

export function partsCpu({ parts, pids }: Installation): PartsCpu {
  return {
    worker: processMs(parts.worker.pid),
    api: processMs(parts.api.pid),
    server: processMs(pids.server),
    database: familyMs(pids.database),
  }
}

export function cpuBetween(before: PartsCpu, after: PartsCpu): PartsCpu {
  return Object.fromEntries(partNames.map(name => [name, after[name] - before[name]])) as unknown as PartsCpu
}

export function sumOf(cpu: PartsCpu): number {
  return partNames.reduce((sum, name) => sum + cpu[name], 0)
}

export interface PartsMemory {
  readonly workerMb: number
  readonly apiMb: number
  readonly serverMb: number
}

export function partsMemory({ parts, pids }: Installation): PartsMemory {
  return {
    workerMb: processUse(parts.worker.pid).rssMb,
    apiMb: processUse(parts.api.pid).rssMb,
    serverMb: processUse(pids.server).rssMb,
  }
}
