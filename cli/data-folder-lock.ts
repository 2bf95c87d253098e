import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { isAlive, livingProcess } from './process-identity.ts'

const SQLITE_BUSY = 5

const holderSchema = z.object({ pid: z.number().int().positive(), startMark: z.string(), since: z.string() })

export type DataFolderLock = { readonly release: () => void }

// A lock whose database object were collected as garbage would be gone.
const held = new Set<DatabaseSync>()

/**
 * Takes the data folder for this process alone. The kernel holds the lock (SQLite's, on `lock.db`): it ends with the process,
 * however that dies, and holds between containers that share the folder. `holder.json` only says whom to name in a refusal.
 * @throws if another process has it, naming that process
 */
export const lockDataFolder = (dataFolder: string): DataFolderLock => {
  mkdirSync(dataFolder, { recursive: true })
  const database = new DatabaseSync(join(dataFolder, 'lock.db'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    throw new Error(refusal(dataFolder))
  }
  held.add(database)
  const { pid, startMark } = livingProcess(process.pid)!
  const since = new Date().toISOString()
  writeFileSync(join(dataFolder, 'holder.json'), `${JSON.stringify({ pid, startMark, since })}\n`)
  return {
    release: () => {
      if (held.delete(database)) database.close()
    },
  }
}

const refusal = (dataFolder: string): string => {
  const holder = readHolder(dataFolder)
  const who = holder === undefined ? 'another process, perhaps of another container' : `process ${holder.pid}`
  const since = holder === undefined ? '' : ` since ${holder.since}`
  const howToEnd = holder === undefined ? 'End it first' : `End it first (kill ${holder.pid})`
  return `nolimbo is already running on the data folder ${resolve(dataFolder)}: ${who} has it${since}. ${howToEnd}, or set NOLIMBO_DATA to another folder.`
}

const readHolder = (dataFolder: string): z.infer<typeof holderSchema> | undefined => {
  try {
    const holder = holderSchema.parse(JSON.parse(readFileSync(join(dataFolder, 'holder.json'), 'utf8')))
    return isAlive(holder) ? holder : undefined
  } catch {
    return undefined
  }
}
