import { readdirSync, readFileSync } from 'node:fs'

/** Of one process, read from Linux's /proc. */
export interface ProcessUse {
  readonly rssMb: number
  readonly handles: number
  readonly threads: number
}

export function processUse(pid: number): ProcessUse {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  return {
    rssMb: number('VmRSS') / 1024,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    threads: number('Threads'),
  }
}
