import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Which process is meant, even after its pid has been given to another one.
 * `startMark` is opaque text: when the process was started, as exactly as the system tells (Linux: boot and clock tick).
 */
export type ProcessIdentity = { readonly pid: number; readonly startMark: string }

export type LivingProcess = ProcessIdentity & { readonly parentPid: number; readonly program: string }

/** The process that has this pid now; undefined when there is none, or only a zombie that nobody has collected yet. */
export const livingProcess = (pid: number): LivingProcess | undefined =>
  process.platform === 'linux' ? livingProcessFromProc(pid) : livingProcessFromPs(pid)

/** True only while the very process that was identified lives. */
export const isAlive = (identity: ProcessIdentity): boolean =>
  livingProcess(identity.pid)?.startMark === identity.startMark

/** Linux. Fields of /proc/<pid>/stat: see proc_pid_stat(5). */
const livingProcessFromProc = (pid: number): LivingProcess | undefined => {
  const stat = readProc(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The program's name stands in brackets and may itself hold brackets and blanks.
  const program = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, parentPid, startTick] = [fields[0]!, fields[1]!, fields[19]!]
  if (isDeadState(state)) return undefined
  // Ticks count from the boot, so the boot belongs to the mark.
  const boot = readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown-boot'
  return { pid, startMark: `${boot}/${startTick}`, parentPid: Number(parentPid), program }
}

const readProc = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Any system with a POSIX `ps`; exact to the second. */
export const livingProcessFromPs = (pid: number): LivingProcess | undefined => {
  const args = ['-o', 'lstart=', '-o', 'ppid=', '-o', 'stat=', '-o', 'comm=', '-p', String(pid)]
  const { stdout } = spawnSync('ps', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  const match = /^\s*(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d{4})\s+(\d+)\s+(\S+)\s+(.*?)\s*$/.exec(stdout ?? '')
  if (match === null) return undefined
  const [startMark, parentPid, state, command] = [match[1]!, match[2]!, match[3]!, match[4]!]
  if (isDeadState(state)) return undefined
  return { pid, startMark, parentPid: Number(parentPid), program: command.split('/').at(-1)! }
}

const isDeadState = (state: string): boolean => state.startsWith('Z') || state.startsWith('X')
