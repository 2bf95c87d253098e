import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { endProcesses } from './end-processes.ts'
import { isAlive, livingProcess } from './process-identity.ts'

const processSchema = z.object({ name: z.string(), pid: z.number().int().positive(), startMark: z.string() }).readonly()
const runningSchema = z.object({ processes: z.array(processSchema).readonly() })

/** A process that `npm start` started, as `running.json` in the data folder remembers it. */
export type RunningProcess = z.infer<typeof processSchema>

/** The record of what is running. Only the holder of the data folder's lock may write it. */
export type RunningRecord = {
  readonly add: (name: string, pid: number) => void
  readonly remove: (pid: number) => void
}

const LEFTOVER_GRACE_MS = 5_000

const fileOf = (dataFolder: string): string => join(dataFolder, 'running.json')

/** What the last start recorded; a file that is missing or unreadable records nothing. */
export const readRunning = (dataFolder: string): readonly RunningProcess[] => {
  try {
    return runningSchema.parse(JSON.parse(readFileSync(fileOf(dataFolder), 'utf8'))).processes
  } catch {
    return []
  }
}

const writeRunning = (dataFolder: string, processes: readonly RunningProcess[]): void => {
  const file = fileOf(dataFolder)
  writeFileSync(`${file}.new`, `${JSON.stringify({ processes }, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

/** Starts a new, empty record: call `endLeftovers` first. */
export const startRunningRecord = (dataFolder: string): RunningRecord => {
  let processes: readonly RunningProcess[] = []
  const set = (next: readonly RunningProcess[]): void => {
    processes = next
    writeRunning(dataFolder, processes)
  }
  mkdirSync(dataFolder, { recursive: true })
  set([])
  return {
    add: (name, pid) => {
      const living = livingProcess(pid)
      if (living !== undefined) set([...processes, { name, pid, startMark: living.startMark }])
    },
    remove: pid => set(processes.filter(process => process.pid !== pid)),
  }
}

/**
 * Ends what an earlier start left behind because it and its guardians were killed: exactly the recorded processes
 * (same pid and same start), never one that only inherited the pid.
 * @returns those that were still alive, now ended
 */
export const endLeftovers = async (dataFolder: string): Promise<readonly RunningProcess[]> => {
  const leftovers = readRunning(dataFolder).filter(isAlive)
  await endProcesses(leftovers, LEFTOVER_GRACE_MS)
  return leftovers
}
