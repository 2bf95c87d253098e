import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FolderInUse } from '../store-error.ts'

const sqliteBusy = 5

/** A lock that nobody refers to would be collected as garbage, and be gone. */
const held = new Set<DatabaseSync>()

/**
 * Holds a folder for this process until the returned function is called, or the process ends in any way.
 *
 * It is a lock of the operating system, which Node itself offers only through its SQLite (an exclusive transaction
 * that is never committed): nothing to go stale after kill -9, and no process id to be mistaken for another's.
 * The pid beside it only names the holder.
 * @throws FolderInUse
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true })
  const pidFile = join(folder, 'holder.pid')
  const lock = new DatabaseSync(join(folder, 'lock'))
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode === sqliteBusy) throw new FolderInUse(folder, readPid(pidFile))
    throw error
  }
  held.add(lock)
  writeFileSync(pidFile, String(process.pid))
  return () => {
    if (!held.delete(lock)) return
    rmSync(pidFile, { force: true })
    lock.close()
  }
}

function readPid(pidFile: string): number | null {
  try {
    return Number.parseInt(readFileSync(pidFile, 'utf8'), 10) || null
  } catch {
    return null
  }
}
