import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Milliseconds of CPU that each part has used so far. */
export interface CpuUse {
  /** This process: worker and client. */
  readonly worker: number
  readonly server: number
  /** 0 where it is part of the other two. */
  readonly database: number
}

export interface MeasuredProcesses {
  readonly serverPid: number
  readonly databasePid?: number
}

/** Of Linux: a hundredth of a second. */
const tickMs = 10

/** Of a machine without /proc only this process is known. */
export function cpuUse({ serverPid, databasePid }: MeasuredProcesses): CpuUse {
  const { user, system } = process.cpuUsage()
  return {
    worker: (user + system) / 1000,
    server: existsSync('/proc/self/stat') ? ticksOf(serverPid).own * tickMs : 0,
    database: databasePid === undefined ? 0 : familyMs(databasePid),
  }
}

export function cpuSince(before: CpuUse, now: CpuUse): CpuUse {
  return {
    worker: now.worker - before.worker,
    server: now.server - before.server,
    database: now.database - before.database,
  }
}

/** Milliseconds of CPU that one process has used. */
export function processMs(pid: number): number {
  return ticksOf(pid).own * tickMs
}

/** PostgreSQL is a process for each connection, all of them children of one that counts those that have ended. */
export function familyMs(pid: number): number {
  const { own, endedChildren } = ticksOf(pid)
  let sum = own + endedChildren
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const child = ticksOf(Number(name))
      if (child.parent === pid) sum += child.own
    } catch {
      // Ended meanwhile.
    }
  }
  return sum * tickMs
}

function ticksOf(pid: number): { readonly parent: number; readonly own: number; readonly endedChildren: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // A program's name may hold spaces and brackets; what follows it counts from the state, the third field.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const field = (number: number) => Number(fields[number - 3])
  return { parent: field(4), own: field(14) + field(15), endedChildren: field(16) + field(17) }
}
